"""The formats in which a report can be written, as options of the command.

Owns which format an option names and where it goes. Must not know how a format looks.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from honestdocs.commands import options as values
from honestdocs.commands.errors import UsageError

if TYPE_CHECKING:
    from honestdocs.verification.report import Report, Sources

Render: TypeAlias = "Callable[[Report, Sources], str]"

_ABOUT = {
    "json": "JSON",
    "junit": "JUnit XML",
    "sarif": "SARIF 2.1.0, for code scanning",
}


def add(group: argparse._ArgumentGroup) -> None:
    """Adds an option for each format."""
    for name, about in _ABOUT.items():
        group.add_argument(
            f"--{name}", metavar="FILE", help=f"also write the report as {about} (- for stdout)"
        )


def write(report: Report, sources: Sources, arguments: argparse.Namespace) -> bool:
    """Writes the report in every format that was asked for; tells whether one of them took
    standard output for itself.

    Raises UsageError when a file cannot be written.
    """
    asked = [(name, getattr(arguments, name)) for name in _ABOUT]
    for name, file in asked:
        if file:
            values.write(file, _renders()[name](report, sources))
    return any(file == "-" for _, file in asked)


def demand_one_stdout(arguments: argparse.Namespace) -> None:
    """Raises UsageError where more than one format is to go to standard output."""
    named = [f"--{name} -" for name in _ABOUT if getattr(arguments, name) == "-"]
    if len(named) > 1:
        raise UsageError(f"{' and '.join(named)}: standard output takes only one of them")


def _renders() -> Mapping[str, Render]:
    from honestdocs.verification.report import render_json, render_junit
    from honestdocs.verification.report.sarif import render_sarif

    return {
        "json": lambda report, _: render_json(report),
        "junit": lambda report, _: render_junit(report),
        "sarif": render_sarif,
    }
