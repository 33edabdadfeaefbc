"""A baseline covers what it counts, up to its day, and reads as it was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honestdocs.contract.baseline import Acceptance, Allowance, Baseline, Terms
from honestdocs.contract.baselinefile import BaselineError, parse_baseline, render_baseline
from honestdocs.contract.finding import Check, Finding, Level
from honestdocs.contract.place import Place

TODAY = date(2026, 6, 1)
TERMS = Terms(owner="Ada", expires=date(2026, 6, 30), reason="being rewritten")
TEH = Finding(
    check=Check.SPELLING,
    rule="misspelling",
    message="teh ==> the",
    place=Place("guide.rst", 4),
    subject="teh",
)
ADN = replace(TEH, subject="adn", message="adn ==> and", place=Place("a.rst", 9))
AGAIN = replace(TEH, place=Place("guide.rst", 40))


def covered(baseline: Baseline, *findings: Finding, today: date = TODAY) -> list[bool]:
    allowance = Allowance(baseline, today)
    return [allowance.take(finding) is not None for finding in findings]


def test_as_many_are_covered_as_were_accepted_and_no_more() -> None:
    once = Baseline().accept([TEH], TERMS)
    assert covered(once, TEH, AGAIN, ADN) == [True, False, False]
    assert covered(once.accept([TEH, AGAIN], TERMS), TEH, AGAIN, ADN) == [True, True, False]


def test_the_last_day_still_counts_and_the_next_does_not() -> None:
    baseline = Baseline().accept([TEH], TERMS)
    assert covered(baseline, TEH, today=TERMS.expires) == [True]
    assert covered(baseline, TEH, today=date(2026, 7, 1)) == [False]


def test_what_is_only_told_needs_no_acceptance() -> None:
    told = replace(TEH, level=Level.NOTE)
    assert Baseline().accept([told], TERMS) == Baseline()


def test_an_acceptance_keeps_its_terms_when_more_is_accepted() -> None:
    first = Baseline().accept([TEH], TERMS)
    both = first.accept([TEH, ADN], replace(TERMS, owner="Bob"))
    assert [(one.file, one.owner) for one in both.acceptances] == [
        ("a.rst", "Bob"),
        ("guide.rst", "Ada"),
    ]


def test_only_expired_acceptances_are_renewed() -> None:
    old = Baseline().accept([TEH], replace(TERMS, expires=date(2026, 5, 1)))
    both = old.accept([ADN], TERMS)
    later = replace(TERMS, owner="Bob", expires=date(2027, 1, 1))
    assert [one.owner for one in both.renew(TODAY, later).acceptances] == ["Ada", "Bob"]


def test_what_is_fixed_leaves_and_what_was_not_looked_for_stays() -> None:
    baseline = Baseline().accept([TEH, AGAIN, ADN], TERMS)
    unused = baseline.unused([TEH], lambda one: one.file == "guide.rst")
    assert [(one.file, one.count) for one in unused] == [("guide.rst", 1)]
    assert [(one.file, one.count) for one in baseline.prune(unused).acceptances] == [
        ("a.rst", 1),
        ("guide.rst", 1),
    ]
    gone = baseline.unused([], lambda _: True)
    assert baseline.prune(gone) == Baseline()


TEXT = st.text(min_size=1, max_size=40)
ACCEPTANCE = st.builds(
    Acceptance,
    fingerprint=st.text("0123456789abcdef", min_size=16, max_size=16),
    check=TEXT,
    rule=TEXT,
    file=TEXT,
    message=TEXT,
    owner=TEXT,
    expires=st.dates(),
    reason=st.text(max_size=40),
    example=st.text(max_size=40),
    count=st.integers(min_value=1, max_value=10**6),
)


@given(st.lists(ACCEPTANCE, max_size=5, unique_by=lambda one: one.fingerprint))
def test_a_baseline_reads_as_it_was_written(acceptances: list[Acceptance]) -> None:
    baseline = Baseline(tuple(acceptances))
    assert parse_baseline(render_baseline(baseline), "file") == baseline


def test_the_order_in_which_findings_came_leaves_no_trace() -> None:
    one, other = Baseline().accept([TEH, ADN], TERMS), Baseline().accept([ADN, TEH], TERMS)
    assert render_baseline(one) == render_baseline(other)


ENTRY = render_baseline(Baseline().accept([TEH], TERMS))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("expires = 2026-06-30", 'expires = "soon"', "entry 1: expires is 'soon'"),
        ("expires = 2026-06-30", "", "entry 1: has no expires"),
        ('owner = "Ada"', "owner = 7", "entry 1: owner is 7, no text"),
        ('owner = "Ada"', 'owner = "Ada"\ncount = 0', "entry 1: count is 0"),
        ('owner = "Ada"', 'owner = "Ada"\nline = 4', "entry 1: unknown key 'line'"),
        ('fingerprint = "', 'fingerprint = "x', "is not 16 hexadecimal digits"),
    ],
)
def test_a_wrong_entry_is_told_with_its_file_and_place(old: str, new: str, told: str) -> None:
    with pytest.raises(BaselineError, match=r"^its name: ") as refused:
        parse_baseline(ENTRY.replace(old, new), "its name")
    assert told in str(refused.value)


def test_a_fingerprint_that_stands_twice_is_told() -> None:
    entry = ENTRY.partition("\n[[accepted]]")[2]
    with pytest.raises(BaselineError, match="stands twice"):
        parse_baseline(f"{ENTRY}\n[[accepted]]{entry}", "name")
