"""Claims without evidence, and evidence without a claim."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.writing import contract_of, operation
from honestdocs.contract.coverage import OperationCoverage, measure
from honestdocs.contract.example import Example
from honestdocs.contract.operation import Operation
from honestdocs.contract.outcome import Outcome, Result

PASSED = Result(example="e", outcome=Outcome.PASSED, status=200)


def example(key: str, name: str) -> Example:
    (found,) = contract_of("GET /a HTTP/1.1").examples
    return replace(found, id=name, operation=key)


def cover(documented: Operation, *results: Result) -> OperationCoverage:
    named = [replace(result, example=str(at)) for at, result in enumerate(results)]
    examples = [example(documented.key, result.example) for result in named]
    (found,) = measure([documented], examples, {result.example: result for result in named})
    return found


def test_everything_claimed_and_seen_is_complete() -> None:
    documented = operation("GET", "/a", statuses=["200"], members=["id"], headers=["X-Own"])
    seen = replace(PASSED, observed_headers=("x-own", "Date"), observed_members=("id",))
    found = cover(documented, seen)
    assert found == OperationCoverage(operation=documented, examples=1, proven=1)
    assert found.complete


def test_statuses_are_covered_by_classes_and_ranges() -> None:
    documented = operation("GET", "/a", statuses=["2xx", "400-404", "500"])
    found = cover(documented, PASSED, replace(PASSED, status=404), replace(PASSED, status=409))
    assert found.unseen_statuses == ("500",)
    assert found.undocumented_statuses == ("409",)
    assert not found.complete


def test_headers_of_http_itself_need_no_claim() -> None:
    documented = operation("GET", "/a", headers=["X-Own", "ETag"])
    seen = replace(PASSED, observed_headers=("X-Other", "content-type", "Date", "Server"))
    found = cover(documented, seen)
    assert found.unseen_headers == ("X-Own", "ETag")
    assert found.undocumented_headers == ("X-Other",)


def test_an_operation_that_claims_nothing_of_a_sort_is_not_blamed_for_it() -> None:
    seen = replace(PASSED, observed_headers=("X-Other",), observed_members=("a",))
    found = cover(operation("GET", "/a"), seen)
    assert found.undocumented_statuses == ()
    assert found.undocumented_headers == ()
    assert found.undocumented_members == ()


@pytest.mark.parametrize(
    ("field", "member"),
    [
        ("id", "id"),
        ("id", "data.id"),
        ("data.id", "data.id"),
        ("data/id", "data.id"),
        ("/data/id", "data.id"),
        ("[].id", "id"),
        ("items[].id", "items.id"),
        ("data", "data.id"),
        ("data.id", "data"),
        ("permissions", "data.permissions.read"),
    ],
)
def test_a_field_names_a_member(field: str, member: str) -> None:
    found = cover(
        operation("GET", "/a", members=[field]), replace(PASSED, observed_members=(member,))
    )
    assert (found.unseen_members, found.undocumented_members) == ((), ())


@pytest.mark.parametrize(("field", "member"), [("id", "uid"), ("data.id", "meta.id"), ("a", "b")])
def test_another_member_is_another(field: str, member: str) -> None:
    found = cover(
        operation("GET", "/a", members=[field]), replace(PASSED, observed_members=(member,))
    )
    assert (found.unseen_members, found.undocumented_members) == ((field,), (member,))


def test_only_responses_that_came_are_evidence() -> None:
    documented = operation("GET", "/a", statuses=["200"])
    failed = replace(PASSED, outcome=Outcome.FAILED)
    error, skipped = (replace(PASSED, outcome=o) for o in (Outcome.ERROR, Outcome.SKIPPED))
    assert cover(documented, failed).unseen_statuses == ()
    assert cover(documented, error, skipped).unseen_statuses == ("200",)
    found = cover(documented, PASSED, failed, error, skipped)
    assert (found.examples, found.proven) == (4, 1)
    assert cover(documented).unseen_statuses == ("200",)
    assert not cover(operation("GET", "/a")).complete


def test_each_operation_is_measured_by_its_own_examples_in_the_order_given() -> None:
    operations = [operation("GET", "/b"), operation("GET", "/a")]
    examples = [example("GET /a", "x"), example("GET /b", "unknown"), example("", "y")]
    found = measure(operations, examples, {"x": PASSED, "y": PASSED})
    assert [(one.operation.path, one.proven) for one in found] == [("/b", 0), ("/a", 1)]
