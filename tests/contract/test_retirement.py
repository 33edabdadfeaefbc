"""What is going away: pages against the header fields that services really send."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.writing import operation
from honestdocs.contract.example import Example
from honestdocs.contract.outcome import Outcome, Result
from honestdocs.contract.place import Place
from honestdocs.contract.retirement import disagreements, retirements

PLACE = Place("page.rst", 3)
EXAMPLE = Example(
    id="page#1",
    page="page",
    operation="GET /old",
    request=None,
    response=None,
    request_place=PLACE,
    request_block=PLACE,
)


def told(*headers: str, deprecated: bool, outcome: Outcome = Outcome.PASSED) -> list[str]:
    old = replace(operation("GET", "/old"), deprecated=deprecated)
    result = Result(example="page#1", outcome=outcome, observed_headers=headers)
    found = retirements([old, operation("GET", "/new")], [EXAMPLE], {"page#1": result})
    return [lie.message for lie in disagreements(found)]


@pytest.mark.parametrize("header", ["Deprecation", "deprecation", "Sunset"])
def test_a_documented_deprecation_that_is_announced_is_in_order(header: str) -> None:
    assert told("Content-Type", header, deprecated=True) == []


def test_a_documented_deprecation_that_no_answer_announces_is_found() -> None:
    (said,) = told("Content-Type", deprecated=True)
    assert said == "GET /old is documented as deprecated, and no answer of it carries Deprecation"


def test_an_announced_deprecation_that_is_not_documented_is_found() -> None:
    (said,) = told("Deprecation", "Sunset", deprecated=False)
    assert said.startswith("GET /old answers with Deprecation and Sunset, and is not documented")


def test_a_documented_header_documents_the_deprecation_too() -> None:
    old = operation("GET", "/old", headers=["Sunset"])
    result = Result(example="page#1", outcome=Outcome.PASSED, observed_headers=("Sunset",))
    assert not disagreements(retirements([old], [EXAMPLE], {"page#1": result}))


def test_an_answer_that_could_not_be_had_says_nothing() -> None:
    assert told(deprecated=True, outcome=Outcome.ERROR) == []
    assert told(deprecated=True, outcome=Outcome.SKIPPED) == []


def test_what_nobody_calls_deprecated_is_not_listed() -> None:
    assert retirements([operation("GET", "/new")], [], {}) == ()
