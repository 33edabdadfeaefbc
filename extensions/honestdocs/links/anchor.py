"""Anchors of an HTML page: what a fragment can lead to.

Owns the reading of ids and names, and what counts as leading somewhere. Must not know how a page
was fetched.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from honestdocs.links.markup import anchors_of, tags, tags_with

_ALWAYS = re.compile(r"(?:top)?|:~:.*", re.IGNORECASE)
"""Fragments that every page has: its top (HTML standard), and a search for text."""
_BY_SCRIPT = re.compile(r"^(?:!|/)")
"""Fragments that a script of the page reads: routes of an application."""
_PREFIXES = ("user-content-",)
"""Put before an id by forges that show files of users."""


class Page:
    """The anchors of one page, read when they are first asked for."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._anchors: frozenset[str] | None = None

    @property
    def scripts(self) -> bool:
        """Whether the page runs any script: then an anchor may be made by one."""
        return "<script" in self._html or "<SCRIPT" in self._html

    @property
    def anchors(self) -> frozenset[str]:
        """All ids, and names of anchors."""
        if self._anchors is None:
            found = (anchors_of(name, written) for name, written in tags(self._html))
            self._anchors = frozenset(anchor for each in found for anchor in each)
        return self._anchors

    def _has(self, wanted: frozenset[str]) -> bool:
        """Whether one of some anchors is there: only tags that may hold it are taken apart."""
        if self._anchors is not None:
            return not wanted.isdisjoint(self._anchors)
        return any(
            not wanted.isdisjoint(anchors_of(name, written))
            for text in (*sorted(wanted, key=len), "&")
            for name, written in tags_with(text, self._html)
        )

    def find(self, fragment: str) -> bool | None:
        """Whether a fragment (decoded) leads to a place in the page; None where a script of the
        page speaks of it, and may make it.
        """
        if is_everywhere(fragment):
            return True
        wanted = frozenset((fragment, unquote(fragment), *(p + fragment for p in _PREFIXES)))
        if self._has(wanted):
            return True
        spoken = self.scripts and any(one in self._html for one in wanted)
        return None if spoken else False

    def nearest(self, fragment: str) -> str:
        """The anchor that is spelt most like a fragment, or the empty text."""
        return nearest(fragment, self.anchors)


def is_everywhere(fragment: str) -> bool:
    """Whether every page has the place that a fragment names."""
    return _ALWAYS.fullmatch(fragment) is not None


def is_route(fragment: str) -> bool:
    """Whether a fragment is read by a script rather than a place in the page."""
    return _BY_SCRIPT.match(fragment) is not None


def nearest(wanted: str, known: frozenset[str] | set[str]) -> str:
    """The known word that is spelt most like the wanted one, or the empty text."""
    from difflib import get_close_matches  # noqa: PLC0415 - most pages have what is looked for

    folded = {one.lower(): one for one in sorted(known)}
    found = get_close_matches(wanted.lower(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else ""
