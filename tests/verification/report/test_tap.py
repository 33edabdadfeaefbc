"""The stream in TAP, read by tap.py, a consumer of others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tap.parser import Parser

from honestdocs.contract.baseline import Baseline, Terms
from honestdocs.contract.finding import Check, Finding, Ruling
from honestdocs.contract.outcome import Outcome
from honestdocs.contract.place import Place
from honestdocs.verification.report import Report, Sources
from honestdocs.verification.report.settling import settle
from honestdocs.verification.report.stream import findings
from honestdocs.verification.report.tap import render_tap


def points(text: str) -> list[Any]:
    lines = list(Parser().parse_text(text))
    assert not [line for line in lines if line.category == "unknown"]
    assert (lines[0].category, lines[0].version) == ("version", 14)
    found = [line for line in lines if line.category == "test"]
    assert lines[1].expected_tests == len(found)
    assert [point.number for point in found] == list(range(1, len(found) + 1))
    return found


def test_every_example_and_the_claims_of_every_page_are_points(
    report: Report, sources: Sources
) -> None:
    found = points(render_tap(report, sources))
    assert len(found) == 7
    assert not any(point.ok for point in found[:6])
    assert "docs/api/articles.rst:23: GET /articles/7f3a → 200" in found[0].description
    first = found[0].yaml_block["findings"][0]
    assert first["message"].startswith("/data/title: documented")
    assert first["at"].startswith("docs/api/articles.rst:")
    assert found[2].yaml_block["outcome"] == "error"


def test_what_a_baseline_accepts_is_still_to_do(report: Report, sources: Sources) -> None:
    day = date(2026, 12, 31)
    terms = Terms(owner="Ada", expires=day)
    baseline = Baseline().accept(findings(report, sources), terms)
    found = points(render_tap(settle(report, baseline, day, sources), sources))
    todo = [point for point in found if point.todo]
    assert len(todo) == 5
    assert not any(point.ok for point in todo)
    assert todo[0].directive.text.startswith("TODO accepted until 2026-12-31 (Ada)")


@pytest.mark.parametrize("text", ["a # TODO b", "c\nok 9 - d", "\\ # SKIP", "\x85 \u2028 \ufeff"])
def test_no_text_is_taken_for_more_than_text(text: str, sources: Sources) -> None:
    finding = Finding(
        check=Check.STYLE, rule="r", message=text, place=Place("a.rst", 3), subject="s"
    )
    ruling = Ruling(
        check=Check.STYLE,
        page="a",
        name="style",
        place=Place("a.rst"),
        outcome=Outcome.FAILED,
        findings=(finding,),
    )
    skipped = replace(ruling, outcome=Outcome.SKIPPED, reason=text, findings=())
    found = points(render_tap(Report(rulings=(ruling, skipped)), sources))
    assert [point.todo for point in found] == [False, False]
    assert [point.skip for point in found] == [False, True]
    assert found[0].yaml_block["findings"][0]["message"] == text


def test_nothing_checked_is_a_plan_of_nothing(sources: Sources) -> None:
    assert render_tap(Report(), sources) == "TAP version 14\n1..0 # SKIP nothing was checked\n"
