"""What a built tree documents, kept beside its outcomes for those who serve it.

Owns the file: a portal proves examples again without reading pages. Must not know Sphinx.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from honestdocs.contract.assembly import Contract, assemble
from honestdocs.contract.configuration import Service
from honestdocs.contract.outcome import Lie
from honestdocs.verification.errors import VerificationError

NAME = "honestdocs.contract"
"""The file's name; it lies beside the folder that a build writes."""


class SnapshotError(VerificationError):
    """A snapshot that is missing or another release's; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A tree as its last build read it: its pages, services, and titles by page.

    ``pages`` are packed as they were read, so that a build that read one of them anew need not
    pack the others again; ``bases`` are the base paths of the services, and ``lies`` those that
    were found by proving. It has no slots, so that the contract is assembled once.

    ``folder`` is where relative paths of services begin, ``sources`` where the pages are, and
    ``database`` where outcomes are kept, all three absolute.
    """

    pages: tuple[bytes, ...]
    bases: tuple[str, ...] = ()
    lies: tuple[Lie, ...] = ()
    services: tuple[Service, ...]
    titles: Mapping[str, str] = field(default_factory=dict)
    changeset: str = ""
    folder: str
    sources: str
    database: str

    @cached_property
    def contract(self) -> Contract:
        """What the pages document."""
        whole = assemble(
            (pickle.loads(page) for page in self.pages),  # noqa: S301 - packed by the build
            self.bases,
        )
        return replace(whole, lies=(*whole.lies, *self.lies))


def save_snapshot(snapshot: Snapshot, path: Path) -> None:
    """Writes the file, whole or not at all; the contract is not part of it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    told = replace(snapshot)  # a copy that has not assembled its contract
    beside.write_bytes(pickle.dumps((version("honestdocs"), told), pickle.HIGHEST_PROTOCOL))
    beside.replace(path)


def load_snapshot(path: Path) -> Snapshot:
    """The tree as it was last built. Raises SnapshotError."""
    fix = "build the documentation with honestdocs build"
    try:
        release, snapshot = pickle.loads(path.read_bytes())  # noqa: S301 - written by this module
        if release == version("honestdocs"):
            _ = snapshot.contract  # assembled by the thread that loads
    except OSError as error:
        raise SnapshotError(f"{path}: {error.strerror or error}; {fix}") from error
    except Exception as error:
        raise SnapshotError(f"{path}: cannot be read; {fix}") from error
    if release != version("honestdocs") or not isinstance(snapshot, Snapshot):
        raise SnapshotError(f"{path}: is of another release of honestdocs; {fix}")
    return snapshot
