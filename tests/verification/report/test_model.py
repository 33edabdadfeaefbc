"""What a report adds up to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from honestdocs.contract.outcome import Grade, Outcome
from honestdocs.contract.place import Place
from honestdocs.verification.report import Report


def test_a_report_of_nothing_is_fine() -> None:
    report = Report()
    assert report.ok
    assert report.exit_status == 0
    assert report.pages() == ()
    assert report.causes == ()


def test_a_failed_example_makes_the_exit_status_1_even_beside_errors(report: Report) -> None:
    assert report.failed
    assert report.exit_status == 1
    assert not report.ok


def test_an_error_without_a_lie_makes_the_exit_status_3(report: Report) -> None:
    error = report.results["delete"]
    report = replace(report, results=dict.fromkeys(report.results, error), lies=())
    assert report.exit_status == 3
    assert not report.failed


def test_a_lie_found_without_a_server_fails_and_a_warning_does_not(report: Report) -> None:
    report = replace(report, results={}, lies=report.lies[1:2])
    assert report.exit_status == 1
    report = replace(report, results={}, lies=report.lies[3:])
    assert report.exit_status == 0


def test_a_mistake_in_the_notation_counts_less_than_a_lie_and_more_than_an_error(
    report: Report,
) -> None:
    mistake = replace(report.lies[3], usage=True)
    error = report.results["delete"]
    errors = dict.fromkeys(report.results, error)
    assert replace(report, lies=(*report.lies, mistake)).exit_status == 1
    assert replace(report, results=errors, lies=(mistake,)).exit_status == 2
    assert replace(report, results={}, lies=(mistake,)).exit_status == 2
    assert not replace(report, results={}, lies=(mistake,)).failed


def test_an_example_without_a_result_counts_as_skipped(report: Report) -> None:
    report = replace(report, results={})
    assert report.tally.skipped == 5
    assert report.result(report.examples[0]).reason == "it was not run"


def test_results_of_examples_that_are_gone_count_for_nothing(report: Report) -> None:
    report = replace(report, examples=report.examples[:1])
    assert (report.tally.total, report.tally.failed) == (1, 1)


def test_the_tally_counts_outcomes_and_grades(report: Report) -> None:
    tally = report.tally
    assert (tally.passed, tally.failed, tally.error, tally.skipped) == (0, 4, 1, 0)
    assert tally.grades == {
        Grade.STRUCTURE: 1,
        Grade.STATUS: 1,
        Grade.PARSE: 1,
        Grade.HEADERS: 1,
    }


def test_a_lie_that_a_failed_example_tells_already_is_not_told_twice(report: Report) -> None:
    told = [lie.message for lie in report.false_claims]
    assert len(told) == 2
    assert not any("JSON" in message for message in told)


def test_the_same_lie_of_an_example_that_did_not_fail_is_told(report: Report) -> None:
    passed = replace(report.results["shelves"], outcome=Outcome.SKIPPED, mismatches=())
    report = replace(report, results={**report.results, "shelves": passed})
    assert any("JSON" in lie.message for lie in report.false_claims)


def test_pages_count_their_examples_and_lies_in_the_order_of_the_documentation(
    report: Report,
) -> None:
    articles, shelves = report.pages()
    assert (articles.page, articles.tally.failed, articles.tally.error) == ("api/articles", 2, 1)
    assert (articles.lies, articles.warnings) == (2, 0)
    assert (shelves.page, shelves.tally.failed, shelves.lies, shelves.warnings) == (
        "api/shelves",
        2,
        0,
        1,
    )
    assert not articles.proven


def test_a_lie_on_a_page_without_examples_still_belongs_to_a_page(report: Report) -> None:
    lie = replace(
        report.lies[1],
        example="",
        mismatch=replace(report.lies[1].mismatch, place=Place("guide/old.rst", 3)),
    )
    (page,) = Report(lies=(lie,)).pages()
    assert (page.page, page.lies, page.tally.total) == ("guide/old", 1, 0)


def test_causes_are_of_failed_examples_gravest_first(report: Report) -> None:
    causes = report.causes
    assert [cause.grade for cause in causes] == sorted(
        (cause.grade for cause in causes), key=list(Grade).index
    )
    assert any(len(cause.places) == 2 for cause in causes)


@pytest.mark.parametrize(
    ("root", "file", "path"),
    [
        ("docs", "api/a.rst", "docs/api/a.rst"),
        ("", "api/a.rst", "api/a.rst"),
        (".", "api/a.rst", "api/a.rst"),
        ("../other/docs/", "api/../a.rst", "../other/docs/a.rst"),
        ("docs\\source", "api\\a.rst", "docs/source/api/a.rst"),
    ],
)
def test_paths_lead_from_the_current_folder_with_slashes(root: str, file: str, path: str) -> None:
    report = Report(root=root)
    assert report.path(Place(file, 7)) == path
    assert report.at(Place(file, 7)) == f"{path}:7"
    assert report.at(Place(file)) == path
