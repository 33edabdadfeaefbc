"""A source file as the tools and the report both know it.

Owns its names and its text. Must not know what is looked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from honestdocs.contract.finding import Check, Finding, Ruling, outcome_of
from honestdocs.contract.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file: ``name`` is relative to the folder of the sources, as places bear it."""

    name: str
    path: Path

    def lines(self) -> list[str]:
        """Its lines, without what cannot be decoded; none where it cannot be read."""
        try:
            return self.path.read_text("utf-8", errors="replace").split("\n")
        except OSError:
            return []


def find_sources(folder: Path, names: Iterable[str]) -> tuple[Source, ...]:
    """The reStructuredText among some files of a tree, sorted."""
    wanted = sorted({name for name in names if name.endswith(".rst")})
    found = (Source(name=name, path=folder / name) for name in wanted)
    return tuple(source for source in found if source.path.is_file())


def rule_on(check: Check, source: Source, findings: Iterable[Finding]) -> Ruling:
    """What became of one file."""
    found = tuple(sorted(findings, key=lambda one: (one.place.line or 0, one.column or 0)))
    return Ruling(
        check=check,
        page=str(PurePosixPath(source.name).with_suffix("")),
        name=check.value,
        place=Place(source.name),
        outcome=outcome_of(found),
        findings=found,
    )
