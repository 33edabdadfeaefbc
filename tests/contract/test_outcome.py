"""Outcomes are counted, and graded by the first thing that is wrong."""

from __future__ import annotations

import pytest

from honestdocs.contract.outcome import GRADES, Grade, Kind, Mismatch, Outcome, Result, tally, worst
from honestdocs.contract.place import Place


def result(outcome: Outcome, *kinds: Kind) -> Result:
    mismatches = tuple(
        Mismatch(kind=kind, subject="s", documented="", observed="", place=Place("a", 1))
        for kind in kinds
    )
    return Result(example="e", outcome=outcome, mismatches=mismatches)


def test_every_kind_of_mismatch_has_a_grade() -> None:
    assert set(GRADES) == set(Kind)


@pytest.mark.parametrize(
    ("kinds", "grade"),
    [
        ((), None),
        ((Kind.VALUE,), Grade.VALUES),
        ((Kind.VALUE, Kind.HEADER), Grade.HEADERS),
        ((Kind.MISSING_HEADER, Kind.TYPE), Grade.STRUCTURE),
        ((Kind.LENGTH, Kind.STATUS), Grade.STATUS),
        ((Kind.STATUS, Kind.OPERATION), Grade.OPERATION),
        ((Kind.OPERATION, Kind.PARSE, Kind.BODY), Grade.PARSE),
    ],
)
def test_a_result_has_the_gravest_grade_of_its_mismatches(
    kinds: tuple[Kind, ...], grade: Grade | None
) -> None:
    assert result(Outcome.FAILED, *kinds).grade is grade
    assert worst(GRADES[kind] for kind in kinds) is grade


def test_a_tally_counts_outcomes_and_the_grades_of_failures() -> None:
    counted = tally(
        [
            result(Outcome.PASSED),
            result(Outcome.FAILED, Kind.VALUE),
            result(Outcome.FAILED, Kind.VALUE, Kind.STATUS),
            result(Outcome.FAILED),
            result(Outcome.ERROR, Kind.PARSE),
            result(Outcome.SKIPPED),
        ]
    )
    assert (counted.passed, counted.failed, counted.error, counted.skipped) == (1, 3, 1, 1)
    assert counted.total == 6
    assert counted.grades == {Grade.VALUES: 1, Grade.STATUS: 1}
    assert tally([]).total == 0
