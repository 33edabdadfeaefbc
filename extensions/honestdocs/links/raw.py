"""Links as they are kept in Sphinx's environment: plain tuples, cheap to pickle.

Owns their form. Must not know Sphinx.
"""

from __future__ import annotations

from typing import NamedTuple

from honestdocs.contract.link import LinkKind


class Raw(NamedTuple):
    """One link of a page as it was read: ``line`` is that of its paragraph, and the link is the
    ``nth`` (from 0) in it with this target. ``fault`` tells what reading already found wrong;
    ``xref`` holds what a reference needs to be resolved.
    """

    kind: LinkKind
    target: str
    text: str
    file: str
    line: int
    nth: int = 0
    fault: str = ""
    xref: tuple[tuple[str, object], ...] = ()


class Index(NamedTuple):
    """What one page holds: its links, and the anchors that lead into it."""

    links: tuple[Raw, ...] = ()
    anchors: tuple[str, ...] = ()
