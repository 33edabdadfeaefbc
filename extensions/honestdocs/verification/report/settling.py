"""A report on one day under a baseline: what is accepted no longer fails.

Owns how acceptances change results, lies and rulings. Must not know where the baseline is kept.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from honestdocs.contract.baseline import Acceptance, Allowance, Baseline
from honestdocs.contract.example import Example
from honestdocs.contract.finding import UNRESOLVED, Check, Ruling, is_asked_for, outcome_of
from honestdocs.contract.outcome import Lie, Mismatch, Outcome, Result
from honestdocs.contract.shard import Part
from honestdocs.verification.report.excerpt import Sources
from honestdocs.verification.report.model import Identity, Report, Settlement, identity
from honestdocs.verification.report.stream import (
    findings,
    lie_finding,
    mismatch_finding,
    sentences,
    unchecked_finding,
)


def settle(report: Report, baseline: Baseline, today: date, sources: Sources) -> Report:
    """The report without what the baseline accepts: an example of which all is accepted is
    skipped with the terms for its reason, and of another only what is new is told.
    """
    allowance = Allowance(baseline, today)
    settling = _Settling(report, allowance, sources)
    results = {e.id: settling.result(e) for e in report.examples if e.id in report.results}
    lies = tuple(lie for lie in report.lies if settling.stands(lie))
    others = tuple(settling.ruling(ruling) for ruling in report.rulings)
    found = {finding.fingerprint for finding in findings(report, sources)}
    settlement = Settlement(
        accepted=tuple(allowance.accepted),
        expired=tuple(one for one in baseline.expired(today) if one.fingerprint in found),
        fixed=fixed(report, baseline, sources),
    )
    return replace(
        report,
        results={**report.results, **results},
        lies=lies,
        rulings=others,
        settlement=settlement,
        unsettled=None if report.part is None else report,
    )


def fixed(report: Report, baseline: Baseline, sources: Sources) -> tuple[Acceptance, ...]:
    """The acceptances of an unsettled report that are no longer needed: what they accept was
    looked for and not found.
    """
    return baseline.unused(findings(report, sources), _looked_for(report))


def _looked_for(report: Report) -> Callable[[Acceptance], bool]:
    """Whether a check came to where an acceptance's finding would have been found."""
    outcomes = {example.id: report.result(example).outcome for example in report.examples}
    gone = Outcome.PASSED if report.part is None else Outcome.SKIPPED  # or in another shard
    ran = {ruling.check.value for ruling in report.rulings}
    whole = {ruling.check.value for ruling in report.rulings if not ruling.partial}

    def answer(one: Acceptance) -> bool:
        if one.check == Check.EXAMPLES:
            known = outcomes.get(one.example, gone)
            return known in {Outcome.PASSED, Outcome.FAILED}
        if report.part is not None and not _is_told_by(report.part, one):
            return False
        return one.check in (ran if one.rule == UNRESOLVED else whole)

    return answer


def _is_told_by(part: Part, one: Acceptance) -> bool:
    """Whether a shard looked wherever an acceptance's finding could be: an acceptance does not say
    whose host was asked, so that only all shards together know of that.
    """
    return not is_asked_for(one.check, one.rule) and part.covers(posixpath.splitext(one.file)[0])


class _Settling:
    """Goes through a report with an allowance."""

    def __init__(self, report: Report, allowance: Allowance, sources: Sources) -> None:
        self._report = report
        self._allowance = allowance
        self._sources = sources
        self._healthy = {state.name for state in report.services if state.healthy}
        self._untold = set(map(id, (*report.false_claims, *report.mistakes)))
        self._said = sentences(report)
        self._waived: set[Identity] = set()

    def result(self, example: Example) -> Result:
        result = self._report.result(example)
        if result.outcome is Outcome.ERROR and result.service in self._healthy:
            acceptance = self._allowance.take(unchecked_finding(example, result))
            return _waived(result, acceptance) if acceptance else result
        if result.outcome is not Outcome.FAILED:
            return result
        taken = [(m, self._take(m, example)) for m in result.mismatches]
        new = tuple(mismatch for mismatch, acceptance in taken if acceptance is None)
        last = next((acceptance for _, acceptance in taken if acceptance is not None), None)
        if last is None:
            return result
        self._waived.update(identity(m) for m, acceptance in taken if acceptance is not None)
        return replace(result, mismatches=new) if new else _waived(result, last)

    def _take(self, mismatch: Mismatch, example: Example) -> Acceptance | None:
        said = self._said.get(mismatch, "")
        return self._allowance.take(mismatch_finding(mismatch, example.id, self._sources, said))

    def stands(self, lie: Lie) -> bool:
        """Whether a lie still counts; what a result tells stands or falls with it."""
        if id(lie) in self._untold:
            return self._allowance.take(lie_finding(lie, self._sources)) is None
        return lie.warning or identity(lie.mismatch) not in self._waived

    def ruling(self, ruling: Ruling) -> Ruling:
        left = tuple(f for f in ruling.findings if self._allowance.take(f) is None)
        if len(left) == len(ruling.findings):
            return ruling
        return replace(ruling, findings=left, outcome=outcome_of(left))


def _waived(result: Result, acceptance: Acceptance) -> Result:
    return replace(result, outcome=Outcome.SKIPPED, reason=acceptance.terms)
