"""``honestdocs build``: prove the documentation of the current folder and build it as HTML.

Owns its options, and the joining of Sphinx, verification and terminal. Must not hold rules of
the product: those are in the packages that it joins.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from honestdocs.commands import options as values
from honestdocs.commands.errors import UsageError
from honestdocs.commands.options import Commands
from honestdocs.commands.status import EPILOG, LIES, PROVEN

if TYPE_CHECKING:
    from honestdocs.sphinxext.proving import Verifier
    from honestdocs.sphinxext.tree import Tree


def add(commands: Commands) -> None:
    """Adds the subcommand."""
    parser = commands.add_parser(
        "build",
        help="prove the documentation and build it as HTML",
        description="Prove the documentation of the current folder and build it as HTML.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_options(parser)
    parser.set_defaults(run=_run)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", default="build/html", metavar="DIR", help="default: build/html")
    parser.add_argument("--offline", action="store_true", help="build without asking any service")
    parser.add_argument("--all", action="store_true", help="run every example, read every page")
    work = parser.add_argument_group("who does the work")
    work.add_argument(
        "-j",
        "--jobs",
        type=values.jobs,
        default=2,
        metavar="N",
        help="processes that read and write pages (default: 2)",
    )
    values.add_executor(work)


def _run(arguments: argparse.Namespace) -> int:
    from sphinx.util.console import nocolor

    from honestdocs.sphinxext.garbage import tune_collector
    from honestdocs.sphinxext.proving import Verifier
    from honestdocs.sphinxext.tree import TreeError, build, find_own
    from honestdocs.verification.color import use_color
    from honestdocs.verification.plan import Options

    tree = find_own(Path())
    if tree is None:
        raise UsageError("no conf.py here; run this where the documentation's conf.py is")
    tune_collector()
    if not use_color("auto", terminal=sys.stderr.isatty(), environ=os.environ):
        nocolor()
    verifier = Verifier(
        options=Options(all=arguments.all, offline=arguments.offline),
        executor=arguments.executor,
    )
    output = Path(arguments.output)
    try:
        app = build(
            tree,
            verifier,
            output,
            warnings=sys.stderr,
            jobs=arguments.jobs,
            everything=arguments.all,
        )
    except TreeError as error:
        raise UsageError(str(error)) from error
    return _tell(app.statuscode, verifier, tree, output)


def _tell(status: int, verifier: Verifier, tree: Tree, output: Path) -> int:
    """Says what was proven and where to look; returns the exit status."""
    from honestdocs.sphinxext.builder import make_report
    from honestdocs.verification.color import use_color
    from honestdocs.verification.report.summary import render_closing

    outcome = PROVEN
    if verifier.verified is not None:
        report = make_report(verifier.verified, tree.srcdir)
        color = use_color("auto", terminal=sys.stdout.isatty(), environ=os.environ)
        width = get_terminal_size((100, 24)).columns
        print(render_closing(report, color=color, width=width))
        outcome = report.exit_status
    if status and outcome == PROVEN:
        print("The warnings above count as errors.", file=sys.stderr)
    print(f"The documentation is in {output / 'index.html'}")
    return outcome or (LIES if status else PROVEN)
