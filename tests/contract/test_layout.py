"""A message is found again in what a page makes of its lines."""

from __future__ import annotations

import pytest

from honestdocs.contract.example import Request, Response
from honestdocs.contract.layout import unfolded_form
from honestdocs.contract.message import Flaw, is_message, parse_messages


def read(text: str) -> tuple[tuple[Request | Response, ...], tuple[Flaw, ...]]:
    found = parse_messages(text)
    return found.items, found.flaws


def one_request(text: str) -> Request:
    (message,), _ = read(text)
    assert isinstance(message, Request)
    return message


@pytest.mark.parametrize(
    "folded",
    [
        "GET /pick?fruit=fig\n    &kind=ripe HTTP/1.1",
        "GET /pick\n  ?fruit=fig\n  &kind=ripe HTTP/1.1",
        "GET /pick?\n\tfruit=fig&\n\tkind=ripe HTTP/1.1",
    ],
)
def test_a_folded_target_is_one(folded: str) -> None:
    text = f"{folded}\nHost: localhost\n\nrest"
    request = one_request(text)
    assert request.target == "/pick?fruit=fig&kind=ripe"
    assert [(header.name, header.line) for header in request.headers] == [
        ("Host", folded.count("\n") + 1)
    ]
    assert (request.body, request.body_line) == ("rest", folded.count("\n") + 3)
    assert read(text)[1] == ()
    assert is_message(text)


def test_a_line_that_looks_like_the_end_of_a_target_stays_in_a_body() -> None:
    text = "POST /logs HTTP/1.1\nContent-Type: text/plain\n\nSAW /a\n\n  then HTTP/1.1"
    assert one_request(text).body == "SAW /a\n\n  then HTTP/1.1"


def test_a_head_may_be_indented_deeper_than_its_body() -> None:
    text = ' PUT /jam HTTP/1.1\n Accept: text/plain\n\n{\n  "sugar": 2\n}\n\n HTTP/1.1 200 OK\n\nok'
    (request, response), flaws = read(text)
    assert isinstance(request, Request)
    assert (request.method, request.body) == ("PUT", '{\n  "sugar": 2\n}')
    assert isinstance(response, Response)
    assert (response.status, response.line, response.body) == (200, 7, "ok")
    assert flaws == ()
    assert is_message(text)


def test_a_version_behind_the_status_begins_a_response() -> None:
    text = "POST /jam HTTP/1.1\n\n{}\n\n201 Created HTTP/1.1\nLocation: /jam/1\n\n[]"
    (request, response), flaws = read(text)
    assert isinstance(request, Request)
    assert request.body == "{}"
    assert isinstance(response, Response)
    assert (response.status, response.reason, response.body) == (201, "Created", "[]")
    assert [(flaw.line, flaw.warning) for flaw in flaws] == [(4, True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GET /jam\nAccept: text/plain", True),
        ("POST http://localhost/jam\nAccept: text/plain\n\n{}", True),
        ("GET /jam", False),
        ("GET /jam\nand eat it", False),
        ("SELL /jam\nAccept: text/plain", False),
        ("", False),
    ],
)
def test_a_request_line_without_version_needs_a_header_field(text: str, *, expected: bool) -> None:
    assert is_message(text) is expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("a=1\n&b=2", "a=1&b=2"),
        ("a=1&\nb=2&\nc=3", "a=1&b=2&c=3"),
        ("a=1\nb=2", "a=1&b=2"),
        ("no form\nat all", "no form\nat all"),
    ],
)
def test_a_form_over_several_lines_is_sent_as_one(body: str, expected: str) -> None:
    assert unfolded_form(body) == expected
    head = "POST /token HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n\n"
    assert one_request(head + body).body == expected
    assert one_request(f"POST /notes HTTP/1.1\n\n{body}").body == body
