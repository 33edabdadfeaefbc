"""The findings as GitLab's code quality report, which it shows in merge requests:
``honestdocs check --gitlab FILE``.

Owns the mapping ("Code Quality report format" in GitLab's manual). Must not know where it is
written.
"""

from __future__ import annotations

import json

from honestdocs.contract.finding import Finding, Level
from honestdocs.verification.report.document import legal
from honestdocs.verification.report.excerpt import Sources
from honestdocs.verification.report.model import Report
from honestdocs.verification.report.stream import findings

_SEVERITIES = {Level.ERROR: "major", Level.WARNING: "minor", Level.NOTE: "info"}


def render_gitlab(report: Report, sources: Sources) -> str:
    """The document as text, with a line break at its end; what is accepted is left out, and
    fingerprints differ, as GitLab demands, where the same stands twice in a file.
    """
    seen: dict[str, int] = {}
    found = [finding for finding in findings(report, sources) if not finding.accepted]
    issues = [_issue(report, finding, seen) for finding in found]
    return legal(json.dumps(issues, indent=2, ensure_ascii=False)) + "\n"


def _issue(report: Report, finding: Finding, seen: dict[str, int]) -> dict[str, object]:
    mark = finding.fingerprint
    seen[mark] = seen.get(mark, 0) + 1
    advice = f" (fix: {finding.advice})" if finding.advice else ""
    return {
        "description": finding.message + advice,
        "check_name": finding.id,
        "fingerprint": mark if seen[mark] == 1 else f"{mark}-{seen[mark]}",
        "severity": _SEVERITIES[finding.level],
        "location": {
            "path": report.path(finding.place),
            "lines": {"begin": finding.place.line or 1},
        },
    }
