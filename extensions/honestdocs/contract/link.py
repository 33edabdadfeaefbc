"""Links of the documentation, and what was found out of them.

Owns the words (those of Sphinx's ``linkcheck``) and what a finding is made of. Must not know how a
link is read out of a page, nor how it is checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from honestdocs.contract.place import Place


class LinkKind(StrEnum):
    """What sort of thing a link leads to."""

    EXTERNAL = "external"
    INTERNAL = "internal"
    REFERENCE = "reference"
    DOWNLOAD = "download"
    IMAGE = "image"
    MAIL = "mail"


class LinkState(StrEnum):
    """How a link is; the words of Sphinx's ``linkcheck``."""

    WORKING = "working"
    BROKEN = "broken"
    REDIRECTED = "redirected"
    TIMEOUT = "timeout"
    RATE_LIMITED = "rate-limited"
    IGNORED = "ignored"
    UNCHECKED = "unchecked"


EXTERNAL = LinkKind.EXTERNAL
WORKING, BROKEN = LinkState.WORKING, LinkState.BROKEN
"""For code that runs for every link: to read a member from its class takes long."""

UNDECIDED = frozenset((LinkState.TIMEOUT, LinkState.RATE_LIMITED))
"""States that say nothing of the link: whoever was asked gave no answer."""


class Link(NamedTuple):
    """One link of a page: where it stands, what a reader clicks on, and where it leads.

    ``page`` is the page's name. ``target`` is what the author wrote; of a ``reference`` it is the
    role and its target, as in ``ref:quick-start``.
    """

    page: str
    place: Place
    kind: LinkKind
    target: str
    text: str = ""


class Verdict(NamedTuple):
    """What was found out of a target, wherever it is linked from.

    ``message`` is a phrase for a person; ``status`` the HTTP status, 0 where there was none;
    ``location`` where redirects ended, ``permanent`` whether all of them were; ``suggestion`` the
    likely mend, as the text to write in the target's place. ``cached`` tells that it was found out
    earlier, ``since`` when (seconds since the epoch) the target was first seen broken, 0 for never.
    """

    state: LinkState
    message: str = ""
    status: int = 0
    location: str = ""
    permanent: bool = False
    suggestion: str = ""
    cached: bool = False
    since: float = 0.0


class LinkFinding(NamedTuple):
    """A link with what was found out of it. ``url`` is the address of its page, where known."""

    link: Link
    verdict: Verdict
    url: str = ""

    @property
    def broken(self) -> bool:
        """Whether a reader who follows it is lost."""
        return self.verdict.state is LinkState.BROKEN

    @property
    def undecided(self) -> bool:
        """Whether it could not be checked."""
        return self.verdict.state in UNDECIDED

    @property
    def moved(self) -> bool:
        """Whether its target tells a new address for good."""
        return self.verdict.state is LinkState.REDIRECTED and self.verdict.permanent


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # nobody compares it
class LinkReport:
    """All links of a tree: ``root`` is the folder of the sources, relative to where one looks from.

    ``working`` counts links within the tree that lead somewhere and are no findings; ``requests``
    what was sent, ``targets`` the distinct external addresses; ``notes`` are sentences for a
    person. Times are seconds since the epoch.
    """

    root: str = ""
    findings: tuple[LinkFinding, ...] = ()
    working: int = 0
    targets: int = 0
    requests: int = 0
    notes: tuple[str, ...] = ()
    started: float = 0.0
    finished: float = 0.0

    def of(self, *states: LinkState) -> tuple[LinkFinding, ...]:
        """The findings in one of some states."""
        return tuple(found for found in self.findings if found.verdict.state in states)

    @property
    def exit_status(self) -> int:
        """1 where a link is broken, 3 where one could not be checked, else 0."""
        if any(found.broken for found in self.findings):
            return 1
        return 3 if any(found.undecided for found in self.findings) else 0
