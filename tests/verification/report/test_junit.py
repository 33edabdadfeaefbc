"""JUnit XML that build servers can read, whatever the documentation holds."""

from __future__ import annotations

from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

from hypothesis import given, settings
from hypothesis import strategies as st

from honestdocs.contract.example import Example, Request
from honestdocs.contract.outcome import Kind, Lie, Mismatch, Outcome, Result
from honestdocs.contract.place import Place
from honestdocs.verification.report import Report, render_junit


def parsed(report: Report) -> Element:
    return fromstring(render_junit(report).encode("utf-8"))  # noqa: S314 - written a line above


def case(root: Element, name: str) -> Element:
    return next(element for element in root.iter("testcase") if element.get("name") == name)


def test_a_page_is_a_suite_and_an_example_a_case(report: Report) -> None:
    root = parsed(report)
    assert [suite.get("name") for suite in root] == ["api/articles", "api/shelves"]
    found = case(root, "GET /articles/7f3a → 200 (Example response)")
    assert found.get("classname") == "api.articles"
    assert (found.get("file"), found.get("line")) == ("docs/api/articles.rst", "23")
    assert found.get("time") == "0.004"


def test_counts_are_those_of_the_cases(report: Report) -> None:
    root = parsed(report)
    for element in (root, *root):
        cases = list(element.iter("testcase"))
        assert int(element.get("tests", "")) == len(cases)
        for counted, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(element.get(counted, "")) == len(list(element.iter(tag)))


def test_a_lie_is_a_failure_that_tells_all_that_differs(report: Report) -> None:
    failure = case(parsed(report), "GET /articles/7f3a → 200 (Example response)")[0]
    assert failure.tag == "failure"
    assert failure.get("type") == "structure"
    assert failure.text is not None
    assert "docs/api/articles.rst:32: structure: /data/tags is documented" in failure.text
    assert "    fix: remove 'tags'" in failure.text


def test_what_could_not_be_checked_is_an_error(report: Report) -> None:
    (error,) = case(parsed(report), "DELETE /articles/7f3a → 204")
    assert (error.tag, error.get("message")) == ("error", "the service did not answer within 10 s")


def test_a_skipped_example_says_why(report: Report) -> None:
    skipped = Result(example="put", outcome=Outcome.SKIPPED, reason="needs a mail account")
    report = replace(report, results={**report.results, "put": skipped})
    (element,) = case(parsed(report), "PUT /articles/7f3a → 201")
    assert (element.tag, element.get("message")) == ("skipped", "needs a mail account")


def test_lies_found_without_a_server_fail_the_static_claims_of_their_page(report: Report) -> None:
    articles, shelves = parsed(report)
    failure = case(articles, "static claims")[0]
    assert failure.tag == "failure"
    assert "there is no such date" in (failure.text or "")
    (output,) = case(shelves, "static claims")
    assert output.tag == "system-out"
    assert "the version of HTTP is missing" in (output.text or "")


def test_the_static_claims_of_a_page_without_lies_pass(report: Report) -> None:
    root = parsed(replace(report, lies=()))
    assert [len(case(suite, "static claims")) for suite in root] == [0, 0]


def test_an_empty_report_is_a_document() -> None:
    root = parsed(Report())
    assert (root.tag, root.get("tests"), len(root)) == ("testsuites", "0", 0)


@settings(deadline=None)
@given(st.text(), st.text(), st.text())
def test_any_text_gives_well_formed_xml(one: str, other: str, third: str) -> None:
    place = Place(third or "a.rst", 1)
    mismatch = Mismatch(
        kind=Kind.VALUE, subject=one, documented=other, observed=third, place=place, fix=one
    )
    examples = tuple(
        Example(
            id=name,
            page=one,
            label=other,
            request=Request(method="GET", target=third),
            response=None,
            request_place=place,
            request_block=place,
        )
        for name in ("failed", "error", "skipped")
    )
    results = {
        "failed": Result(example="failed", outcome=Outcome.FAILED, mismatches=(mismatch,)),
        "error": Result(example="error", outcome=Outcome.ERROR, reason=one),
        "skipped": Result(example="skipped", outcome=Outcome.SKIPPED, reason=other),
    }
    lies = (
        Lie(mismatch=mismatch, message=other),
        Lie(mismatch=mismatch, message=one, warning=True),
    )
    root = parsed(Report(root=other, examples=examples, results=results, lies=lies))
    assert len(list(root.iter("testcase"))) >= 4
