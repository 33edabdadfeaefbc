"""A finding is known again by what it is about, wherever its lines have gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from honestdocs.contract.finding import Check, Finding, Fix, Level, outcome_of
from honestdocs.contract.outcome import Outcome
from honestdocs.contract.place import Place

TEH = Finding(
    check=Check.SPELLING,
    rule="misspelling",
    message="teh ==> the",
    place=Place("guide/index.rst", 4),
    subject="teh",
)


def test_a_fingerprint_forgets_lines_columns_and_words_for_people() -> None:
    moved = replace(TEH, place=Place("guide/index.rst", 99), column=3, message="write the")
    assert moved.fingerprint == TEH.fingerprint


@pytest.mark.parametrize(
    "other",
    [
        replace(TEH, place=Place("guide/other.rst", 4)),
        replace(TEH, subject="adn"),
        replace(TEH, rule="another"),
        replace(TEH, check=Check.STYLE),
    ],
)
def test_another_file_rule_check_or_subject_is_another_finding(other: Finding) -> None:
    assert other.fingerprint != TEH.fingerprint


def test_only_errors_decide_the_outcome_and_a_failure_outweighs_what_was_not_checked() -> None:
    told = replace(TEH, level=Level.WARNING)
    unchecked = replace(TEH, outcome=Outcome.ERROR)
    assert outcome_of(()) is Outcome.PASSED
    assert outcome_of((told,)) is Outcome.PASSED
    assert outcome_of((told, unchecked)) is Outcome.ERROR
    assert outcome_of((unchecked, TEH)) is Outcome.FAILED


def test_a_fix_ends_where_its_removed_text_ends() -> None:
    fix = Fix(line=4, column=7, removed="teh", inserted="the")
    line = "Read  teh guide."
    assert line[fix.column - 1 : fix.end_column - 1] == "teh"
