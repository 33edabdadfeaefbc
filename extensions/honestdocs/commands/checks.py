"""What is checked of a tree besides its examples.

Owns the option that asks for it, and the joining of the parts that look. Must not hold rules of
the product: those are in the packages that are joined here.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from honestdocs.commands.errors import UsageError

if TYPE_CHECKING:
    from honestdocs.contract.finding import Ruling
    from honestdocs.sphinxext.tree import Tree
    from honestdocs.verification.report import Report

Look: TypeAlias = "Callable[[Report, Tree], tuple[Ruling, ...]]"

EVERYTHING = "all"


def add_option(group: argparse._ArgumentGroup) -> None:
    """Adds the option that names further checks."""
    names = ", ".join(_looks())
    group.add_argument(
        "--with",
        dest="checks",
        type=_names,
        action="extend",
        default=[],
        metavar="CHECKS",
        help=f"check more than examples: {names}, several with commas, or {EVERYTHING}",
    )


def look(report: Report, tree: Tree, names: list[str]) -> Report:
    """The report with rulings on whatever else was asked for. Raises UsageError."""
    from honestdocs.prose.errors import ProseError

    looks = _looks()
    try:
        found = [ruling for name in looks if name in names for ruling in looks[name](report, tree)]
    except ProseError as error:
        raise UsageError(str(error)) from error
    if report.part is not None:
        found = [ruling for ruling in found if report.part.covers(ruling.page)]
    return replace(report, rulings=(*report.rulings, *found))


def _names(text: str) -> list[str]:
    """Names of checks, separated by commas. Raises argparse's error for an unknown one."""
    known = list(_looks())
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in {*known, EVERYTHING}:
            said = f"no check is called {name!r}; there are {', '.join(known)} and {EVERYTHING}"
            raise argparse.ArgumentTypeError(said)
    return known if EVERYTHING in names else names


def _looks() -> Mapping[str, Look]:
    return {"spelling": _spelling, "style": _style}


def _spelling(report: Report, tree: Tree) -> tuple[Ruling, ...]:
    from honestdocs.prose.source import find_sources
    from honestdocs.prose.spelling import check_spelling

    return check_spelling(find_sources(tree.srcdir, report.files), tree.srcdir)


def _style(report: Report, tree: Tree) -> tuple[Ruling, ...]:
    from honestdocs.prose.source import find_sources
    from honestdocs.prose.style import check_style, load_rules

    return check_style(find_sources(tree.srcdir, report.files), load_rules(tree.srcdir))
