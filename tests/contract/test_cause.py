"""One cause is told once, and an outcome is kept for as long as nothing it depends on changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.writing import contract_of
from honestdocs.contract.cause import anchored, digest, group, page_causes, placed
from honestdocs.contract.outcome import Grade, Kind, Mismatch, Outcome, Result
from honestdocs.contract.place import Place

CHARSET = ("header Content-Type", "application/json; charset=UTF-8", "application/json")


def mismatch(
    kind: Kind, subject: str, documented: str = "1", observed: str = "2", line: int = 1
) -> Mismatch:
    return Mismatch(
        kind=kind,
        subject=subject,
        documented=documented,
        observed=observed,
        place=Place("page.rst", line),
        fix=f"document {observed}",
    )


def failed(name: str, *mismatches: Mismatch) -> Result:
    return Result(example=name, outcome=Outcome.FAILED, mismatches=mismatches)


def test_the_same_mismatch_in_many_examples_is_one_cause_with_all_its_places() -> None:
    results = [failed(str(at), mismatch(Kind.HEADER, *CHARSET, line=at)) for at in range(1, 40)]
    (cause,) = group(results)
    assert (cause.subject, cause.documented, cause.observed) == CHARSET
    assert [place.line for place in cause.places] == list(range(1, 40))
    assert cause.examples == tuple(str(at) for at in range(1, 40))
    assert cause.grade is Grade.HEADERS


@pytest.mark.parametrize(
    ("one", "other", "causes"),
    [
        (mismatch(Kind.VALUE, "/a"), mismatch(Kind.VALUE, "/a", line=9), 1),
        (mismatch(Kind.VALUE, "/a"), mismatch(Kind.VALUE, "/b"), 2),
        (mismatch(Kind.VALUE, "/a"), mismatch(Kind.VALUE, "/a", "3"), 2),
        (mismatch(Kind.VALUE, "/a"), mismatch(Kind.VALUE, "/a", "1", "3"), 2),
        (mismatch(Kind.VALUE, "/a"), mismatch(Kind.TYPE, "/a"), 2),
        (mismatch(Kind.MISSING_MEMBER, "/a"), mismatch(Kind.MISSING_MEMBER, "/a", "other"), 1),
        (mismatch(Kind.MISSING_HEADER, "header A"), mismatch(Kind.MISSING_HEADER, "header B"), 2),
        (mismatch(Kind.PARSE, "body"), mismatch(Kind.PARSE, "body", line=9), 2),
    ],
)
def test_kind_subject_and_values_make_a_cause(one: Mismatch, other: Mismatch, causes: int) -> None:
    assert len(group([failed("a", one), failed("b", other)])) == causes


def test_causes_are_told_gravest_first_then_most_frequent() -> None:
    value, status = mismatch(Kind.VALUE, "/a"), mismatch(Kind.STATUS, "status")
    member, other = mismatch(Kind.MISSING_MEMBER, "/a"), mismatch(Kind.MISSING_MEMBER, "/b")
    results = [failed("a", value, other), failed("b", value, member), failed("c", member, status)]
    told = [(cause.kind, cause.subject) for cause in group(results)]
    assert told == [
        (Kind.STATUS, "status"),
        (Kind.MISSING_MEMBER, "/a"),
        (Kind.MISSING_MEMBER, "/b"),
        (Kind.VALUE, "/a"),
    ]


@settings(max_examples=50)
@given(st.lists(st.text(max_size=4), max_size=4), st.lists(st.text(max_size=4), max_size=4))
def test_digests_are_equal_for_equal_parts_only(one: list[str], other: list[str]) -> None:
    assert (digest(*one) == digest(*other)) is (one == other)


PAGE = """\
GET /a HTTP/1.1
Accept: text/plain
----
HTTP/1.1 200 OK
ETag: "1"

one
----
PUT /b HTTP/1.1

two
----
HTTP/1.1 204 No Content
----
GET /c HTTP/1.1
"""


def causes(text: str, marks: str = "") -> tuple[str, ...]:
    return page_causes(contract_of(text, marks=marks).examples)


def test_causes_do_not_change_when_text_moves() -> None:
    assert causes("a line\n----\n\n" + PAGE.replace("----\n", "\n\n----\n")) == causes(PAGE)


@pytest.mark.parametrize(
    ("old", "new", "first"),
    [
        ("GET /a", "GET /x", 0),
        ("GET /a", "HEAD /a", 0),
        ("text/plain", "text/html", 0),
        ("200 OK", "201 Created", 0),
        ('"1"', '"2"', 0),
        ("one", "ONE", 0),
        ("one", "one\n...", 0),
        ('ETag: "1"', 'ETag: "1"\n...', 0),
        ("two", "three", 1),
        ("204", "205", 1),
        ("GET /c", "GET /d", 2),
    ],
)
def test_an_edit_changes_the_causes_of_its_example_and_of_all_below_it(
    old: str, new: str, first: int
) -> None:
    before, after = causes(PAGE), causes(PAGE.replace(old, new))
    assert [a == b for a, b in zip(before, after, strict=True)] == [at < first for at in range(3)]


def test_a_mark_is_part_of_the_cause() -> None:
    assert causes(PAGE) != causes(PAGE, marks="strict") != causes(PAGE, marks="any body")


def test_causes_of_different_examples_differ() -> None:
    found = causes(PAGE)
    assert len(set(found)) == len(found)


LINES = st.none() | st.integers(1, 50)
PLACES = st.builds(Place, st.sampled_from(["a.rst", "b.rst"]), LINES)


@settings(max_examples=80)
@given(PLACES, st.lists(PLACES, max_size=3), st.integers(0, 30))
def test_a_kept_result_moves_with_its_example(
    place: Place, places: list[Place], shift: int
) -> None:
    found = [replace(mismatch(Kind.VALUE, "/a"), place=one) for one in places]
    result = failed("e", *found)
    kept = anchored(result, place)
    assert placed(kept, place) == result
    moved = placed(kept, place.below(shift))
    for before, after in zip(places, moved.mismatches, strict=True):
        follows = before.file == place.file and None not in (before.line, place.line)
        assert after.place == (before.below(shift) if follows else before)
