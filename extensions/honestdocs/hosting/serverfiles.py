"""The server's own part of a tree: its ``conf.py``, and whatever else would run on the server.

Owns where they are looked for and what is written where there are none. Must not run them.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from honestdocs.hosting.pattern import matches
from honestdocs.hosting.settings import Settings

_FOLDERS = ("", "source/", "docs/", "doc/")
_ROOTS = ("index", "contents", "README", "readme")
_NAMED = b"honestdocs"
_ADDED = b"""

# Added by `honestdocs host init`: what makes the examples of the pages run.
extensions = [*globals().get("extensions", []), "sphinxcontrib.httpdomain", "honestdocs"]
"""
_MADE = '''\
"""The configuration of the hosted documentation: only the server's administrator changes it."""

project = {title!r}
extensions = ["sphinxcontrib.httpdomain", "honestdocs"]
root_doc = {root!r}
html_theme = {theme!r}
highlight_language = "none"

# The services that the examples of the pages are run against: see the guide, "Settings".
honestdocs_services = {{}}
'''


def server_files(tree: Mapping[str, bytes], *, title: str) -> dict[str, bytes]:
    """The files that the server keeps for itself out of a tree, with a ``conf.py`` in any case."""
    found = {path: text for path, text in tree.items() if matches(path, Settings().protected)}
    place = next((f"{f}conf.py" for f in _FOLDERS if f"{f}conf.py" in tree), "")
    if not place:
        folder, root = _sources(tree)
        theme = "furo" if find_spec("furo") else "alabaster"
        made = _MADE.format(title=title, root=root, theme=theme)
        return {**found, f"{folder}conf.py": made.encode()}
    if _NAMED not in found[place]:
        found[place] += _ADDED
    return found


def _sources(tree: Mapping[str, bytes]) -> tuple[str, str]:
    """The folder of the pages, and the page that readers come to first."""
    for folder in (*_FOLDERS[1:], ""):
        for root in _ROOTS:
            if f"{folder}{root}.rst" in tree:
                return folder, root
    return "", "index"


def lay(files: Mapping[str, bytes], folder: Path) -> None:
    """Writes files below a folder."""
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
