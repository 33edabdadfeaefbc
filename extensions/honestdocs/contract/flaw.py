"""What a build of a tree found wrong, and where.

Owns the values that pass between what builds a tree and what judges it. Must not know either.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FlawKind(StrEnum):
    """What is wrong: the page itself, its agreement with the service, or that nobody can tell.

    ``OUTSIDE`` is a page that takes in a file that is not of its tree: it may be shown to nobody.
    """

    BROKEN = "broken"
    LIE = "lie"
    UNCHECKED = "unchecked"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing that is wrong; ``line`` is 0 where it concerns a file as a whole."""

    path: str
    line: int
    message: str
    kind: FlawKind

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}" if place else self.message


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What came of a build: ``read`` are the source files of the pages that were read again.

    ``pages`` is how many pages were written, ``proven`` how many examples were run and passed.
    ``address`` is the file below the output of the page that was asked for; empty for no page.
    """

    flaws: tuple[Flaw, ...] = ()
    read: tuple[str, ...] = ()
    pages: int = 0
    proven: int = 0
    notes: tuple[str, ...] = ()
    address: str = ""
