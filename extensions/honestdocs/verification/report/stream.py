"""A report as rulings and findings: the one stream that formats for build servers are made of.

Owns what becomes of results, static lies and claims without evidence in it. Must not know a
format.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from honestdocs.contract.coverage import OperationCoverage
from honestdocs.contract.example import Example
from honestdocs.contract.finding import Check, Finding, Fix, Level, Ruling, outcome_of
from honestdocs.contract.outcome import Kind, Lie, Mismatch, Outcome, Result
from honestdocs.contract.place import Place
from honestdocs.contract.secrecy import SHOWN
from honestdocs.verification.report.excerpt import Sources
from honestdocs.verification.report.gap import gaps_of
from honestdocs.verification.report.model import Report
from honestdocs.verification.report.phrase import phrase
from honestdocs.verification.report.span import find_span
from honestdocs.verification.report.story import request_line

STATIC = "static claims"
"""The name of the ruling on what is found on a page without a server."""

UNCHECKED, NOTATION, UNPROVEN = "not-checked", "notation", "unproven-claim"
DISAGREEMENT = "disagreement"
"""Rules that are no kind of a mismatch."""

LONGEST = 120
"""Longer documented values are told by their beginning in a subject."""

_EXACT = frozenset((Kind.VALUE, Kind.STATUS, Kind.HEADER, Kind.TYPE))
"""Kinds whose documented text is replaced by the observed one where it stands."""


def rulings(report: Report, sources: Sources) -> tuple[Ruling, ...]:
    """Everything that was checked, page by page, the examples of a page before its claims;
    then what else was checked.
    """
    lies, said = report.lies_by_page(), sentences(report)
    accepted = {one.finding.example for one in report.settlement.accepted}
    by_page: dict[str, list[Ruling]] = {page.page: [] for page in report.pages()}
    for example in report.examples:
        told = _example(example, report.result(example), sources, said)
        waived = told.outcome is Outcome.SKIPPED and example.id in accepted
        by_page[example.page].append(replace(told, accepted=waived) if waived else told)
    for page, found in lies.items():
        by_page[page].append(_static(page, found, sources))
    return (*chain.from_iterable(by_page.values()), *report.rulings)


def findings(report: Report, sources: Sources) -> tuple[Finding, ...]:
    """All findings in the order of the rulings, then what a baseline covers; claims without
    evidence come last.
    """
    found = [finding for ruling in rulings(report, sources) for finding in ruling.findings]
    accepted = (
        replace(one.finding, accepted=one.acceptance.terms) for one in report.settlement.accepted
    )
    return (*found, *accepted, *unproven(report))


def unproven(report: Report) -> Iterator[Finding]:
    """A note for each operation of which a claim was never seen, or something seen unclaimed."""
    for coverage in report.coverage:
        gaps = gaps_of(coverage) if coverage.proven else ()
        if gaps:
            yield _unproven(coverage, "; ".join(gaps))


def sentences(report: Report) -> Mapping[Mismatch, str]:
    """What static rules say, by the mismatch that they say it of."""
    return {lie.mismatch: lie.message for lie in report.lies}


def mismatch_finding(
    mismatch: Mismatch, example: str, sources: Sources, message: str = ""
) -> Finding:
    """A mismatch of an example as a finding, pointing at the documented text where it stands.

    ``message`` is the sentence of a static rule, where one has told the same.
    """
    column, end, fix = _point(mismatch, sources)
    return Finding(
        check=Check.EXAMPLES,
        rule=rule_of(mismatch.kind),
        message=message or phrase(mismatch),
        place=mismatch.place,
        subject=mismatch_subject(mismatch, example),
        column=column,
        end_column=end,
        advice="" if mismatch.fix == message else mismatch.fix,
        fix=fix,
        example=example,
    )


def lie_finding(lie: Lie, sources: Sources) -> Finding:
    """A lie found without a server as a finding."""
    column, end, _ = _point(lie.mismatch, sources)
    fails = lie.usage or not lie.warning
    return Finding(
        check=Check.EXAMPLES,
        rule=NOTATION if lie.usage else rule_of(lie.mismatch.kind),
        message=lie.message,
        place=lie.mismatch.place,
        subject=mismatch_subject(lie.mismatch, lie.example),
        level=Level.ERROR if fails else Level.WARNING,
        outcome=Outcome.FAILED if fails else Outcome.PASSED,
        column=column,
        end_column=end,
        advice="" if lie.mismatch.fix == lie.message else lie.mismatch.fix,
        example=lie.example,
        notation=lie.usage,
    )


def unchecked_finding(example: Example, result: Result) -> Finding:
    """An example that could not be checked as a finding."""
    return Finding(
        check=Check.EXAMPLES,
        rule=UNCHECKED,
        message=f"{request_line(example)}: {result.reason or 'it could not be checked'}",
        place=example.place,
        subject=example.id,
        outcome=Outcome.ERROR,
        example=example.id,
    )


def _disagreement(example: Example, result: Result) -> Finding:
    """An example that failed without a mismatch to show."""
    return Finding(
        check=Check.EXAMPLES,
        rule=DISAGREEMENT,
        message=f"{request_line(example)}: {result.reason or 'docs and service disagree'}",
        place=example.place,
        subject=example.id,
        example=example.id,
    )


def mismatch_subject(mismatch: Mismatch, example: str) -> str:
    """What a mismatch is about, without where it stands.

    What was observed counts only for a status: a value may differ at every run, while another
    status is another lie. What does not parse may do so in more than one way.
    """
    documented = mismatch.written
    if len(documented) > LONGEST:
        documented = f"{documented[:LONGEST]}…{len(documented)}"
    more = mismatch.observed if mismatch.kind is Kind.STATUS else ""
    if mismatch.kind is Kind.PARSE:
        more = mismatch.fix
    return " ".join(part for part in (example, mismatch.subject, documented, more) if part)


def rule_of(kind: Kind) -> str:
    """The rule that a mismatch of a kind breaks."""
    return kind.value.replace(" ", "-")


def _example(
    example: Example, result: Result, sources: Sources, said: Mapping[Mismatch, str]
) -> Ruling:
    if result.outcome is Outcome.ERROR:
        found: Iterable[Finding] = (unchecked_finding(example, result),)
    elif result.outcome is Outcome.FAILED:
        found = [
            mismatch_finding(m, example.id, sources, said.get(m, "")) for m in result.mismatches
        ]
        found = found or [_disagreement(example, result)]
    else:
        found = ()
    return Ruling(
        check=Check.EXAMPLES,
        page=example.page,
        name=request_line(example),
        place=example.place,
        outcome=result.outcome,
        reason=result.reason,
        seconds=result.seconds,
        findings=tuple(found),
    )


def _static(page: str, lies: Iterable[Lie], sources: Sources) -> Ruling:
    found = tuple(lie_finding(lie, sources) for lie in lies)
    return Ruling(
        check=Check.EXAMPLES,
        page=page,
        name=STATIC,
        place=Place(found[0].place.file),
        outcome=outcome_of(found),
        findings=found,
    )


def _unproven(coverage: OperationCoverage, gaps: str) -> Finding:
    operation = coverage.operation
    return Finding(
        check=Check.EXAMPLES,
        rule=UNPROVEN,
        message=f"{operation.key}: {gaps}",
        place=operation.place,
        subject=operation.key,
        level=Level.NOTE,
        outcome=Outcome.PASSED,
    )


def _point(mismatch: Mismatch, sources: Sources) -> tuple[int | None, int | None, Fix | None]:
    """The columns of the documented text, and the edit that makes it true where it is exact."""
    place, lines = mismatch.place, sources(mismatch.place.file)
    if not lines or place.line is None or not 0 < place.line <= len(lines):
        return None, None, None
    text, below = lines[place.line - 1], "".join(lines[place.line : place.line + 1])
    span = find_span(text, mismatch, below)
    if span.end <= span.start:
        return None, None, None
    fix = None
    observed, removed = mismatch.observed, text[span.start : span.end]
    known = observed and SHOWN not in observed and "\n" not in observed
    if mismatch.kind in _EXACT and known and removed == mismatch.documented:
        fix = Fix(line=place.line, column=span.start + 1, removed=removed, inserted=observed)
    return span.start + 1, span.end + 1, fix
