"""Built pages that are kept for a while to be looked at: previews and differences.

Owns their folders: the page, its difference, and the images that only it has; whatever else it
shows is of the published site. Must not know who may look.
"""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lxml import etree, html

from honestdocs.hosting.editing.blocks import clean

DIFFERENCE = "-difference.html"
"""The name of a difference, in the folder of its page; no page can be called so."""
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
_MOST = 64
_BESIDE = ("_images", "_downloads")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The kept pages below ``folder``, each with a key; ``site`` is what they stand on."""

    folder: Path
    site: Path

    def place(self, key: str) -> Path:
        """The folder of a key."""
        return self.folder / key

    def put(self, key: str, built: Path, address: str) -> None:
        """Keeps a page that was built into a folder, and what of it the site has not."""
        place = self.place(key)
        page = place / address
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_bytes(harmless((built / address).read_bytes()))
        for name in _BESIDE:
            for file in sorted((built / name).rglob("*")):
                there = self.site / file.relative_to(built)
                if file.is_file() and not there.is_file():
                    target = place / file.relative_to(built)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(file, target)

    def put_difference(self, key: str, address: str, page: bytes) -> None:
        """Keeps a difference beside the address of its page."""
        place = (self.place(key) / address).with_name(DIFFERENCE)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(page)

    def find(self, key: str, path: str) -> Path | None:
        """The file of a path: of what is kept under a key, else of the site."""
        if not _KEY.fullmatch(key) or not self.place(key).is_dir():
            return None
        parts = path.split("/")
        if "\0" in path or "\\" in path or any(part.startswith(".") or not part for part in parts):
            return None
        for root in (self.place(key), self.site):
            real, top = (root / path).resolve(), root.resolve()
            if real.is_relative_to(top) and real.is_file():
                return real
        return None

    def prune(self) -> None:
        """Keeps the newest only."""
        if not self.folder.is_dir():
            return
        kept = sorted(self.folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        for path in kept[: max(0, len(kept) - _MOST)]:
            with suppress(OSError):
                shutil.rmtree(path)


def harmless(page: bytes) -> bytes:
    """A page that runs nothing and leads out of its frame only into a window of its own."""
    tree = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    clean(tree)
    for link in tree.iter("a"):
        if str(link.get("href", "")).startswith(("http:", "https:", "//", "/")):
            link.set("target", "_blank")
            link.set("rel", "noopener noreferrer")
    plain: bytes = etree.tostring(tree, encoding="utf-8", method="html")
    return b"<!DOCTYPE html>\n" + plain
