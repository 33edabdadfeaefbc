"""The links of Markdown files, followed as a reader of the files would.

Must not know how the files came about.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

_FENCE = re.compile(r"^[> ]*(`{3,}).*?^[> ]*\1$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?:<([^>]*)>|([^)\s]*))\)")
_SLUG = re.compile(r"[^\w\- ]")


def broken_links(folder: Path) -> list[str]:
    """The links of all twins and overviews below a folder that lead to nothing."""
    found = []
    places: dict[Path, set[str]] = {}
    for file in [*sorted(folder.rglob("*.md")), folder / "llms.txt"]:
        for link in _LINK.finditer(_FENCE.sub("", file.read_text("utf-8"))):
            path, _, anchor = (link[1] or link[2]).partition("#")
            target = (file.parent / unquote(path)).resolve() if path else file
            if ":" in path:
                continue
            if not target.is_file():
                found.append(f"{file.relative_to(folder)}: {path}")
            elif anchor and target.suffix == ".md" and anchor not in anchors(target, places):
                found.append(f"{file.relative_to(folder)}: {path}#{anchor}")
    return found


def anchors(file: Path, known: dict[Path, set[str]]) -> set[str]:
    """What can be linked to in a file: anchors, and headings as GitHub names them."""
    if file not in known:
        text = _FENCE.sub("", file.read_text("utf-8"))
        heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
        slugs = {_SLUG.sub("", head.lower()).replace(" ", "-") for head in heads}
        known[file] = slugs | set(re.findall(r'<a id="([^"]*)">', text))
    return known[file]
