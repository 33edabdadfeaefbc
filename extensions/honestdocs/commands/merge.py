"""``honestdocs merge``: join the reports of shards into one report and one database.

Owns its options, and the joining of files, reports and the store. Must not hold rules of the
product: those are in the packages that it joins.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from honestdocs.commands import formats, keeping, reporting
from honestdocs.commands.errors import UsageError
from honestdocs.commands.options import Commands
from honestdocs.commands.status import EPILOG

if TYPE_CHECKING:
    from honestdocs.contract.baseline import Baseline
    from honestdocs.verification.report import Report
    from honestdocs.verification.report.merging import Piece

_TEXT = """\
Join the reports of all shards of one tree, as honestdocs check --shard N/M --json FILE
wrote them. What is told, and the exit status, are those of a check of the whole tree.
"""


def add(commands: Commands) -> None:
    """Adds the subcommand."""
    parser = commands.add_parser(
        "merge",
        help="join the reports of shards",
        description=_TEXT,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "reports", nargs="+", metavar="REPORT.json", help="the reports of all shards, in any order"
    )
    parser.add_argument(
        "--database",
        metavar="FILE",
        help="also keep the outcomes in this database, as a check of the whole tree does",
    )
    reporting.add_options(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from honestdocs.verification.errors import VerificationError
    from honestdocs.verification.report.merging import merge, read_piece

    formats.demand_one_stdout(arguments)
    try:
        pieces = [read_piece(name, _read(name)) for name in arguments.reports]
        report = merge(pieces)
        baseline = _baseline(pieces, arguments)
        if arguments.database:
            report = _keep(report, Path(arguments.database))
    except VerificationError as error:
        raise UsageError(str(error)) from error
    return reporting.tell(report, baseline, Path(report.root), arguments)


def _read(name: str) -> str:
    try:
        return Path(name).read_text("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: is no JSON: {error}") from error
    except OSError as error:
        raise UsageError(f"{name}: cannot be read: {error.strerror or error}") from error


def _baseline(pieces: Sequence[Piece], arguments: argparse.Namespace) -> Baseline | None:
    """The baseline under which the shards were checked, unless another one is named."""
    used = dict.fromkeys(piece.part.baseline for piece in pieces)
    if arguments.no_baseline or not (arguments.baseline or any(used)):
        return None
    if arguments.baseline is None and len(used) > 1:
        raise UsageError(
            "the shards were not checked under one baseline; name it with --baseline FILE, or "
            "give --no-baseline"
        )
    return keeping.load(Path(arguments.baseline or next(iter(used))))


def _keep(report: Report, file: Path) -> Report:
    """Keeps the outcomes; returns the report with what the database knows of the past."""
    from honestdocs.verification.keeping import keep
    from honestdocs.verification.store import Run, Store

    run = Run(
        started=report.started,
        finished=report.finished,
        docs_changeset=report.docs_changeset,
        services=report.services,
    )
    with Store.open(file, now=time.time()) as store:
        known = [result for result in report.results.values() if result.checked_at]
        alternating = keep(store, run, known, report.examples, latest=store.latest())
        notes = (store.notice, *report.notes) if store.notice else report.notes
    results = dict(report.results)
    for name, flaky in alternating.items():
        results[name] = replace(results[name], flaky=flaky)
    return replace(report, results=results, notes=notes)
