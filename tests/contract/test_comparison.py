"""Documented against observed: status, and what an author may say about a comparison."""

from __future__ import annotations

import pytest

from contract.writing import compared, mismatches
from honestdocs.contract.outcome import Grade
from honestdocs.contract.place import Place

BODY = '{"id": 1, "items": [{"rank": 1, "name": "a"}], "x": {"y": "z"}}'
OTHER = '{"id": "one", "items": [{"rank": 2, "name": "b"}], "x": {"y": "w", "new": 1}}'
OK = f'HTTP/1.1 200 OK\nX-Own: a\nETag: "1"\n\n{BODY}'


def test_the_same_response_proves_the_documented_one() -> None:
    judgement = compared(OK, OK)
    (result,) = judgement.results
    assert result.outcome == "passed"
    assert (result.mismatches, result.matched, result.status) == ((), (), 200)
    assert judgement.bound == ()


def test_another_status_is_the_only_thing_told() -> None:
    judgement = compared(OK, f"HTTP/1.1 404 Not Found\n\n{OTHER}")
    assert mismatches(judgement) == [("status", "status", 1)]
    (mismatch,) = judgement.results[0].mismatches
    assert (mismatch.documented, mismatch.observed) == ("200 OK", "404 Not Found")
    assert "404 Not Found" in mismatch.fix
    assert mismatch.grade is Grade.STATUS
    assert mismatch.place == Place("response.rst", 1)


def test_reasons_are_not_compared() -> None:
    assert mismatches(compared("HTTP/1.1 200 OK", "HTTP/1.1 200 Fine")) == []


def test_a_bare_answer_claims_no_status() -> None:
    assert mismatches(compared('{"a": 1}', 'HTTP/1.1 500 Oh\nX: y\n\n{"a": 1}')) == []
    assert mismatches(compared('\n{"a": 1}', 'HTTP/1.1 500 Oh\n\n{"a": 2}')) == [("value", "/a", 2)]


@pytest.mark.parametrize("mark", ["ignore status", "any status"])
def test_a_marked_status_may_be_any_and_the_rest_is_compared(mark: str) -> None:
    assert mismatches(compared("HTTP/1.1 200 OK", "HTTP/1.1 404 No", marks=mark)) == []
    other = "HTTP/1.1 404 No\nX-Own: b"
    assert mismatches(compared("HTTP/1.1 200 OK\nX-Own: a", other, marks=mark)) == [
        ("header", "header X-Own", 2)
    ]


@pytest.mark.parametrize(
    ("marks", "left"),
    [
        ("", {"/id", "/items/0/rank", "/items/0/name", "/x/y", "/x/new", "header X-Own"}),
        ("ignore /id", {"/items/0/rank", "/items/0/name", "/x/y", "/x/new", "header X-Own"}),
        ("any /id", {"/items/0/rank", "/items/0/name", "/x/y", "/x/new", "header X-Own"}),
        ("any /items", {"/id", "/x/y", "/x/new", "header X-Own"}),
        ("any /items/*/rank", {"/id", "/items/0/name", "/x/y", "/x/new", "header X-Own"}),
        ("ignore /items/0", {"/id", "/x/y", "/x/new", "header X-Own"}),
        ("any /x", {"/id", "/items/0/rank", "/items/0/name", "header X-Own"}),
        ("ignore /x/new\n any /x/y", {"/id", "/items/0/rank", "/items/0/name", "header X-Own"}),
        ("any header x-own", {"/id", "/items/0/rank", "/items/0/name", "/x/y", "/x/new"}),
        ("ignore header X-Own", {"/id", "/items/0/rank", "/items/0/name", "/x/y", "/x/new"}),
        ("any body", {"header X-Own"}),
        ("ignore body", {"header X-Own"}),
        ("any /*", {"header X-Own"}),
        ("any /i*", {"/id", "/items/0/rank", "/items/0/name", "/x/y", "/x/new", "header X-Own"}),
    ],
)
def test_marks_take_their_subject_out_of_the_comparison(marks: str, left: set[str]) -> None:
    judgement = compared(OK, f'HTTP/1.1 200 OK\nX-Own: b\nETag: "2"\n\n{OTHER}', marks=marks)
    assert {subject for _, subject, _ in mismatches(judgement)} == left


def test_a_mark_may_name_the_kind_of_value() -> None:
    documented = 'HTTP/1.1 200 OK\n\n{"a": "x"}'
    number, word = 'HTTP/1.1 200 OK\n\n{"a": 5}', 'HTTP/1.1 200 OK\n\n{"a": "y"}'
    uuid = 'HTTP/1.1 200 OK\n\n{"a": "fec930f1-4e30-4b1c-8a63-0fafbe508d48"}'
    assert mismatches(compared(documented, number, marks="any /a number")) == []
    assert mismatches(compared(documented, word, marks="any /a number")) == [("value", "/a", 3)]
    assert mismatches(compared(documented, uuid, marks="any /a uuid")) == []
    assert mismatches(compared(documented, word, marks="any /a uuid")) == [("value", "/a", 3)]
    assert mismatches(compared(documented, word, marks="any /a boolean")) != []
    etag = "HTTP/1.1 200 OK\nX-Tag: a"
    assert mismatches(compared(etag, "HTTP/1.1 200 OK\nX-Tag: b", marks="any header X-Tag uuid"))


def test_what_is_any_value_is_bound_all_the_same() -> None:
    documented = 'HTTP/1.1 200 OK\nX-Own: left\n\n{"name": "here", "n": 1, "id": 1, "ok": true}'
    observed = 'HTTP/1.1 200 OK\nX-Own: right\n\n{"name": "there", "n": 2, "id": 57, "ok": false}'
    judgement = compared(documented, observed, marks="any body\n any header X-Own")
    assert judgement.bound == (("left", "right"),)
    marks = "any /*\n any header X-Own"
    judgement = compared(documented, observed, marks=marks)
    assert judgement.bound == (("left", "right"), ("here", "there"), ("1", "57"))


def test_strictly_nothing_is_matched_by_its_kind() -> None:
    documented = (
        "HTTP/1.1 200 OK\nDate: Thu, 18 Jun 2015 17:02:23 GMT\n"
        'ETag: "1"\n\n{"id": "89881454-e4e9-4ef0-99a9-404d95900352"}'
    )
    observed = (
        "HTTP/1.1 200 OK\nDate: Fri, 02 Jan 2026 00:00:00 GMT\n"
        'ETag: "2"\n\n{"id": "fec930f1-4e30-4b1c-8a63-0fafbe508d48"}'
    )
    assert mismatches(compared(documented, observed)) == []
    told = mismatches(compared(documented, observed, marks="strict"))
    assert told == [("header", "header Date", 2), ("header", "header ETag", 3), ("value", "/id", 5)]


def test_strictness_leaves_elisions_and_other_marks_alone() -> None:
    documented = 'HTTP/1.1 200 OK\nETag: ...\n\n{"id": "a", "b": "c", ...}'
    observed = 'HTTP/1.1 200 OK\nETag: "2"\n\n{"id": "z", "b": "c", "d": 1}'
    assert mismatches(compared(documented, observed, marks="strict\n any /id")) == []


def test_mismatches_are_told_gravest_first_and_not_without_end() -> None:
    documented = 'HTTP/1.1 200 OK\nX-Own: a\n\n{"a": 1, "b": "c", "d": 1}'
    told = mismatches(compared(documented, 'HTTP/1.1 200 OK\nX-Own: b\n\n{"a": 2, "b": 1}'))
    kinds = [kind for kind, _, _ in told]
    assert kinds == ["type", "missing member", "header", "value"]
    many = ", ".join(f'"m{at}": 1' for at in range(100))
    judgement = compared("HTTP/1.1 200 OK\n\n{}", f"HTTP/1.1 200 OK\n\n{{{many}}}")
    assert len(mismatches(judgement)) == 25
