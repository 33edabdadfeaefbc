"""The forms of an answer and the choice among them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncserver.storage.record import Record
from syncserver.storage.rendering import (
    Form,
    choose_form,
    render_members,
    render_record,
    render_values,
    render_written,
)
from syncserver.storage.timestamp import parse_time, read_clock, render_time


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", Form.JSON),
        ("*/*", Form.JSON),
        ("text/html", Form.JSON),
        ("~~; garbage,,;q", Form.JSON),
        ("application/newlines", Form.NEWLINES),
        ("Application/Newlines; q=0.5", Form.NEWLINES),
        ("application/whoisi", Form.WHOISI),
        ("application/newlines, application/whoisi", Form.WHOISI),
        ("application/newlines, application/whoisi;q=0.9", Form.NEWLINES),
        ("application/newlines, application/json", Form.JSON),
        ("application/newlines, application/json;q=0.1", Form.NEWLINES),
        ("application/newlines, */*", Form.NEWLINES),
        ("application/newlines;q=0", Form.JSON),
        ("application/whoisi;q=nonsense", Form.JSON),
    ],
)
def test_the_form_is_the_one_that_is_wanted_most(accept: str, form: Form) -> None:
    assert choose_form(accept) is form


RECORDS = st.builds(
    Record,
    st.text(max_size=64),
    st.integers(0, 2**50),
    st.text(max_size=100).map(str.encode),
    st.none() | st.integers(-999999999, 999999999),
    st.none() | st.text(max_size=64),
    st.none() | st.text(max_size=64),
)


@given(st.lists(RECORDS))
def test_all_forms_tell_the_same_values(records: list[Record]) -> None:
    values = [render_record(record) for record in records]
    told = json.loads(render_values(values, Form.JSON))
    assert [value["payload"].encode() for value in told] == [item.payload for item in records]
    lines = render_values(values, Form.NEWLINES).decode("ascii")
    assert lines.count("\n") == len(records)
    assert [json.loads(line) for line in lines.splitlines()] == told
    rest = render_values(values, Form.WHOISI)
    counted = []
    while rest:
        length = int.from_bytes(rest[:4], "big")
        counted.append(json.loads(rest[4 : 4 + length]))
        rest = rest[4 + length :]
    assert counted == told


def test_half_of_a_pair_comes_back_as_it_was_sent() -> None:
    record = Record("a", 0, "\ud83d".encode("utf-8", "surrogatepass"))
    assert json.loads(render_record(record))["payload"] == "\ud83d"


def test_members_are_one_object_or_an_object_each() -> None:
    members = {"a": "1", "b": "2"}
    assert json.loads(render_members(members, Form.JSON)) == {"a": 1, "b": 2}
    assert render_members(members, Form.NEWLINES) == b'{"a":1}\n{"b":2}\n'
    assert render_members({}, Form.NEWLINES) == b""


def test_what_was_written_is_told_with_the_time_in_full() -> None:
    assert render_written(110, ["a"], {"b": ["invalid id"]}) == (
        b'{"modified":1.10,"success":["a"],"failed":{"b":["invalid id"]}}'
    )


@given(st.integers(0, 2**45))
def test_a_time_reads_back_as_it_was_told(time: int) -> None:
    text = render_time(time)
    assert len(text.partition(".")[2]) == 2
    assert parse_time(text) == time


def test_a_time_is_rounded_to_the_nearest_hundredth() -> None:
    assert [parse_time(text) for text in ("1.014", "1.016", "7")] == [101, 102, 700]
    assert read_clock(12.349) == 1234
    assert render_time(5) == "0.05"
