"""``honestdocs check``: run the documented examples and report.

Owns its options, and the joining of Sphinx, verification and terminal. Must not hold rules of
the product: those are in the packages that it joins.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

from honestdocs.commands import formats, keeping, reporting, verifying
from honestdocs.commands import options as values
from honestdocs.commands.options import Commands
from honestdocs.commands.status import EPILOG

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
    machines = parser.add_argument_group("many machines")
    machines.add_argument(
        "--shard",
        type=values.shard,
        default=None,
        metavar="N/M",
        help="check only the N-th of M parts of the pages, and with --external of the hosts; "
        "honestdocs merge joins the reports",
    )
    reporting.add_options(parser)


def _run(arguments: argparse.Namespace) -> int:
    formats.demand_one_stdout(arguments)
    report, tree = verifying.verified(arguments)
    baseline = None if arguments.no_baseline else keeping.find(arguments.baseline, tree)
    if report.part is not None and baseline is not None:
        under = str(keeping.place(arguments.baseline, tree))
        report = replace(report, part=replace(report.part, baseline=under))
    return reporting.tell(report, baseline, tree.srcdir, arguments)
