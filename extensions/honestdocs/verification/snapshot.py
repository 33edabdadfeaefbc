"""What a built tree documents, kept beside its outcomes for those who serve it.

Owns the file: a portal proves examples again without reading pages. Must not know Sphinx.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from honestdocs.contract.assembly import Contract
from honestdocs.contract.configuration import Service
from honestdocs.verification.errors import VerificationError

NAME = "honestdocs.contract"
"""The file's name; it lies beside the folder that a build writes."""


class SnapshotError(VerificationError):
    """A snapshot that is missing or another release's; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A tree as its last build read it: the contract, its services, and titles by page.

    ``folder`` is where relative paths of services begin, ``sources`` where the pages are, and
    ``database`` where outcomes are kept, all three absolute.
    """

    contract: Contract
    services: tuple[Service, ...]
    titles: Mapping[str, str] = field(default_factory=dict)
    changeset: str = ""
    folder: str
    sources: str
    database: str


def save_snapshot(snapshot: Snapshot, path: Path) -> None:
    """Writes the file, whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(pickle.dumps((version("honestdocs"), snapshot), pickle.HIGHEST_PROTOCOL))
    beside.replace(path)


def load_snapshot(path: Path) -> Snapshot:
    """The tree as it was last built. Raises SnapshotError."""
    fix = "build the documentation with honestdocs build"
    try:
        release, snapshot = pickle.loads(path.read_bytes())  # noqa: S301 - written by this module
    except OSError as error:
        raise SnapshotError(f"{path}: {error.strerror or error}; {fix}") from error
    except Exception as error:
        raise SnapshotError(f"{path}: cannot be read; {fix}") from error
    if release != version("honestdocs") or not isinstance(snapshot, Snapshot):
        raise SnapshotError(f"{path}: is of another release of honestdocs; {fix}")
    return snapshot
