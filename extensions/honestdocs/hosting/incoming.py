"""What a push brings, as the hook tells it.

Owns the values, and reading them from what came over the socket. Must not judge them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A changeset that came in or became public: ``files`` are the paths that it touched."""

    node: str
    files: tuple[str, ...]
    public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A head among the changesets that became public.

    ``descends`` tells whether it stands on what is published of its branch, ``replaces``
    whether it stands on any earlier head of its branch.
    """

    node: str
    branch: str
    closes: bool
    descends: bool
    replaces: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """Everything that the gate is told of a transaction."""

    user: str
    editor: str
    source: str
    pending: bool
    arrivals: tuple[Arrival, ...]
    heads: tuple[Head, ...]


def read_push(said: Mapping[str, Any]) -> Push:
    """A push as the hook told it. Raises KeyError or TypeError for anything else."""
    return Push(
        user=str(said["user"]),
        editor=str(said["editor"]),
        source=str(said["source"]),
        pending=bool(said["pending"]),
        arrivals=tuple(
            Arrival(node=one["node"], files=tuple(one["files"]), public=one["public"])
            for one in said["arrivals"]
        ),
        heads=tuple(Head(**one) for one in said["heads"]),
    )
