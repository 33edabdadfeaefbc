"""JUnit XML that build servers can read, whatever the documentation holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import junitparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from honestdocs.contract.example import Example, Request
from honestdocs.contract.finding import Check, Finding, Level, Ruling
from honestdocs.contract.outcome import Kind, Lie, Mismatch, Outcome, Result
from honestdocs.contract.place import Place
from honestdocs.verification.report import Report, render_junit


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(Path(__file__).with_name("junit.xsd")))


def parsed(report: Report) -> Element:
    """The document, which the schema accepts."""
    text = render_junit(report).encode("utf-8")
    schema().assertValid(etree.fromstring(text))
    return fromstring(text)  # noqa: S314 - written a line above


def with_rulings(report: Report) -> Report:
    place = Place("api/articles.rst", 4)
    finding = Finding(
        check=Check.LINKS, rule="broken", message="404 Not Found", place=place, subject="http://a/"
    )
    moved = replace(finding, rule="moved", level=Level.WARNING, outcome=Outcome.PASSED)
    ruling = Ruling(
        check=Check.LINKS,
        page="api/articles",
        name="links",
        place=Place("api/articles.rst"),
        outcome=Outcome.FAILED,
        findings=(finding, moved),
    )
    fine = replace(ruling, page="api/shelves", outcome=Outcome.PASSED, findings=())
    skipped = replace(fine, outcome=Outcome.SKIPPED, reason="not asked")
    return replace(report, rulings=(ruling, fine, skipped))


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


def test_a_consumer_of_others_counts_and_places_the_same(report: Report, tmp_path: Path) -> None:
    file = tmp_path / "junit.xml"
    file.write_text(render_junit(with_rulings(report)), "utf-8")
    read = junitparser.JUnitXml.fromfile(str(file))
    told = (read.tests, read.failures, read.errors, read.skipped)
    ends: Counter[type] = Counter()
    for suite in read:
        for found in suite:
            ends[type(found.result[0]) if found.result else junitparser.TestCase] += 1
    assert told == (
        ends.total(),
        ends[junitparser.Failure],
        ends[junitparser.Error],
        ends[junitparser.Skipped],
    )
    assert min(told) > 0
    read.update_statistics()
    assert told == (read.tests, read.failures, read.errors, read.skipped)
    suites = {suite.name: suite for suite in read}
    links = next(one for one in suites["links"] if one.result)
    assert links.classname == "api.articles"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('tests="', 'tests="some '),
        ('line="', 'line="-'),
        ("<failure ", '<skipped message=""/><failure '),
        (' classname="', ' class="'),
    ],
)
def test_the_schema_refuses_what_no_build_server_reads(
    report: Report, right: str, wrong: str
) -> None:
    text = render_junit(with_rulings(report))
    assert right in text
    root = etree.fromstring(text.replace(right, wrong, 1).encode("utf-8"))
    assert not schema().validate(root)


def test_other_checks_are_suites_with_a_case_for_each_file(report: Report) -> None:
    *_, links = parsed(with_rulings(report))
    assert [element.get("classname") for element in links][:2] == ["api.articles", "api.shelves"]
    failure, output = links[0]
    assert failure.text == "docs/api/articles.rst:4: broken: 404 Not Found"
    assert (output.tag, output.text) == (
        "system-out",
        "docs/api/articles.rst:4: moved: 404 Not Found",
    )


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
