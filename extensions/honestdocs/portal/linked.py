"""A site whose folder is a link that is switched while it is served, with others beside it.

Owns which folder a path belongs to, asked anew for each. Must not know who switches the link.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from honestdocs.portal.site import Site

Place = Callable[[str], tuple[Path, str]]
"""The folder that a path belongs to, and what is left of the path in it."""


class LinkedSite(Site):
    """Serves each path from the folder that ``place`` names at that moment; ``extra`` goes into
    the pages of the site itself, not of those beside it.
    """

    def __init__(self, place: Place, extra: bytes = b"") -> None:
        self._place = place
        self._main, self._extra = place("")[0], extra
        super().__init__(self._main, extra)

    def locate(self, path: str) -> Path | None:
        """The file that a path means in the folder that is served now."""
        folder, rest = self._place(path)
        self.root = folder.resolve()
        self.extra = self._extra if folder == self._main else b""
        return super().locate(rest)
