"""``honestdocs check``: run the documented examples and report.

Owns its options, and the joining of Sphinx, verification and terminal. Must not hold rules of
the product: those are in the packages that it joins.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from honestdocs.commands import formats, keeping, verifying
from honestdocs.commands.options import Commands
from honestdocs.commands.status import EPILOG

if TYPE_CHECKING:
    from honestdocs.verification.report import Report, Sources

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
    verifying.add_options(parser)
    _add_options(parser)
    parser.set_defaults(run=_run)


def _add_options(parser: argparse.ArgumentParser) -> None:
    accepted = parser.add_argument_group("what may fail")
    keeping.add_option(accepted)
    accepted.add_argument(
        "--no-baseline", action="store_true", help="fail on accepted findings too"
    )
    report = parser.add_argument_group("the report")
    formats.add(report)
    formats.add_annotations(report)
    report.add_argument("-v", "--verbose", action="store_true", help="show every place and gap")
    report.add_argument("-q", "--quiet", action="store_true", help="no progress, no report")
    verifying.add_color(report)


def _run(arguments: argparse.Namespace) -> int:
    from honestdocs.sphinxext.builder import read_sources
    from honestdocs.verification.report.settling import settle

    formats.demand_one_stdout(arguments)
    report, tree = verifying.verified(arguments)
    sources = read_sources(tree.srcdir)
    baseline = None if arguments.no_baseline else keeping.find(arguments.baseline, tree)
    if baseline is not None:
        report = settle(report, baseline, date.today(), sources)  # noqa: DTZ011 - the person's day
    return _tell(report, sources, tree.srcdir, arguments)


def _tell(report: Report, sources: Sources, srcdir: Path, arguments: argparse.Namespace) -> int:
    """Writes the report wherever it is wanted; returns the exit status."""
    from honestdocs.sphinxext.builder import print_report, use_color

    taken = formats.write(report, sources, arguments)
    if not arguments.quiet and not taken:
        color = use_color(arguments.color, terminal=sys.stdout.isatty(), environ=os.environ)
        print_report(report, srcdir, color=color, verbose=arguments.verbose)
    if not taken:
        formats.annotate(report, sources, arguments.annotations)
    return report.exit_status
