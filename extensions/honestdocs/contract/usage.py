"""Which documented texts the requests of a page send, and where.

Owns the evidence that a value is made up by the server: no request has sent it before it is
shown, and a later one uses it. Must not know comparisons.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from honestdocs.contract.example import Request
from honestdocs.contract.path import path_of
from honestdocs.contract.word import find_word

_OPAQUE = re.compile(r"[\w.~-]+$")


def request_text(request: Request | None) -> str:
    """All texts of a documented request that may hold values, in lines."""
    if request is None:
        return ""
    headers = "\n".join(header.value for header in request.headers)
    return f"{request.target}\n{headers}\n{request.body}"


class Uses:
    """The requests of a page, in order; ``at`` gives what is known at one of them."""

    def __init__(self, requests: Sequence[Request | None]) -> None:
        self._requests = tuple(requests)
        self._texts = tuple(map(request_text, requests))

    def at(self, position: int) -> Usage:
        """The usage as seen from one exchange."""
        return Usage(uses=self, position=position)

    def earlier(self, position: int) -> str:
        """What the requests up to a position send, its own included."""
        return "\n".join(self._texts[: position + 1])

    def later(self, position: int) -> str:
        """What the requests after a position send."""
        return "\n".join(self._texts[position + 1 :])

    def own(self, position: int) -> str:
        """What the request at a position sends."""
        return self._texts[position]

    def later_segments(self, position: int) -> frozenset[str]:
        """The path segments of the requests after a position."""
        paths = (path_of(r.target) for r in self._requests[position + 1 :] if r is not None)
        return frozenset(segment for path in paths for segment in path.split("/"))


@dataclass(frozen=True, slots=True)
class Usage:
    """How a page uses texts, as seen from one of its exchanges."""

    uses: Uses
    position: int

    def generated(self, text: str) -> bool:
        """Whether a text is an identifier that the server made up, as far as the page shows.

        A number alone never is, since any count may equal it; a text without digits only
        where a later request has it as a whole segment of its path.
        """
        bare = text.strip('"')
        if len(bare) < 2 or bare.isdigit() or not _OPAQUE.match(bare):  # noqa: PLR2004 - one character names nothing
            return False
        wordy = not any(char.isdigit() for char in bare)
        if wordy and bare not in self.uses.later_segments(self.position):
            return False
        later, earlier = self.uses.later(self.position), self.uses.earlier(self.position)
        return holds(later, bare) and not holds(earlier, bare)

    def sent(self, text: str) -> bool:
        """Whether the exchange's own request sends a text: then it is the client's choice."""
        return holds(self.uses.own(self.position), text)

    def known(self, text: str) -> bool:
        """Whether a request up to here sends a text: then it is no value that a server made."""
        return holds(self.uses.earlier(self.position), text)


def holds(whole: str, text: str) -> bool:
    """Whether a text stands in a longer one, and is not part of a word there."""
    return find_word(whole, text) >= 0


NOBODY = Uses((None,)).at(0)
"""The usage on a page without requests."""
