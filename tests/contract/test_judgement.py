"""Of several responses documented for one request, the one that fits best is judged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.writing import answer, contract_of, example
from honestdocs.contract.binding import Bindings
from honestdocs.contract.judgement import Judgement, failing, judge, standing, subject_of
from honestdocs.contract.outcome import Kind, Lie, Mismatch, Outcome, Result
from honestdocs.contract.place import Place
from honestdocs.contract.usage import NOBODY

SUCCESS = 'HTTP/1.1 200 OK\n\n{"a": 1}'
REFUSAL = 'HTTP/1.1 401 Unauthorized\n\n{"error": "no"}'
OTHER_REFUSAL = 'HTTP/1.1 401 Unauthorized\n\n{"error": "never"}'


def lie(kind: Kind, example: str, *, warning: bool = False) -> Lie:
    mismatch = Mismatch(kind=kind, subject="body", documented="", observed="", place=Place("a", 1))
    return Lie(mismatch=mismatch, message="said", example=example, warning=warning)


def judged(*documented: str, observed: str, lies: tuple[Lie, ...] = ()) -> Judgement:
    examples = [
        replace(example(text, name=str(at)), alternative=at) for at, text in enumerate(documented)
    ]
    by_example = {str(at): tuple(one for one in lies if one.example == str(at)) for at in range(9)}
    return judge(examples, answer(observed), bindings=Bindings(), usage=NOBODY, lies=by_example)


def outcomes(judgement: Judgement) -> list[str]:
    return [result.outcome.value for result in judgement.results]


@pytest.mark.parametrize(
    ("documented", "observed", "expected"),
    [
        ([SUCCESS, REFUSAL], SUCCESS, ["passed", "skipped"]),
        ([SUCCESS, REFUSAL], REFUSAL, ["skipped", "passed"]),
        ([REFUSAL, OTHER_REFUSAL], OTHER_REFUSAL, ["skipped", "passed"]),
        ([SUCCESS, REFUSAL], SUCCESS.replace("1}", "2}"), ["failed", "skipped"]),
        ([REFUSAL, SUCCESS], SUCCESS.replace("1}", "2}"), ["skipped", "failed"]),
        ([SUCCESS, REFUSAL], "HTTP/1.1 500 Oh", ["failed", "skipped"]),
        ([SUCCESS, SUCCESS], SUCCESS, ["passed", "skipped"]),
    ],
)
def test_the_response_that_fits_best_is_judged(
    documented: list[str], observed: str, expected: list[str]
) -> None:
    assert outcomes(judged(*documented, observed=observed)) == expected


def test_a_response_that_did_not_come_says_which_one_did() -> None:
    _, other = judged(SUCCESS, REFUSAL, observed=SUCCESS).results
    assert "(200)" in other.reason
    assert other.status is None


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (lie(Kind.PARSE, "0"), Outcome.FAILED),
        (lie(Kind.OPERATION, "0"), Outcome.FAILED),
        (lie(Kind.PARSE, "0", warning=True), Outcome.PASSED),
        (lie(Kind.UNLISTED_STATUS, "0"), Outcome.PASSED),
        (lie(Kind.DATE, "0"), Outcome.PASSED),
        (lie(Kind.CREDENTIALS, "0"), Outcome.PASSED),
    ],
)
def test_static_lies_of_reading_fail_their_example(found: Lie, outcome: Outcome) -> None:
    (result,) = judged(SUCCESS, observed=SUCCESS, lies=(found,)).results
    assert result.outcome is outcome
    assert bool(result.mismatches) is (outcome is Outcome.FAILED)
    assert failing([found]) == ((found,) if outcome is Outcome.FAILED else ())


def test_a_status_that_did_not_come_needs_no_list() -> None:
    unlisted, date = lie(Kind.UNLISTED_STATUS, "0"), lie(Kind.DATE, "0")
    (wrong,) = judged(SUCCESS, observed=REFUSAL).results
    (right,) = judged(SUCCESS, observed=SUCCESS).results
    assert standing([unlisted, date], {"0": wrong}) == (date,)
    assert standing([unlisted, date], {"0": right}) == (unlisted, date)
    assert standing([unlisted, date], {}) == (unlisted, date)


def test_a_result_tells_what_was_seen() -> None:
    observed = 'HTTP/1.1 200 OK\nA: 1\na: 2\nB: 3\n\n{"a": 1, "b": [{"c": 1}, {"c": 2}]}'
    (result,) = judged('HTTP/1.1 200 OK\n\n{"a": 1, ...}', observed=observed).results
    assert (result.status, result.observed_headers) == (200, ("A", "a", "B"))
    assert result.observed_members == ("a", "b", "b.c")


def test_members_are_told_of_documented_operations_only() -> None:
    (stray,) = contract_of(f"GET /a HTTP/1.1\n----\n{SUCCESS}").examples
    found = judge([stray], answer(SUCCESS), bindings=Bindings(), usage=NOBODY, lies={})
    assert found.results == (
        Result(example=stray.id, outcome=Outcome.PASSED, status=200, seconds=0.0),
    )


ANSWER = answer(
    "HTTP/1.1 201 Created\nLocation: /a/57\nContent-Type: application/json\n\n"
    '{"id": 57, "ok": true, "name": "bob", "items": [{"k": null}], "a/b": 1.5}'
)


@pytest.mark.parametrize(
    ("subject", "value"),
    [
        ("status", "201"),
        ("header location", "/a/57"),
        ("header X-None", None),
        ("/id", "57"),
        ("/ok", "true"),
        ("/name", "bob"),
        ("/items/0", '{"k": null}'),
        ("/items/0/k", None),
        ("/a~1b", "1.5"),
        ("/none", None),
        ("body", ANSWER.body.decode()),
    ],
)
def test_a_part_of_a_response_has_a_text(subject: str, value: str | None) -> None:
    assert subject_of(ANSWER, subject) == value


def test_a_response_without_json_has_no_members_to_capture() -> None:
    plain = answer("HTTP/1.1 200 OK\nContent-Type: text/plain\n\nhello")
    assert subject_of(plain, "/id") is None
    assert subject_of(plain, "body") == "hello"
    assert subject_of(plain._replace(body=b"\xff\xfe\0"), "body") is None
