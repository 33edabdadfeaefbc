"""The report in SARIF 2.1.0 (OASIS, errata 01), which code scanning services read:
``honestdocs check --sarif FILE``.

Owns the mapping. Must not know where the document is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.metadata import version
from typing import TypeAlias
from urllib.parse import quote

from honestdocs.contract.finding import Finding, Fix
from honestdocs.contract.place import Place
from honestdocs.verification.report.document import legal, timestamp
from honestdocs.verification.report.excerpt import Sources
from honestdocs.verification.report.model import Report
from honestdocs.verification.report.rule import about
from honestdocs.verification.report.stream import findings

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
ROOT = "SRCROOT"
"""What files are relative to: the folder where the check ran."""

Members: TypeAlias = dict[str, object]


def render_sarif(report: Report, sources: Sources) -> str:
    """The document as text, with a line break at its end; equal for equal reports."""
    found = findings(report, sources)
    rules = {rule: position for position, rule in enumerate(sorted({f.id for f in found}))}
    seen: dict[str, int] = {}
    run: Members = {
        "tool": {"driver": _driver(found, rules)},
        "automationDetails": {"id": "honestdocs/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder where the check ran."}}},
        "invocations": [_invocation(report)],
        "results": [_result(report, finding, rules, seen) for finding in found],
    }
    document: Members = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return legal(json.dumps(document, indent=2, ensure_ascii=False)) + "\n"


def _driver(found: Iterable[Finding], rules: Iterable[str]) -> Members:
    levels = {finding.id: finding.level for finding in found}
    release = version("honestdocs")
    return {
        "name": "honestdocs",
        "version": release,
        "semanticVersion": release,
        "rules": [
            {
                "id": rule,
                "shortDescription": {"text": about(rule)},
                "defaultConfiguration": {"level": levels[rule].value},
            }
            for rule in rules
        ],
    }


def _invocation(report: Report) -> Members:
    told: Members = {
        "executionSuccessful": report.exit_status in {0, 1},
        "exitCode": report.exit_status,
    }
    began, ended = timestamp(report.started), timestamp(report.finished)
    if began and ended:
        told |= {"startTimeUtc": began, "endTimeUtc": ended}
    return told | {
        "toolExecutionNotifications": [
            {"level": "note", "message": {"text": note}} for note in report.notes
        ]
    }


def _result(
    report: Report, finding: Finding, rules: dict[str, int], seen: dict[str, int]
) -> Members:
    mark = finding.fingerprint
    seen[mark] = seen.get(mark, 0) + 1
    told: Members = {
        "ruleId": finding.id,
        "ruleIndex": rules[finding.id],
        "level": finding.level.value,
        "message": {"text": _message(finding)},
        "locations": [{"physicalLocation": _location(report, finding)}],
        "partialFingerprints": {"honestdocs/v1": f"{mark}:{seen[mark]}"},
    }
    if finding.accepted:
        told["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": finding.accepted}
        ]
    if finding.fix is not None:
        told["fixes"] = [_fix(report, finding.place, finding.fix, finding.advice)]
    return told


def _message(finding: Finding) -> str:
    advice = finding.advice
    return finding.message + (f" (fix: {advice})" if advice else "")


def _location(report: Report, finding: Finding) -> Members:
    place = finding.place
    location: Members = {"artifactLocation": _artifact(report, place)}
    if place.line is not None:
        location["region"] = _region(place.line, finding.column, finding.end_column)
    return location


def _artifact(report: Report, place: Place) -> Members:
    return {"uri": quote(report.path(place)), "uriBaseId": ROOT}


def _region(line: int, column: int | None, end: int | None) -> Members:
    region: Members = {"startLine": line}
    if column is not None and end is not None:
        region |= {"startColumn": column, "endColumn": end}
    return region


def _fix(report: Report, place: Place, fix: Fix, advice: str) -> Members:
    replacement = {
        "deletedRegion": _region(fix.line, fix.column, fix.end_column),
        "insertedContent": {"text": fix.inserted},
    }
    return {
        "description": {"text": advice or f"Write {fix.inserted}"},
        "artifactChanges": [
            {"artifactLocation": _artifact(report, place), "replacements": [replacement]}
        ],
    }
