"""The run of a tree's examples that several subcommands begin with.

Owns its options, which tree they name, and how the run is watched. Must not know what is done
with what was found.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from honestdocs.commands import checks
from honestdocs.commands import options as values
from honestdocs.commands.errors import UsageError
from honestdocs.commands.place import add_place, find_tree

if TYPE_CHECKING:
    from honestdocs.contract.outcome import Result
    from honestdocs.sphinxext.tree import Tree
    from honestdocs.verification.report import Report


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options that say which tree is checked, what of it, and by whom."""
    parser.add_argument("dir", nargs="?", metavar="DIR", help="the tree (default: this folder's)")
    add_place(parser)
    _add_choice(parser)
    work = parser.add_argument_group("who does the work")
    work.add_argument(
        "-j",
        "--jobs",
        type=values.jobs,
        default=None,
        metavar="N",
        help="processes that read pages",
    )
    values.add_executor(work)


def add_color(group: argparse._ArgumentGroup) -> None:
    """Adds the option that says whether output is coloured."""
    group.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour (auto respects NO_COLOR and FORCE_COLOR)",
    )


def _add_choice(parser: argparse.ArgumentParser) -> None:
    choice = parser.add_argument_group(
        "what to check",
        "By default an example runs when its text, what it depends on, the service's "
        "settings or the server's version changed, or when it could not be checked before.",
    )
    checks.add_option(choice)
    choice.add_argument("--all", action="store_true", help="run every example")
    choice.add_argument(
        "--changed", action="store_true", help="run only examples whose page changed"
    )
    choice.add_argument(
        "--max-age",
        type=values.age,
        default=0.0,
        metavar="AGE",
        help="run what is older, as in 12h or 7d",
    )
    choice.add_argument(
        "--offline",
        action="store_true",
        help="run nothing: static lies and last known outcomes only",
    )


def verified(arguments: argparse.Namespace) -> tuple[Report, Tree]:
    """Reads and verifies the tree that the arguments name; returns the report and the tree.

    Raises UsageError for what a person has to mend.
    """
    from honestdocs.contract.errors import ContractError
    from honestdocs.sphinxext.garbage import tune_collector
    from honestdocs.sphinxext.tree import TreeError

    if arguments.changed and arguments.all:
        raise UsageError("give either --all or --changed, not both")
    tune_collector()
    try:
        report, tree = _verified(arguments)
    except (TreeError, ContractError) as error:
        raise UsageError(str(error)) from error
    return checks.look(report, tree, arguments), tree


def _verified(arguments: argparse.Namespace) -> tuple[Report, Tree]:
    """The report on the tree that the arguments name, and the tree."""
    from sphinx.util.console import nocolor

    from honestdocs.sphinxext.proving import Verifier
    from honestdocs.sphinxext.tree import include_warnings, verify
    from honestdocs.verification.color import use_color
    from honestdocs.verification.plan import Options
    from honestdocs.verification.prover import Watcher
    from honestdocs.verification.report.progress import Progress

    tree = find_tree(arguments)
    color = use_color(arguments.color, terminal=sys.stderr.isatty(), environ=os.environ)
    if not color:
        nocolor()
    progress = Progress(
        sys.stderr,
        clock=time.monotonic,
        width=lambda: get_terminal_size((80, 24)).columns,
        color=color,
    )
    verifier = Verifier(
        options=Options(
            all=arguments.all,
            changed=arguments.changed,
            max_age=arguments.max_age,
            offline=arguments.offline,
        ),
        executor=arguments.executor,
        shard=getattr(arguments, "shard", None),
    )

    def page(name: str, results: Sequence[Result]) -> None:
        for result in results:
            progress.advance(name, result.outcome)

    if not arguments.quiet:
        verifier.watcher = Watcher(begin=progress.start, page=page)
    said = io.StringIO()
    warnings = said if tree.foreign else sys.stderr
    jobs = arguments.jobs or min(os.cpu_count() or 1, 4)
    try:
        report = verify(tree, verifier, warnings=warnings, jobs=jobs)
    finally:
        progress.finish()
    notes = (*report.notes, *include_warnings(said.getvalue()))
    return replace(report, notes=notes), tree
