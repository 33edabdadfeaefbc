"""What is built, and by whom: the work that hosting asks for without knowing Sphinx.

Owns the values of one build. Must not know how a tree is built.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from honestdocs.contract.flaw import Built, Flaw, FlawKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One build: the tree of ``node``, its kept state, and where the pages go.

    ``edition`` is its name; ``root`` the repository, in which the node may still be pending.
    ``page`` is a source file whose page is asked for, and ``proves`` tells whether examples run.
    """

    node: str
    edition: str
    root: Path
    tree: Path
    state: Path
    site: Path
    pending: bool = False
    page: str = ""
    proves: bool = True


Build = Callable[[Recipe], Built]
"""Builds in the process that calls it."""


def packed(built: Built) -> dict[str, Any]:
    """What came of a build, as JSON."""
    return {
        "flaws": [[f.path, f.line, f.message, str(f.kind)] for f in built.flaws],
        "read": list(built.read),
        "pages": built.pages,
        "proven": built.proven,
        "notes": list(built.notes),
        "address": built.address,
    }


def unpacked(said: dict[str, Any]) -> Built:
    """The same as a value."""
    return Built(
        flaws=tuple(
            Flaw(path=path, line=line, message=message, kind=FlawKind(kind))
            for path, line, message, kind in said["flaws"]
        ),
        read=tuple(said["read"]),
        pages=said["pages"],
        proven=said["proven"],
        notes=tuple(said["notes"]),
        address=said["address"],
    )
