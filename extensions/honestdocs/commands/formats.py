"""The formats in which a report can be written, as options of the command.

Owns which format an option names and where it goes. Must not know how a format looks.
"""

from __future__ import annotations

import argparse
import os
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
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
    "gitlab": "GitLab's code quality report",
    "tap": "TAP version 14",
    "html": "one HTML page that needs nothing else",
}


def add(group: argparse._ArgumentGroup) -> None:
    """Adds an option for each format."""
    for name, about in _ABOUT.items():
        group.add_argument(
            f"--{name}", metavar="FILE", help=f"also write the report as {about} (- for stdout)"
        )


def add_annotations(group: argparse._ArgumentGroup) -> None:
    """Adds the options that have GitHub show findings beside the lines of a change."""
    group.add_argument(
        "--annotations",
        choices=("auto", "github", "none"),
        default="auto",
        help="workflow commands on stdout, for GitHub to show findings at their lines "
        "(auto: where GITHUB_ACTIONS is set)",
    )
    group.add_argument(
        "--github",
        dest="annotations",
        action="store_const",
        const="github",
        help="the same as --annotations github",
    )


def annotate(report: Report, sources: Sources, choice: str) -> None:
    """Writes GitHub's workflow commands to standard output where they are wanted."""
    from honestdocs.verification.report.github import render_github

    if choice == "github" or (choice == "auto" and os.environ.get("GITHUB_ACTIONS") == "true"):
        values.write("-", render_github(_from_repository(report), sources))


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


def _from_repository(report: Report) -> Report:
    """The report with paths from the root of the repository, where the CI system tells it:
    GitHub and GitLab find files from there, wherever the command runs.
    """
    told = os.environ.get("GITHUB_WORKSPACE") or os.environ.get("CI_PROJECT_DIR")
    here = Path.cwd().resolve()
    if not told or not here.is_relative_to(Path(told).resolve()):
        return report
    below = here.relative_to(Path(told).resolve()).as_posix()
    return replace(report, root=posixpath.normpath(posixpath.join(below, report.root)))


def _renders() -> Mapping[str, Render]:
    from honestdocs.verification.report import render_json, render_junit
    from honestdocs.verification.report.gitlab import render_gitlab
    from honestdocs.verification.report.sarif import render_sarif
    from honestdocs.verification.report.tap import render_tap
    from honestdocs.verification.report.webpage import render_html

    return {
        "json": render_json,
        "junit": lambda report, _: render_junit(report),
        "sarif": render_sarif,
        "gitlab": lambda report, sources: render_gitlab(_from_repository(report), sources),
        "tap": render_tap,
        "html": render_html,
    }
