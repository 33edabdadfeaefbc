"""One record: which values a field may have, and what becomes of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncserver.storage.record import Draft, RecordError, parse_draft

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=8,
)
FIELDS = st.sampled_from(["id", "payload", "sortindex", "ttl", "parentid", "predecessorid", "x"])


@pytest.mark.parametrize(
    ("value", "draft"),
    [
        ({"id": "a", "payload": ""}, Draft("a", b"")),
        ({"id": 12, "payload": "x"}, Draft("12", b"x")),
        ({"id": "a/b c", "payload": "x"}, Draft("a/b c", b"x")),
        ({"id": "a", "payload": "\u00e9"}, Draft("a", b"\xc3\xa9")),
        ({"id": "a", "payload": "\ud800"}, Draft("a", b"\xed\xa0\x80")),
        ({"id": "a", "sortindex": "7"}, Draft("a", sortindex=7)),
        ({"id": "a", "sortindex": 7.9}, Draft("a", sortindex=7)),
        ({"id": "a", "sortindex": -999999999}, Draft("a", sortindex=-999999999)),
        ({"id": "a", "ttl": 0}, Draft("a", ttl=0)),
        ({"id": "a", "ttl": 31536000}, Draft("a", ttl=31536000)),
        (
            {"id": "a", "parentid": "", "predecessorid": 3},
            Draft("a", parentid="", predecessorid="3"),
        ),
        ({"id": "a", "sortindex": None, "ttl": None, "parentid": None}, Draft("a")),
        ({"id": "a", "modified": 1, "color": {"red": [1]}}, Draft("a")),
    ],
)
def test_a_field_is_taken_as_the_interface_says(value: object, draft: Draft) -> None:
    assert parse_draft(value) == draft


@pytest.mark.parametrize(
    ("value", "reason", "record_id"),
    [
        (5, "invalid wbo", ""),
        ([], "invalid wbo", ""),
        ({}, "invalid id", ""),
        ({"id": ""}, "invalid id", ""),
        ({"id": True}, "invalid id", ""),
        ({"id": ["a"]}, "invalid id", ""),
        ({"id": "a" * 65}, "invalid id", "a" * 65),
        ({"id": "a\0"}, "invalid id", "a\ufffd"),
        ({"id": "a", "payload": 3}, "payload not a string", "a"),
        ({"id": "a", "payload": None}, "payload not a string", "a"),
        ({"id": "a", "payload": "x" * 262145}, "payload too large", "a"),
        ({"id": "a", "payload": "\u00e9" * 131073}, "payload too large", "a"),
        ({"id": "a", "sortindex": 1000000000}, "invalid sortindex", "a"),
        ({"id": "a", "sortindex": "much"}, "invalid sortindex", "a"),
        ({"id": "a", "sortindex": True}, "invalid sortindex", "a"),
        ({"id": "a", "sortindex": 1e400}, "invalid sortindex", "a"),
        ({"id": "a", "ttl": -1}, "invalid ttl", "a"),
        ({"id": "a", "ttl": 31536001}, "invalid ttl", "a"),
        ({"id": "a", "parentid": "p" * 65}, "invalid parentid", "a"),
        ({"id": "a", "predecessorid": {}}, "invalid predecessorid", "a"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_name(
    value: object, reason: str, record_id: str
) -> None:
    with pytest.raises(RecordError) as refusal:
        parse_draft(value)
    assert (refusal.value.reason, refusal.value.record_id) == (reason, record_id)


def test_the_largest_payload_is_taken() -> None:
    assert parse_draft({"id": "a", "payload": "x" * 262144}).payload == b"x" * 262144


def test_the_path_names_the_record_whatever_the_body_says() -> None:
    assert parse_draft({"id": "b", "payload": "x"}, "a").id == "a"
    assert parse_draft({"payload": "x"}, "a").id == "a"
    with pytest.raises(RecordError):
        parse_draft({"id": "b" * 65, "payload": "x"}, "a")
    with pytest.raises(RecordError):
        parse_draft({"payload": "x"}, "a" * 65)


@given(JSON | st.dictionaries(FIELDS, JSON))
def test_whatever_a_client_sends_is_a_draft_or_refused(value: object) -> None:
    try:
        draft = parse_draft(value)
    except RecordError as error:
        error.record_id.encode()
    else:
        assert 1 <= len(draft.id) <= 64


def test_what_is_said_later_about_the_same_record_counts() -> None:
    first = Draft("a", b"x", sortindex=1, ttl=10)
    assert first.amend(Draft("a", sortindex=2)) == Draft("a", b"x", sortindex=2, ttl=10)
    assert first.amend(Draft("a", b"y")) == Draft("a", b"y", sortindex=1)
    assert first.amend(Draft("a", ttl=20)) == Draft("a", b"x", sortindex=1, ttl=20)
