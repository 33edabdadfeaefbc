"""What an author says of an example in a comment, and how a slip of the pen is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honestdocs.contract.errors import MarkError
from honestdocs.contract.example import Mark, MarkVerb
from honestdocs.contract.mark import is_mark, is_of, is_subject, parse_marks
from honestdocs.contract.place import Place

PLACE = Place("page.rst", 40)


def read(text: str) -> list[tuple[MarkVerb, str, str]]:
    return [(m.verb, m.subject, m.argument) for m in parse_marks(f"honestdocs: {text}", PLACE)]


@pytest.mark.parametrize(
    ("text", "verb", "subject", "argument"),
    [
        ("skip it needs a phone", MarkVerb.SKIP, "", "it needs a phone"),
        ("strict", MarkVerb.STRICT, "", ""),
        ("any /data/id", MarkVerb.ANY, "/data/id", ""),
        ("any /data/id uuid", MarkVerb.ANY, "/data/id", "uuid"),
        ("any /data/at iso  date-time", MarkVerb.ANY, "/data/at", "iso date-time"),
        ("any header X-Count number", MarkVerb.ANY, "header X-Count", "number"),
        ("any /items/*/id", MarkVerb.ANY, "/items/*/id", ""),
        ("any  header   ETag", MarkVerb.ANY, "header ETag", ""),
        ("any body", MarkVerb.ANY, "body", ""),
        ("ignore status", MarkVerb.IGNORE, "status", ""),
        ("ignore /data/x the server is late", MarkVerb.IGNORE, "/data/x", "the server is late"),
        ("ignore header X-Own new since 2.0", MarkVerb.IGNORE, "header X-Own", "new since 2.0"),
        ("capture token /data/token", MarkVerb.CAPTURE, "/data/token", "token"),
        ("capture where header Location", MarkVerb.CAPTURE, "header Location", "where"),
        ("capture all body", MarkVerb.CAPTURE, "body", "all"),
    ],
)
def test_every_mark_is_read(text: str, verb: MarkVerb, subject: str, argument: str) -> None:
    assert read(text) == [(verb, subject, argument)]


def test_a_comment_may_hold_several_marks_each_on_its_line() -> None:
    marks = parse_marks("honestdocs: strict\n  any /a\n\n  ignore /b late", PLACE)
    assert marks == (
        Mark(verb=MarkVerb.STRICT, place=Place("page.rst", 40)),
        Mark(verb=MarkVerb.ANY, subject="/a", place=Place("page.rst", 41)),
        Mark(verb=MarkVerb.IGNORE, subject="/b", argument="late", place=Place("page.rst", 43)),
    )


@pytest.mark.parametrize("comment", ["honestdocs: strict", "  honestdocs:\n strict"])
def test_a_comment_that_opens_with_our_name_speaks_to_us(comment: str) -> None:
    assert is_mark(comment)
    assert len(parse_marks(comment, PLACE)) == 1


@pytest.mark.parametrize("comment", ["", "a note", "see honestdocs: strict", "honestdocs strict"])
def test_any_other_comment_does_not(comment: str) -> None:
    assert not is_mark(comment)
    assert parse_marks(comment, PLACE) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("skp a", "unknown mark 'skp'"),
        ("Strict", "unknown mark 'Strict'"),
        ("skip", "a skip needs its reason"),
        ("any", "no subject in 'any'"),
        ("any /data/id uid", "unknown kind 'uid'; known are: string, number, "),
        ("any /data/id a phone number", "unknown kind 'a phone number'"),
        ("any id", "no subject in 'any id'"),
        ("any header", "no subject in 'any header'"),
        ("ignore", "no subject in 'ignore'"),
        ("capture token", "no subject in 'capture token'"),
        ("capture /data/id", "no subject in 'capture /data/id'"),
    ],
)
def test_a_mark_that_says_nothing_known_is_told_with_place_and_value(text: str, told: str) -> None:
    with pytest.raises(MarkError) as caught:
        parse_marks(f"honestdocs: strict\n {text}", PLACE)
    assert str(caught.value).startswith("page.rst:41: ")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("string", "a"),
        ("number", 1),
        ("number", 1.5),
        ("boolean", True),
        ("null", None),
        ("object", {}),
        ("array", []),
        ("uuid", "89881454-e4e9-4ef0-99a9-404d95900352"),
        ("http date", "Thu, 18 Jun 2015 17:02:23 GMT"),
        ("number id", 57),
    ],
)
def test_a_value_is_of_a_kind(kind: str, value: object) -> None:
    assert is_of(kind, value, "id")
    others = {"string", "number", "boolean", "null", "object", "array"} - {kind}
    assert sum(is_of(other, value, "id") for other in others) == (" " in kind or kind == "uuid")


@pytest.mark.parametrize("text", ["status", "body", "header ETag", "/data/id", "/"])
def test_a_subject_is_one_alone(text: str) -> None:
    assert is_subject(text)
    assert not is_subject(f"{text} and more")


@pytest.mark.parametrize("text", ["", "id", "header", "data.id"])
def test_other_words_are_no_subject(text: str) -> None:
    assert not is_subject(text)


@given(
    st.lists(
        st.sampled_from(["skip", "strict", "any", "ignore", "capture", "header", "/a", "*", "\n"])
        | st.text(max_size=6),
        max_size=8,
    ).map(" ".join)
)
def test_any_comment_is_read_or_refused_with_its_place(text: str) -> None:
    try:
        marks = parse_marks(f"honestdocs: {text}", PLACE)
    except MarkError as error:
        assert str(error).startswith("page.rst:")  # noqa: PT017 - some comments are refused
    else:
        assert marks == parse_marks(f"honestdocs: {text}", PLACE)
    assert parse_marks(text, PLACE) == () or is_mark(text)
