"""The report in the Test Anything Protocol, version 14: ``honestdocs check --tap FILE``.

Owns the mapping: whatever was checked is a test point, its findings are the point's YAML. Must
not know where it is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from honestdocs.contract.finding import Finding, Ruling
from honestdocs.contract.outcome import Outcome
from honestdocs.verification.report.document import legal
from honestdocs.verification.report.excerpt import Sources
from honestdocs.verification.report.model import Report
from honestdocs.verification.report.stream import rulings

_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What JSON leaves as it is and YAML 1.2 wants escaped (section 5.1)."""


def render_tap(report: Report, sources: Sources) -> str:
    """The stream as text, with a line break at its end. What is accepted is a point to do."""
    points = rulings(report, sources)
    lines = ["TAP version 14", f"1..{len(points)}"]
    if not points:
        lines[1] += " # SKIP nothing was checked"
    for number, ruling in enumerate(points, 1):
        lines += _point(report, number, ruling)
    return legal("\n".join(lines)) + "\n"


def _point(report: Report, number: int, ruling: Ruling) -> Iterator[str]:
    name = _escape(f"{report.at(ruling.place)}: {ruling.name}")
    well = ruling.outcome in {Outcome.PASSED, Outcome.SKIPPED} and not ruling.accepted
    yield f"{'ok' if well else 'not ok'} {number} - {name}{_directive(ruling)}"
    if ruling.findings:
        yield "  ---"
        yield f"  outcome: {_quote(ruling.outcome.value)}"
        yield f"  duration_ms: {ruling.seconds * 1000:.0f}"
        yield "  findings:"
        for finding in ruling.findings:
            yield from _finding(report, finding)
        yield "  ..."


def _directive(ruling: Ruling) -> str:
    if ruling.outcome is not Outcome.SKIPPED:
        return ""
    return f" # {'TODO' if ruling.accepted else 'SKIP'} {_escape(ruling.reason)}".rstrip()


def _finding(report: Report, finding: Finding) -> Iterator[str]:
    yield f"    - message: {_quote(finding.message)}"
    yield f"      severity: {finding.level}"
    yield f"      rule: {_quote(finding.id)}"
    yield f"      at: {_quote(report.at(finding.place))}"
    if finding.column is not None:
        yield f"      column: {finding.column}"
    if finding.advice:
        yield f"      fix: {_quote(finding.advice)}"


def _quote(text: str) -> str:
    """A double-quoted scalar of YAML 1.2, which JSON's strings are but for a few characters."""
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _escape(text: str) -> str:
    """A description in which nothing is taken for a directive."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("#", "\\#")
