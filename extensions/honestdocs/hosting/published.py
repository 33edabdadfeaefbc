"""Where a path of the published site is found: the site, its versions, its previews.

Owns the addresses of editions, and of what is served beside them. Must not serve anything.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from honestdocs.hosting.home import Home

BESIDE = ("versions", "previews")
"""The first part of the address of an edition that stands beside the site."""
MERCURIAL, EDITOR = "/hg", "/edit"
"""Where the site has what is no page; ``glue/web.py`` tells the first too."""


def place(home: Home, path: str) -> tuple[Path, str]:
    """The folder that a path belongs to, and what is left of the path in it."""
    if path == "versions.json":
        return home.beside, path
    kind, _, rest = path.lstrip("/").partition("/")
    name, slash, inside = rest.partition("/")
    quoted = quote(name, safe="")
    folder = home.folder / kind / quoted / "current"
    plain = name and not name.startswith(".")
    if kind in BESIDE and plain and folder.is_dir():
        return folder, inside if slash else ""
    return home.current, path
