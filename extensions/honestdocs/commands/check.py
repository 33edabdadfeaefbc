"""``honestdocs check``: run the documented examples and report.

Owns its options, and the joining of Sphinx, verification and terminal. Must not hold rules of
the product: those are in the packages that it joins.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from honestdocs.commands import formats
from honestdocs.commands import options as values
from honestdocs.commands.errors import UsageError
from honestdocs.commands.options import Commands
from honestdocs.commands.services import declared
from honestdocs.commands.status import EPILOG

if TYPE_CHECKING:
    from honestdocs.contract.outcome import Result
    from honestdocs.sphinxext.tree import Tree
    from honestdocs.verification.report import Report

_TEXT = """\
Read the documented HTTP operations and examples out of a tree, run them against the
live services, and report what is proven and what is not.

Without DIR the tree of the current folder is checked with its conf.py. With DIR and
--url (or --config) any tree is read, without its conf.py, theme and extensions.
"""


def add(commands: Commands) -> None:
    """Adds the subcommand."""
    parser = commands.add_parser(
        "check",
        help="run the documented examples and report",
        description=_TEXT,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_options(parser)
    parser.set_defaults(run=_run)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dir", nargs="?", metavar="DIR", help="the tree (default: this folder's)")
    where = parser.add_argument_group("where to check")
    where.add_argument("--url", metavar="BASE", help="base URL of the service, with its base path")
    where.add_argument(
        "--setup", metavar="FILE.http", help="requests to send before a page, separated by ###"
    )
    where.add_argument("--config", metavar="FILE.toml", help="services in a TOML file")
    where.add_argument("--build-dir", metavar="DIR", help="where doctrees and outcomes are kept")
    _add_choice(parser)
    report = parser.add_argument_group("the report")
    formats.add(report)
    report.add_argument("-v", "--verbose", action="store_true", help="show every place and gap")
    report.add_argument("-q", "--quiet", action="store_true", help="no progress, no report")
    report.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour (auto respects NO_COLOR and FORCE_COLOR)",
    )
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


def _add_choice(parser: argparse.ArgumentParser) -> None:
    choice = parser.add_argument_group(
        "what to check",
        "By default an example runs when its text, what it depends on, the service's "
        "settings or the server's version changed, or when it could not be checked before.",
    )
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


def _run(arguments: argparse.Namespace) -> int:
    from honestdocs.contract.errors import ContractError
    from honestdocs.sphinxext.tree import TreeError, tune_collector

    if arguments.changed and arguments.all:
        raise UsageError("give either --all or --changed, not both")
    formats.demand_one_stdout(arguments)
    tune_collector()
    try:
        report, srcdir = _verified(arguments)
    except (TreeError, ContractError) as error:
        raise UsageError(str(error)) from error
    return _tell(report, srcdir, arguments)


def _verified(arguments: argparse.Namespace) -> tuple[Report, Path]:
    """The report on the tree that the arguments name, and the folder of its sources."""
    from sphinx.util.console import nocolor

    from honestdocs.sphinxext.builder import use_color
    from honestdocs.sphinxext.proving import Verifier
    from honestdocs.sphinxext.tree import include_warnings, verify
    from honestdocs.verification.plan import Options
    from honestdocs.verification.prover import Watcher
    from honestdocs.verification.report.progress import Progress

    tree = _tree(arguments)
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
    return replace(report, notes=notes), Path(tree.srcdir)


def _tree(arguments: argparse.Namespace) -> Tree:
    """The tree to check, with the services that the arguments add."""
    from honestdocs.sphinxext.tree import find_own, foreign, names_extension

    folder = Path(arguments.dir or ".")
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder")
    state = Path(arguments.build_dir) if arguments.build_dir else None
    own = None if arguments.url or arguments.config else find_own(folder)
    if own is not None and arguments.dir and arguments.offline and not names_extension(own):
        own = None
    if own is not None:
        if arguments.setup:
            raise UsageError("--setup goes with --url; services in conf.py have their own setup")
        return replace(own, state=state or own.state)
    if arguments.dir is None and (arguments.url or arguments.config):
        found = find_own(folder)
        folder = found.srcdir if found is not None else folder
    if not (arguments.url or arguments.config or arguments.offline):
        raise UsageError(
            f"{folder}: no conf.py and no service is declared; give --url BASE, "
            "--config FILE.toml, or --offline for what can be found without a server"
        )
    return foreign(folder, state, declared(arguments))


def _tell(report: Report, srcdir: Path, arguments: argparse.Namespace) -> int:
    """Writes the report wherever it is wanted; returns the exit status."""
    from honestdocs.sphinxext.builder import print_report, read_sources, use_color

    taken = formats.write(report, read_sources(srcdir), arguments)
    if not arguments.quiet and not taken:
        color = use_color(arguments.color, terminal=sys.stdout.isatty(), environ=os.environ)
        print_report(report, srcdir, color=color, verbose=arguments.verbose)
    return report.exit_status
