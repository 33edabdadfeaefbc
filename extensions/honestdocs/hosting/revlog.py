"""The index files of Mercurial's store: which changesets left a version of a file.

Owns what ``hg help internals.revlogs`` documents: entries of 64 bytes, of which only links,
parents and ids are read, and how a path is spelled in the store. ``hg log`` names the files of
a changeset without telling whether it changed or removed them, and to ask it for each would
cost a manifest. Whatever is not as expected here is left out: nothing else depends on it.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from honestdocs.hosting.repository import Life

_ENTRY = struct.Struct(">Qiiiiii20s12x")
_VERSION, _INLINE = 0xFFFF, 0x10000
_LONGEST = 120
_RESERVED = re.compile(r"(?:aux|con|prn|nul|com[1-9]|lpt[1-9])(?:\.|$)")
_ESCAPED = re.compile(rb'[\x00-\x1f\x7e-\xff\\:*?"<>|]')


def read_lives(store: Path, paths: Iterable[str]) -> Mapping[str, Life]:
    """The lives of files; one whose index cannot be read is left out."""
    changesets = [entry[3].hex() for entry in _entries(store / "00changelog.i")]
    found = {}
    for path in paths:
        name = stored_name(path)
        entries = list(_entries(store / name)) if name else []
        if entries and all(link < len(changesets) for link, *_ in entries):
            found[path] = tuple((changesets[entry[0]], *entry[1:3]) for entry in entries)
    return found


def _entries(path: Path) -> Iterator[tuple[int, int, int, bytes]]:
    """Link, parents and id of each revision."""
    try:
        data = path.read_bytes()
    except OSError:
        return
    if len(data) < _ENTRY.size or int.from_bytes(data[:4], "big") & _VERSION != 1:
        return
    inline = int.from_bytes(data[:4], "big") & _INLINE
    at = 0
    while at + _ENTRY.size <= len(data):
        _, size, _, _, link, first, second, node = _ENTRY.unpack_from(data, at)
        yield link, first, second, node
        at += _ENTRY.size + (size if inline else 0)


def stored_name(path: str) -> str:
    """Where the index of a file is below the store; empty where its name is kept as a hash."""
    *folders, last = path.split("/")
    folders = [f"{f}.hg" if f.endswith((".i", ".d", ".hg")) else f for f in folders]
    parts = ["data", *folders, f"{last}.i"]
    name = "/".join(_spelled(_folded(part)) for part in parts)
    return name if len(name) <= _LONGEST else ""


def _folded(part: str) -> str:
    """Capitals behind a ``_``, what a file system may not hold as a number."""
    shifted = re.sub("[A-Z_]", lambda found: f"_{found[0].lower()}", part)
    escaped = _ESCAPED.sub(lambda found: b"~%02x" % found[0][0], shifted.encode())
    return escaped.decode("ascii")


def _spelled(part: str) -> str:
    """Names that some systems reserve, and dots and blanks at either end, with a number."""
    if part[:1] in (".", " "):
        part = f"~{ord(part[0]):02x}{part[1:]}"
    elif _RESERVED.match(part):
        part = f"{part[:2]}~{ord(part[2]):02x}{part[3:]}"
    if part[-1:] in (".", " "):
        part = f"{part[:-1]}~{ord(part[-1]):02x}"
    return part
