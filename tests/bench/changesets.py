"""A Mercurial repository with as many changesets and pages as wanted, out of nothing.

Owns a bundle of the oldest kind (``hg help internals.bundles``), written here and taken in by
``hg unbundle``: pages come one by one, most changesets edit a few of them, one in fifty renames
one, one in fifty is a merge. The same numbers give the same repository.
"""

from __future__ import annotations

import hashlib
import random
import struct
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from servers.mercurial import hg

NULL = b"\0" * 20
PEOPLE = tuple(f"Author {number} <author{number}@example.org>" for number in range(40))
LINE = len("source/d00/p00000.rst") + 42
_LONG = struct.Struct(">I")
_HUNK = struct.Struct(">III")
_BEGAN = 1_300_000_000


@dataclass(slots=True)
class History:
    """All revisions, as they come; each one's bytes are those of a bundle without its link."""

    chance: random.Random = field(default_factory=lambda: random.Random(6))  # noqa: S311 - the same tree each time
    names: list[str] = field(default_factory=list)
    manifest: bytearray = field(default_factory=bytearray)
    texts: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)
    pages: dict[str, list[tuple[bytes, int, bytes]]] = field(default_factory=dict)
    manifests: list[tuple[bytes, int, bytes]] = field(default_factory=list)
    changesets: list[tuple[bytes, int, bytes]] = field(default_factory=list)
    nodes: list[bytes] = field(default_factory=list)
    last: bytes = b""
    born: int = 0

    def grow(self, changesets: int, pages: int) -> None:
        """Makes all changesets."""
        every = max(1, changesets // (pages + 1))
        while len(self.nodes) < changesets:
            number = len(self.nodes)
            if number % every == 0 and self.born < pages:
                self.born += 1
                self._add(f"source/d{self.chance.randrange(100):02}/p{self.born:05}.rst")
            elif number % 50 == 13 and len(self.names) > 1:
                self._fork()
            elif number % 50 == 33 and len(self.names) > 1:
                self._rename()
            else:
                count = min(len(self.names), self.chance.choice((1, 1, 1, 2, 3)))
                self._edit(self.chance.sample(self.names, count))

    def _add(self, name: str, source: str = "") -> None:
        hunks = [self._placed(name, self._revision(name, source))]
        if source:
            at = bisect_left(self.names, source) * LINE
            hunks.append((at, at + LINE, b""))
        self._commit(hunks, [name, source] if source else [name])
        if source:
            self.names.remove(source)
        self.names.insert(bisect_left(self.names, name), name)

    def _rename(self) -> None:
        source = self.chance.choice(self.names)
        self.born += 1
        self._add(f"{source[:12]}{self.born:05}.rst", source)

    def _edit(self, names: Sequence[str]) -> None:
        self._commit([self._placed(name, self._revision(name)) for name in names], names)

    def _fork(self) -> None:
        """Two changesets on one, and their merge."""
        one, other = self.chance.sample(self.names, 2)
        tip = len(self.nodes) - 1
        at = bisect_left(self.names, one) * LINE
        before = bytes(self.manifest[at : at + LINE])
        changed = self._placed(one, self._revision(one))
        self._commit([changed], [one])
        back = (at, at + LINE, before)
        hunks = [back, self._placed(other, self._revision(other))]
        self._commit(hunks, [other], parents=(tip, -1))
        self._commit([changed], [], parents=(tip + 2, tip + 1))

    def _placed(self, name: str, node: bytes) -> tuple[int, int, bytes]:
        """Where the page's line goes in the manifest as it is."""
        line = f"{name}\0{node.hex()}\n".encode()
        at = bisect_left(self.names, name)
        there = at < len(self.names) and self.names[at] == name
        return at * LINE, (at + there) * LINE, line

    def _revision(self, name: str, source: str = "") -> bytes:
        number = len(self.nodes)
        parent, old = self.texts.get(name, (NULL, b""))
        meta = b""
        body = old.rpartition(b"\1\n")[2]
        if source:
            origin, text = self.texts[source]
            meta = f"\1\ncopy: {source}\ncopyrev: {origin.hex()}\n\1\n".encode()
            body = text.rpartition(b"\1\n")[2]
        body = (body or f"{name}\n{'=' * len(name)}\n".encode()) + b"Sentence %d.\n" % number
        text = meta + body
        node = _node(text, parent, NULL)
        delta = _HUNK.pack(0, len(old), len(text)) + text
        self.pages.setdefault(name, []).append((node + parent + NULL, number, delta))
        self.texts[name] = (node, text)
        return node

    def _commit(
        self,
        hunks: list[tuple[int, int, bytes]],
        touched: Sequence[str],
        parents: tuple[int, int] | None = None,
    ) -> None:
        number = len(self.nodes)
        first, second = parents or (number - 1, -1)
        delta = b""
        for start, end, line in sorted(hunks, reverse=True):
            self.manifest[start:end] = line
            delta = _HUNK.pack(start, end, len(line)) + line + delta
        ends = [self.manifests[at][0][:20] if at >= 0 else NULL for at in (first, second)]
        node = _node(self.manifest, *ends)
        self.manifests.append((node + ends[0] + ends[1], number, delta))
        author = PEOPLE[self.chance.randrange(len(PEOPLE))]
        head = [node.hex(), author, f"{_BEGAN + number * 600} 0", *sorted(touched)]
        text = "\n".join([*head, "", f"Change {number}: say it better"]).encode()
        above = [self.nodes[at] if at >= 0 else NULL for at in (first, second)]
        self.nodes.append(_node(text, *above))
        delta = _HUNK.pack(0, len(self.last), len(text)) + text
        self.changesets.append((self.nodes[-1] + above[0] + above[1], number, delta))
        self.last = text

    def bundle(self) -> Iterator[bytes]:
        """The bundle, in parts."""
        yield b"HG10UN"
        yield from self._group(self.changesets)
        yield from self._group(self.manifests)
        for name in sorted(self.pages):
            yield _LONG.pack(len(name) + 4) + name.encode()
            yield from self._group(self.pages[name])
        yield _LONG.pack(0)

    def _group(self, revisions: Sequence[tuple[bytes, int, bytes]]) -> Iterator[bytes]:
        for ids, number, delta in revisions:
            yield _LONG.pack(4 + 80 + len(delta)) + ids + self.nodes[number] + delta
        yield _LONG.pack(0)


def _node(text: bytes | bytearray, first: bytes, second: bytes) -> bytes:
    """Mercurial's id of a revision."""
    whole = hashlib.sha1(b"".join(sorted((first, second))), usedforsecurity=False)
    whole.update(text)
    return whole.digest()


def generate(folder: Path, changesets: int, pages: int) -> History:
    """Makes the repository, checked out at its tip."""
    history = History()
    history.grow(changesets, pages)
    folder.mkdir(parents=True)
    hg("init", folder=folder)
    bundle = folder.resolve() / ".hg" / "generated.hg"
    with bundle.open("wb") as file:
        file.writelines(history.bundle())
    hg("unbundle", "--quiet", str(bundle), folder=folder)
    bundle.unlink()
    hg("update", "--quiet", "-r", "tip", folder=folder)
    return history
