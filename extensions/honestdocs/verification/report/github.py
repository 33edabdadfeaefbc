"""The findings as GitHub's workflow commands, which it shows beside the lines of a change:
``honestdocs check --github``.

Owns the notation ("Workflow commands for GitHub Actions": error, warning). Must not know where
it is written.
"""

from __future__ import annotations

from honestdocs.contract.finding import Finding, Level
from honestdocs.verification.report.excerpt import Sources
from honestdocs.verification.report.model import Report
from honestdocs.verification.report.stream import findings

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning"}


def render_github(report: Report, sources: Sources) -> str:
    """A command for each finding that fails or warns, errors first, a line each: GitHub shows
    only the first ten of a step. What is accepted, and what is only noted, has none.
    """
    found = [f for f in findings(report, sources) if f.level in _COMMANDS and not f.accepted]
    ordered = sorted(found, key=lambda finding: finding.level is not Level.ERROR)
    return "".join(f"{_command(report, finding)}\n" for finding in ordered)


def _command(report: Report, finding: Finding) -> str:
    place = finding.place
    values: dict[str, object] = {"file": report.path(place)}
    if place.line is not None:
        values["line"] = place.line
    if finding.column is not None and finding.end_column is not None:
        values |= {"col": finding.column, "endColumn": finding.end_column}
    values["title"] = f"honestdocs {finding.id}"
    told = ",".join(f"{name}={_property(str(value))}" for name, value in values.items())
    message = finding.message + (f"\nfix: {finding.advice}" if finding.advice else "")
    return f"::{_COMMANDS[finding.level]} {told}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
