"""What is checked of a tree besides its examples.

Owns the option that asks for it, and the joining of the parts that look. Must not hold rules of
the product: those are in the packages that are joined here.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from honestdocs.commands.errors import UsageError

if TYPE_CHECKING:
    from honestdocs.contract.finding import Ruling
    from honestdocs.contract.shard import Part
    from honestdocs.links.index import LinkIndex
    from honestdocs.sphinxext.tree import Tree
    from honestdocs.verification.report import Report

Look: TypeAlias = "Callable[[Report, Tree, argparse.Namespace], Report]"

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
    group.add_argument(
        "--external",
        action="store_true",
        help="with links: also ask those to whom links out of the tree lead",
    )


def look(report: Report, tree: Tree, arguments: argparse.Namespace) -> Report:
    """The report with rulings on whatever else was asked for. Raises UsageError."""
    from honestdocs.prose.errors import ProseError
    from honestdocs.sphinxext.tree import TreeError

    if arguments.external and "links" not in arguments.checks:
        raise UsageError("--external goes with --with links")
    if arguments.external and arguments.offline:
        raise UsageError("give either --external or --offline, not both")
    try:
        for name, each in _looks().items():
            if name in arguments.checks:
                report = each(report, tree, arguments)
    except (ProseError, TreeError) as error:
        raise UsageError(str(error)) from error
    return report


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
    return {"links": _links, "spelling": _spelling, "style": _style}


def _links(report: Report, tree: Tree, arguments: argparse.Namespace) -> Report:
    from honestdocs.commands.linking import Inquiry, check_links, read_settings
    from honestdocs.links.ruling import rule_on_links
    from honestdocs.sphinxext.builder import read_sources
    from honestdocs.sphinxext.tree import read_links

    index = read_links(tree, warnings=io.StringIO(), jobs=arguments.jobs or 1)
    if report.part is not None and arguments.external:
        index, report = _narrowed(index, report, report.part)
    inquiry = Inquiry(
        offline=not arguments.external,
        settings=(read_settings(arguments.config) if arguments.config else None) or {},
        executor=arguments.executor,
        quiet=arguments.quiet,
    )
    found, _ = check_links(index, tree.state, inquiry, report.started)
    rulings = rule_on_links(
        found, dict.fromkeys(report.files), read_sources(tree.srcdir), external=arguments.external
    )
    return _ruled(report, rulings)


def _narrowed(index: LinkIndex, report: Report, part: Part) -> tuple[LinkIndex, Report]:
    """The links that a shard checks, and its report that says so."""
    from honestdocs.links.parting import part_by_host

    index, asking = part_by_host(index, part)
    notes = tuple(asking.statement if n == part.statement else n for n in report.notes)
    return index, replace(report, part=asking, notes=notes)


def _ruled(report: Report, rulings: Iterable[Ruling]) -> Report:
    """The report with further rulings: a shard's with its own of them."""
    from honestdocs.contract.shard import narrow_rulings

    found = rulings if report.part is None else narrow_rulings(rulings, report.part)
    return replace(report, rulings=(*report.rulings, *found))


def _spelling(report: Report, tree: Tree, _: argparse.Namespace) -> Report:
    from honestdocs.prose.source import find_sources
    from honestdocs.prose.spelling import check_spelling

    sources = find_sources(tree.srcdir, report.files)
    return _ruled(report, check_spelling(sources, tree.srcdir))


def _style(report: Report, tree: Tree, _: argparse.Namespace) -> Report:
    from honestdocs.prose.source import find_sources
    from honestdocs.prose.style import check_style, load_rules

    sources = find_sources(tree.srcdir, report.files)
    return _ruled(report, check_style(sources, load_rules(tree.srcdir)))
