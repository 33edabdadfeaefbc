"""Merging a text with a newer one, line by line.

Owns the three-way merge and how a conflict is shown in the text. Must not know a repository.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from merge3 import Merge3

from honestdocs.hosting.editing.text import lines_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A merged text; ``conflicts`` is how many places of it two people changed."""

    text: str
    conflicts: int


def merge(base: str, mine: str, theirs: str, *, their_name: str) -> Merged:
    """What two people made of one text; a place that both changed holds both, marked."""
    groups = list(Merge3(lines_of(base), lines_of(mine), lines_of(theirs)).merge_groups())
    return Merged(
        text="".join(line for group in groups for line in _told(group, their_name)),
        conflicts=sum(group[0] == "conflict" for group in groups),
    )


def _told(group: Sequence[object], their_name: str) -> Iterator[str]:
    if group[0] != "conflict":
        yield from _lines(group[1])
        return
    _, _, mine, theirs = group
    yield "<<<<<<< yours\n"
    yield from _ended(_lines(mine))
    yield "=======\n"
    yield from _ended(_lines(theirs))
    yield f">>>>>>> {their_name}\n"


def _lines(found: object) -> list[str]:
    return [str(line) for line in found] if isinstance(found, (list, tuple)) else []


def _ended(lines: list[str]) -> list[str]:
    """The same lines, the last of which may have had no end."""
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]
