"""The report of a subcommand: its options, what may fail in it, and where it goes.

Owns what check and merge tell in the same way. Must not know how a report came about.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from honestdocs.commands import formats, keeping, verifying

if TYPE_CHECKING:
    from honestdocs.contract.baseline import Baseline
    from honestdocs.verification.report import Report


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options that say what may fail, where a report goes and how it looks."""
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


def tell(
    report: Report, baseline: Baseline | None, srcdir: Path, arguments: argparse.Namespace
) -> int:
    """Writes the report wherever it is wanted; returns the exit status."""
    from honestdocs.sphinxext.builder import print_report, read_sources
    from honestdocs.verification.color import use_color
    from honestdocs.verification.report.settling import settle

    sources = read_sources(srcdir)
    if baseline is not None:
        report = settle(report, baseline, date.today(), sources)  # noqa: DTZ011 - the person's day
    taken = formats.write(report, sources, arguments)
    if not arguments.quiet and not taken:
        color = use_color(arguments.color, terminal=sys.stdout.isatty(), environ=os.environ)
        print_report(report, srcdir, color=color, verbose=arguments.verbose)
    if not taken:
        formats.annotate(report, sources, arguments.annotations)
    return report.exit_status
