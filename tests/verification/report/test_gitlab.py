"""The code quality report has all that GitLab's manual demands of it, and nothing in its way."""

from __future__ import annotations

import json
from typing import Any

from jsonschema import Draft202012Validator

from honestdocs.verification.report import Report, Sources
from honestdocs.verification.report.gitlab import render_gitlab

SCHEMA: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "pattern": "^[a-z]+/[a-z-]+$"},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^./]"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
"""The table of members in "Code Quality report format" of GitLab's manual."""


def issues(report: Report, sources: Sources) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render_gitlab(report, sources))
    Draft202012Validator(SCHEMA).validate(found)
    return found


def test_every_finding_is_an_issue_at_its_line(report: Report, sources: Sources) -> None:
    found = issues(report, sources)
    (value,) = [issue for issue in found if issue["check_name"] == "examples/value"]
    assert value["location"]["path"] == "docs/api/articles.rst"
    line = (sources("api/articles.rst") or ())[value["location"]["lines"]["begin"] - 1]
    assert '"title": "On telling the truth"' in line
    assert value["severity"] == "major"
    assert {issue["severity"] for issue in found} == {"major", "minor"}


def test_no_two_issues_share_a_fingerprint(report: Report, sources: Sources) -> None:
    marks = [issue["fingerprint"] for issue in issues(report, sources)]
    assert len(set(marks)) == len(marks)


def test_nothing_found_is_an_empty_list(sources: Sources) -> None:
    assert issues(Report(), sources) == []
