"""Lies that a page tells without a server, and honest text that tells none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.writing import block, contract_of, operation, page
from honestdocs.contract.assembly import assemble
from honestdocs.contract.claim import http_date_fault
from honestdocs.contract.credentials import basic
from honestdocs.contract.outcome import Kind, Lie


def lies(*texts: str, statuses: tuple[str, ...] = (), label: str = "") -> list[Lie]:
    """The lies of one example, its blocks at lines 100, 200 and so on."""
    blocks = [
        block(
            text,
            language="console" if text.startswith("$") else "http",
            line=100 * at,
            label=label,
        )
        for at, text in enumerate(texts, 1)
    ]
    around = operation("POST", "/a", statuses=statuses)
    return list(assemble([page(*blocks, operations=[around])]).lies)


def told(found: list[Lie]) -> list[tuple[Kind, int | None]]:
    return [(lie.mismatch.kind, lie.mismatch.place.line) for lie in found]


HONEST = """\
HTTP/1.1 201 Created
Date: Thu, 18 Jun 2015 17:02:23 GMT
Last-Modified: Thursday, 18-Jun-15 17:02:23 GMT
Expires: 0
Content-Type: application/json
Content-Length: 62

{"id": 1, "at": "2016-02-29T23:59:60Z", "day": "2015-06-18"}"""


@pytest.mark.parametrize(
    "response",
    [
        HONEST,
        "HTTP/1.1 200 OK",
        'HTTP/1.1 200 OK\n\n{"a": 1, ...}',
        "HTTP/1.1 200 OK\nContent-Type: application/json\n\n...",
        'HTTP/1.1 200 OK\n\n{"a": "<token>"}',
        "HTTP/1.1 200 OK\nContent-Type: application/json\n\n[1, ..., 9]",
        'HTTP/1.1 200 OK\nContent-Type: application/json\n\n{"a": 1}\n{"a": 2}',
        "HTTP/1.1 200 OK\nContent-Type: text/plain\n\n{not json}",
        "HTTP/1.1 200 OK\nContent-Type: text/html\n\n<p>",
        "HTTP/1.1 200 OK\n\nnot json",
        'HTTP/1.1 200 OK\nContent-Type: application/merge-patch+json\n\n{"a": null}',
        'HTTP/1.1 200 OK\n\n{"phone": "1234-5678", "isbn": "978-3-16"}',
        'HTTP/1.1 200 OK\nContent-Length: 1000\n\n{"a": …}',
        'HTTP/1.1 200 OK\nContent-Length: 99\n\n{"a": 1, "b": …}',
        'HTTP/1.1 200 OK\nContent-Length: 10\n\n{"a": "\\ud800"}',
        "HTTP/1.1 200 OK\nContent-Length: abc\n\n{}",
        'HTTP/1.1 200 OK\nContent-Length: 7\n\n{\n  "a": 1\n}',
        "HTTP/1.1 200 OK\nContent-Length: 8\n\none\ntwo",
    ],
)
def test_honest_text_tells_no_lie(response: str) -> None:
    assert lies('POST /a HTTP/1.1\n\n{"b": [true]}', response) == []


@pytest.mark.parametrize(
    ("response", "line"),
    [
        ('HTTP/1.1 200 OK\n\n{"a": }', 202),
        ('HTTP/1.1 200 OK\n\n{\n  "a": 1,\n}', 203),
        ("HTTP/1.1 200 OK\n\n{'a': 1}", 202),
        ('HTTP/1.1 200 OK\n\n{\n  "a": 1\n  "b": 2\n}', 203),
        ('HTTP/1.1 200 OK\n\n{"a": 1', 202),
        ("HTTP/1.1 200 OK\nContent-Type: application/json\n\nnot json", 203),
        ("HTTP/1.1 200 OK\nContent-Type: application/json; charset=utf-8\n\n<p>", 203),
        ('HTTP/1.1 200 OK\nContent-Type: application/problem+json\n\n{"a": 1]', 203),
        ('HTTP/1.1 200 OK\n\n{"a": <token>}', 202),
        ('{"a": }', 200),
    ],
)
def test_json_that_does_not_parse_is_a_lie_at_its_line(response: str, line: int) -> None:
    found = lies("POST /a HTTP/1.1", response)
    assert (Kind.PARSE, line) in told(found)
    assert {kind for kind, _ in told(found)} == {Kind.PARSE}
    assert all(lie.message.startswith("this JSON does not parse") for lie in found)
    assert not any(lie.warning or lie.usage for lie in found)
    assert {lie.example for lie in found} == {"page::POST /a"}
    assert found[0].mismatch.documented in response


def test_broken_json_of_a_request_is_a_lie_unless_it_earns_a_refusal() -> None:
    broken = 'POST /a HTTP/1.1\nContent-Type: application/json\n\n{"a": }'
    assert told(lies(broken, "HTTP/1.1 201 Created")) == [(Kind.PARSE, 103)]
    assert told(lies(broken)) == [(Kind.PARSE, 103)]
    assert lies(broken, "HTTP/1.1 400 Bad Request") == []
    assert lies(broken, "HTTP/1.1 422 Unprocessable") == []


def test_the_body_of_a_command_is_not_taken_for_what_its_author_wrote() -> None:
    assert lies("$ curl -d '{\"a\": }' -H 'Content-Type: application/json' localhost/a") == []


@pytest.mark.parametrize(
    ("statuses", "code", "lie"),
    [
        (("200", "404"), 200, False),
        (("200", "4xx"), 409, False),
        (("200 OK", "400-404"), 404, False),
        ((), 500, False),
        (("200", "404"), 201, True),
        (("2xx",), 304, True),
    ],
)
def test_a_status_that_its_operation_does_not_list_is_a_lie(
    statuses: tuple[str, ...],
    code: int,
    lie: bool,  # noqa: FBT001 - a column of the table
) -> None:
    for texts in (["POST /a HTTP/1.1", f"HTTP/1.1 {code} X"], [f"HTTP/1.1 {code} X"]):
        found = lies(*texts, statuses=statuses)
        expected = [(Kind.UNLISTED_STATUS, 100 * len(texts))] if lie else []
        assert told(found) == expected
        if lie:
            assert found[0].mismatch.observed == ", ".join(statuses)


def test_a_request_of_another_operation_is_one_lie_and_its_status_none() -> None:
    found = lies("PUT /a HTTP/1.1", "HTTP/1.1 500 X", statuses=("200",))
    assert told(found) == [(Kind.OPERATION, 100)]
    assert "PUT /a stands under POST /a" in found[0].message


@pytest.mark.parametrize(
    "date",
    [
        "Thu, 18 Jun 2015 17:02:23 GMT",
        "Thursday, 18-Jun-15 17:02:23 GMT",
        "Mon, 29 Feb 2016 00:00:00 GMT",
        "Sat, 31 Dec 2016 23:59:60 GMT",
        "Thu Jun 18 17:02:23 2015",
        "0",
        "-1",
        "...",
        "<date>",
        "",
    ],
)
def test_a_date_that_can_be_has_no_fault(date: str) -> None:
    assert http_date_fault(date) == ""


@pytest.mark.parametrize(
    ("date", "fault"),
    [
        ("Wed, 18 Jun 2015 17:02:23 GMT", "18 Jun 2015 was a Thu, not a Wed"),
        ("Tue, 30 Feb 2016 00:00:00 GMT", "no such date"),
        ("Thu, 32 Jun 2015 17:02:23 GMT", "no such date"),
        ("Thu, 18 Jun 2015 25:02:23 GMT", "no such date"),
        ("Thu, 18 Jux 2015 17:02:23 GMT", "'Jux' is no month"),
        ("Mon, 29 Feb 2015 00:00:00 GMT", "no such date"),
    ],
)
def test_an_impossible_date_says_what_is_wrong(date: str, fault: str) -> None:
    assert fault in http_date_fault(date)


@pytest.mark.parametrize(
    "name", ["Date", "expires", "Last-Modified", "If-Modified-Since", "Sunset"]
)
def test_an_impossible_date_in_a_header_field_is_a_lie_at_its_line(name: str) -> None:
    field = f"X-Own: a\n{name}: Wed, 18 Jun 2015 17:02:23 GMT"
    assert told(lies(f"POST /a HTTP/1.1\n{field}", "HTTP/1.1 200 OK")) == [(Kind.DATE, 102)]
    assert told(lies("POST /a HTTP/1.1", f"HTTP/1.1 200 OK\n{field}")) == [(Kind.DATE, 202)]


def test_any_other_header_field_may_hold_an_odd_date() -> None:
    field = "X-Birthday: Wed, 18 Jun 2015 17:02:23 GMT"
    assert lies(f"POST /a HTTP/1.1\n{field}", f"HTTP/1.1 200 OK\n{field}") == []


@pytest.mark.parametrize(
    "date", ["2015-02-29", "2015-06-31T10:00:00Z", "2015-06-18T25:00", "2015-13-01T00:00:00"]
)
def test_an_impossible_date_in_a_body_is_a_lie_at_its_line(date: str) -> None:
    body = f'{{\n  "a": 1,\n  "at": "{date}"\n}}'
    found = lies("POST /a HTTP/1.1", f"HTTP/1.1 200 OK\n\n{body}")
    assert told(found) == [(Kind.DATE, 204)]
    assert date in found[0].message


@pytest.mark.parametrize(
    ("length", "body"),
    [("3", '{"a": 1}'), ("1000", '{"a": 1}'), ("3", "one two"), ("100", "one two")],
)
def test_a_length_that_no_spelling_of_the_body_has_is_a_warning(length: str, body: str) -> None:
    found = lies("POST /a HTTP/1.1", f"HTTP/1.1 200 OK\nContent-Length: {length}\n\n{body}")
    assert told(found) == [(Kind.LENGTH, 201)]
    assert found[0].warning
    assert found[0].mismatch.documented == length


@pytest.mark.parametrize(
    ("user", "said"),
    [("alice:s3cret", "the user"), ("bob:other", "the password"), ("bob:", "the password")],
)
def test_credentials_that_contradict_the_command_are_a_lie(user: str, said: str) -> None:
    raw = f"POST /a HTTP/1.1\nHost: a\nAuthorization: {basic(user)}"
    found = lies("$ http POST :80/a --auth bob:s3cret", raw)
    assert told(found) == [(Kind.CREDENTIALS, 202)]
    assert found[0].message.startswith(said)
    shown = repr(found[0].mismatch)
    assert "s3cret" not in shown
    assert "other'" not in shown.replace("another", "")


@pytest.mark.parametrize(
    "value", [basic("bob:s3cret"), "Bearer abc", "Basic <credentials>", "Basic ="]
)
def test_other_credentials_do_not_contradict_it(value: str) -> None:
    raw = f"POST /a HTTP/1.1\nAuthorization: {value}"
    assert lies("$ http POST :80/a --auth bob:s3cret", raw) == []
    assert lies("$ http POST :80/a", raw) == []


def test_a_command_for_anybody_contradicts_nobody() -> None:
    raw = f"POST /a HTTP/1.1\nAuthorization: {basic('alice:s3cret')}"
    assert lies("$ curl -X POST -u username:password http://localhost/a", raw) == []


def test_a_flaw_of_spelling_is_told_at_its_line() -> None:
    found = lies("POST /a\nX: y\nnonsense", "HTTP/1.1 200 OK")
    assert told(found) == [(Kind.PARSE, 102), (Kind.PARSE, 100)]
    assert [lie.warning for lie in found] == [False, True]
    assert [lie.mismatch.documented for lie in found] == ["nonsense", "POST /a"]


@settings(max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            [
                "GET /a HTTP/1.1",
                "HTTP/1.1 200 OK",
                "HTTP/1.1 400 No",
                "Content-Type: application/json",
                "Content-Length: 7",
                "Date: Thu, 99 Jun 2015 17:02:23 GMT",
                "Authorization: Basic eA==",
                "$ curl -u a:b localhost/a",
                "----",
                "",
                "{",
                '"a": "2015-99-99",',
                '"a": …,',
                "}",
                "...",
                "<id>",
            ]
        )
        | st.text(st.characters(exclude_categories=("Cs",)), max_size=10),
        max_size=14,
    ).map("\n".join)
)
def test_any_page_is_searched_for_lies(text: str) -> None:
    contract = contract_of(text)
    assert contract == contract_of(text)
    ids = {example.id for example in contract.examples}
    last = text.count("\n") + 1
    for lie in contract.lies:
        assert lie.message
        assert lie.example in ids or not lie.example
        assert 1 <= (lie.mismatch.place.line or 0) <= last
