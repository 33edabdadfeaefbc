"""The folder of built pages, as answers to paths.

Owns which file a path means, its type, validator and compressed form, all remembered until the
file changes. Nothing outside the folder and no hidden file is ever given. Must not know how a
page came about.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from honestdocs.portal.markup import Page, rewrite

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".rst": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".inv": "application/octet-stream",
    ".woff2": "font/woff2",
    ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
}
_WORDY = ("text/", "application/json", "application/xml", "image/svg", "application/manifest")
_SMALLEST = 256
"""Below so many bytes compression saves nothing."""

MOST_KEPT = 32 * 1024 * 1024
"""Bytes of files that are kept in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file ready to be sent; ``packed`` is its gzip form, empty where that is no smaller."""

    content: bytes
    packed: bytes
    type: str
    etag: str

    @property
    def size(self) -> int:
        """Bytes that it takes in memory."""
        return len(self.content) + len(self.packed)


def make_asset(content: bytes, type_: str) -> Asset:
    """The asset of a content and its type."""
    wordy = type_.startswith(_WORDY) and len(content) >= _SMALLEST
    packed = gzip.compress(content, 6, mtime=0) if wordy else b""
    return Asset(
        content=content,
        packed=packed if len(packed) < len(content) else b"",
        type=type_,
        etag=hashlib.blake2b(content, digest_size=12).hexdigest(),
    )


def type_of(name: str) -> str:
    """The media type of a file by its name."""
    suffix = Path(name).suffix.lower()
    return _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


@dataclass(slots=True)
class Site:
    """The pages below ``root``; ``extra`` goes into the head of each."""

    root: Path
    extra: bytes = b""
    scripts: dict[str, bytes] = field(default_factory=dict)
    _kept: OrderedDict[Path, tuple[int, int, Asset]] = field(default_factory=OrderedDict)
    _size: int = 0

    def __post_init__(self) -> None:
        """Find the folder's real place, so that links out of it are known as such."""
        self.root = self.root.resolve()

    def find(self, path: str) -> Asset | None:
        """The asset of a decoded URL path, None where there is none."""
        file = self.locate(path)
        return None if file is None else self.load(file)

    def locate(self, path: str) -> Path | None:
        """The file that a path means: itself, its ``index.html``, or itself with ``.html``."""
        parts = [part for part in path.split("/") if part]
        if "\0" in path or "\\" in path or any(part.startswith(".") for part in parts):
            return None
        place = self.root.joinpath(*parts)
        for file in (place, place / "index.html", place.with_name(f"{place.name}.html")):
            try:
                real = file.resolve()
                if real.is_relative_to(self.root) and real.is_file():
                    return real
            except OSError:
                continue
        return None

    def is_folder(self, path: str) -> bool:
        """Whether a path without a slash at its end means the index of a folder."""
        file = self.locate(path)
        last = path.rpartition("/")[2]
        return bool(last) and file is not None and file.name == "index.html" != last

    def load(self, file: Path) -> Asset:
        """The asset of a file below the root, from memory where it has not changed."""
        facts = file.stat()
        known = self._kept.get(file)
        if known is not None and known[:2] == (facts.st_mtime_ns, facts.st_size):
            self._kept.move_to_end(file)
            return known[2]
        type_ = type_of(file.name)
        content = file.read_bytes()
        if type_.startswith("text/html"):
            content = self.prepare(content).html
        asset = make_asset(content, type_)
        self._keep(file, (facts.st_mtime_ns, facts.st_size, asset))
        return asset

    def prepare(self, html: bytes) -> Page:
        """A page fit to be sent; its inline scripts can be asked for from then on."""
        page = rewrite(html, self.extra)
        self.scripts.update(page.scripts)
        return page

    def _keep(self, file: Path, entry: tuple[int, int, Asset]) -> None:
        before = self._kept.pop(file, None)
        self._size -= before[2].size if before is not None else 0
        self._kept[file] = entry
        self._size += entry[2].size
        while self._size > MOST_KEPT and len(self._kept) > 1:
            _, (_, _, gone) = self._kept.popitem(last=False)
            self._size -= gone.size
