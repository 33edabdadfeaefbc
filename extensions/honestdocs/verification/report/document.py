"""The report as a JSON document (RFC 8259) for programs: ``honestdocs check --json FILE``.

Owns the format, which ``schema.json`` describes and ``source/guide/report-format.rst`` explains.
Members may be added to it; a change of what one means raises FORMAT. Must not know where the
document is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TypeAlias

from honestdocs.contract.blame import Blame, Sighting
from honestdocs.contract.cause import Cause
from honestdocs.contract.coverage import OperationCoverage
from honestdocs.contract.example import Example
from honestdocs.contract.finding import Finding
from honestdocs.contract.operation import Operation
from honestdocs.contract.outcome import Grade, Lie, Mismatch
from honestdocs.contract.place import Place
from honestdocs.contract.service import ServiceState
from honestdocs.contract.shard import Part
from honestdocs.verification.report.codec import pack
from honestdocs.verification.report.excerpt import Sources
from honestdocs.verification.report.model import PageSummary, Report
from honestdocs.verification.report.stream import findings

FORMAT = 1
"""The version of the format: a reader that knows it can rely on every member described."""

Members: TypeAlias = dict[str, object]

_SURROGATES = re.compile("[\ud800-\udfff]")


def render_json(report: Report, sources: Sources = lambda _: None) -> str:
    """The document as text, with a line break at its end; equal for equal reports. ``sources``
    gives the lines of a file: columns and edits of findings are told where it does.
    """
    found = {coverage.operation: coverage for coverage in report.coverage}
    document: Members = {
        "format": FORMAT,
        "summary": _summary(report),
        "services": [_service(state) for state in report.services],
        "operations": [_operation(report, op, found.get(op)) for op in report.operations],
        "examples": [_example(report, example) for example in report.examples],
        "causes": [_cause(report, cause) for cause in report.causes],
        "lies": [_lie(report, lie) for lie in report.lies],
        "findings": [_finding(report, finding) for finding in findings(report, sources)],
        "notes": list(report.notes),
        "shard": None if report.part is None else _shard(report, report.part),
    }
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    return legal(text) + "\n"


def legal(text: str) -> str:
    """The text without what UTF-8 cannot carry (RFC 3629, section 3)."""
    return _SURROGATES.sub("\ufffd", text)


def timestamp(seconds: float) -> str | None:
    """A time as RFC 3339 spells it, in UTC and to the millisecond; None for never."""
    if not seconds:
        return None
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _summary(report: Report) -> Members:
    tally = report.tally
    return {
        "passed": tally.passed,
        "failed": tally.failed,
        "error": tally.error,
        "skipped": tally.skipped,
        "lies": sum(not lie.warning for lie in report.lies),
        "warnings": sum(lie.warning for lie in report.lies),
        "by_grade": {grade.value: tally.grades.get(grade, 0) for grade in Grade},
        "by_page": {page.page: _page(page) for page in report.pages()},
        "exit_status": report.exit_status,
        "started": timestamp(report.started),
        "finished": timestamp(report.finished),
        "ran": report.ran,
        "reused": report.reused,
        "docs_changeset": report.docs_changeset,
    }


def _shard(report: Report, part: Part) -> Members:
    """What the report covers, and all that is needed to join it with those of other shards."""
    return {
        "index": part.index,
        "count": part.count,
        "pages": list(part.pages),
        "hosts": list(part.hosts),
        "tree": part.tree,
        "honestdocs": version("honestdocs"),
        "report": pack(replace(report.unsettled or report, coverage=())),
    }


def _page(page: PageSummary) -> Members:
    tally = page.tally
    return {
        "passed": tally.passed,
        "failed": tally.failed,
        "error": tally.error,
        "skipped": tally.skipped,
        "lies": page.lies,
        "warnings": page.warnings,
    }


def _service(state: ServiceState) -> Members:
    return {
        "name": state.name,
        "url": state.url,
        "title": state.title,
        "owner": state.owner,
        "healthy": state.healthy,
        "status": str(state.status),
        "message": state.message,
        "checks": dict(state.checks),
        "version": state.version,
        "latency": round(state.latency, 6),
        "checked_at": timestamp(state.checked_at),
    }


def _operation(report: Report, operation: Operation, coverage: OperationCoverage | None) -> Members:
    return {
        "method": operation.method,
        "path": operation.path,
        "key": operation.key,
        "page": operation.page,
        **_place(report, operation.place),
        "anchor": operation.anchor,
        "synopsis": operation.synopsis,
        "deprecated": operation.deprecated,
        "parameters": [
            {
                "in": parameter.location.value,
                "name": parameter.name,
                "type": parameter.type,
                "array": parameter.array,
                **_place(report, parameter.place),
            }
            for parameter in operation.parameters
        ],
        "coverage": None if coverage is None else _coverage(coverage),
    }


def _coverage(coverage: OperationCoverage) -> Members:
    return {
        "examples": coverage.examples,
        "proven": coverage.proven,
        "complete": coverage.complete,
        "unseen": _names(
            coverage.unseen_statuses, coverage.unseen_headers, coverage.unseen_members
        ),
        "undocumented": _names(
            coverage.undocumented_statuses,
            coverage.undocumented_headers,
            coverage.undocumented_members,
        ),
    }


def _names(
    statuses: tuple[str, ...], headers: tuple[str, ...], members: tuple[str, ...]
) -> Mapping[str, list[str]]:
    return {"statuses": list(statuses), "headers": list(headers), "members": list(members)}


def _example(report: Report, example: Example) -> Members:
    result, request, response = report.result(example), example.request, example.response
    return {
        "id": example.id,
        "page": example.page,
        "label": example.label,
        "operation": example.operation,
        **_place(report, example.place),
        "request_line": example.request_place.line if request else None,
        "response_line": example.response_place.line if example.response_place else None,
        "method": request.method if request else "",
        "target": request.target if request else "",
        "status": response.status if response else None,
        "outcome": result.outcome.value,
        "grade": result.grade.value if result.grade else None,
        "reason": result.reason,
        "mismatches": [_mismatch(report, mismatch) for mismatch in result.mismatches],
        "matched": list(result.matched),
        "flaky": result.flaky,
        "blame": _blame(report.blames.get(example.id)),
        "service": result.service,
        "server_version": result.server_version,
        "observed_status": result.status,
        "checked_at": timestamp(result.checked_at),
        "seconds": round(result.seconds, 6),
    }


def _blame(found: Blame | None) -> Members | None:
    if found is None:
        return None
    before = found.before
    return {
        "first_failed": _sighting(found.first),
        "last_passed": None if before is None else _sighting(before),
        "changed": found.culprit,
    }


def _sighting(seen: Sighting) -> Members:
    return {
        "at": timestamp(seen.checked_at),
        "docs_changeset": seen.changeset,
        "server_version": seen.version,
    }


def _mismatch(report: Report, mismatch: Mismatch) -> Members:
    return {
        "grade": mismatch.grade.value,
        "kind": mismatch.kind.value,
        "place": mismatch.subject,
        **_place(report, mismatch.place),
        "documented": mismatch.documented,
        "observed": mismatch.observed,
        "fix": mismatch.fix,
    }


def _cause(report: Report, cause: Cause) -> Members:
    return {
        "grade": cause.grade.value,
        "kind": cause.kind.value,
        "place": cause.subject,
        "documented": cause.documented,
        "observed": cause.observed,
        "fix": cause.fix,
        "count": len(cause.places),
        "occurrences": [
            {**_place(report, place), "example": example}
            for place, example in zip(cause.places, cause.examples, strict=True)
        ],
    }


def _lie(report: Report, lie: Lie) -> Members:
    return {
        **_mismatch(report, lie.mismatch),
        "message": lie.message,
        "example": lie.example or None,
        "warning": lie.warning,
        "usage": lie.usage,
    }


def _finding(report: Report, finding: Finding) -> Members:
    fix = finding.fix
    return {
        "check": finding.check.value,
        "rule": finding.rule,
        "level": finding.level.value,
        "outcome": finding.outcome.value,
        "message": finding.message,
        **_place(report, finding.place),
        "column": finding.column,
        "end_column": finding.end_column,
        "advice": finding.advice,
        "edit": None if fix is None else {"removed": fix.removed, "inserted": fix.inserted},
        "url": finding.url,
        "example": finding.example or None,
        "fingerprint": finding.fingerprint,
        "accepted": finding.accepted,
    }


def _place(report: Report, place: Place) -> Members:
    return {"file": report.path(place), "line": place.line}
