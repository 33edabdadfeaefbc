"""A repository as the rest of the product sees it: the port, and the values that it speaks in.

Owns what a version control system has to offer. Must not know any of them: `mercurial.py` and
`git.py` are its adapters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeAlias


class RefKind(StrEnum):
    """What a name in a repository is."""

    BRANCH = "branch"
    TAG = "tag"
    BOOKMARK = "bookmark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """A name that stands for a changeset; ``public`` tells that it can no longer be rewritten."""

    name: str
    kind: RefKind
    node: str
    public: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Changeset:
    """One change: ``at`` in seconds since the epoch, ``zone`` in minutes east of Greenwich.

    ``files`` are the paths that it touched; ``copies`` are pairs of a new path and the one that
    it was copied or renamed from. Which files were ``added`` and ``removed`` is told by git only;
    Mercurial tells it as the lives of files.
    """

    node: str
    parents: tuple[str, ...]
    author: str
    at: int
    zone: int = 0
    summary: str = ""
    files: tuple[str, ...] = ()
    copies: tuple[tuple[str, str], ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


Life: TypeAlias = tuple[tuple[str, int, int], ...]
"""The versions of a file: the changeset that left each, and the versions that it follows.

Those are places in the same tuple, -1 for none: a version that follows none is a new life.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a file, and the changeset that it stems from."""

    node: str
    text: str


class Repository(Protocol):
    """What a version control system is asked. All nodes are full ids in hexadecimal.

    Paths are relative to the root of the repository, with ``/``. Whatever the tool refuses is
    raised as RepositoryError, a node that is not there as UnknownChangesetError.
    """

    @property
    def root(self) -> Path:
        """The folder of the repository."""

    @property
    def shallow(self) -> bool:
        """Whether its history was cut off when it was cloned."""

    def head(self, ref: str = "") -> str:
        """The node of a ref or of an abbreviated node; of what is checked out without one.

        Empty in a repository without changesets.
        """

    def refs(self) -> tuple[Ref, ...]:
        """All branches that are open, tags and bookmarks."""

    def log(self, head: str, since: str = "") -> Iterator[Changeset]:
        """The changesets of a head, without those of another one; parents come first."""

    def lives(self, paths: Iterable[str]) -> Mapping[str, Life]:
        """The lives of files, where the log itself does not tell removals."""

    def files(self, node: str) -> tuple[str, ...]:
        """The paths of a changeset's tree, in order."""

    def cat(self, node: str, path: str) -> bytes:
        """A file as it was at a changeset."""

    def annotate(self, node: str, path: str) -> tuple[Line, ...]:
        """The lines of a file, with where each comes from."""

    def diff(self, old: str, new: str, paths: Sequence[str] = ()) -> str:
        """The difference between two changesets, of some paths or of all, as git writes it."""

    def export(self, old: str, new: str, folder: Path) -> tuple[str, ...]:
        """Brings a folder that holds one tree to another; returns the paths that differ.

        Without an ``old`` one the folder is filled. Files that are the same keep their times.
        """

    def commit(self, base: str, path: str, content: bytes, *, user: str, message: str) -> str:
        """A new changeset on ``base`` in which one file differs; nothing is checked out."""

    def publish(self, node: str, *, user: str = "", ref: str = "") -> tuple[str, ...]:
        """Pushes a changeset to where this repository was cloned from; returns what it said.

        Raises RefusedError where the other side refuses it, and forgets the changeset then;
        OvertakenError where another one came first.
        """

    def update(self) -> None:
        """Fetches what is new where this repository was cloned from."""

    def close(self) -> None:
        """Ends whatever process is kept for it."""
