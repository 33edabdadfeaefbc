"""A tried request as a documented example: what it says can be read back and proven."""

from __future__ import annotations

import json
import re

import pytest

from honestdocs.contract.message import parse_messages
from honestdocs.contract.transcript import render_transcript
from honestdocs.contract.wire import Headers, WireRequest, WireResponse


def told(
    body: bytes = b"", headers: Headers = (), *, method: str = "GET", sent: Headers = ()
) -> str:
    request = WireRequest(method=method, url="http://a/v1/x", headers=sent)
    return render_transcript(
        "/x", request, WireResponse(status=200, reason="OK", headers=headers, body=body)
    )


def blocks(text: str) -> list[str]:
    found = re.findall(r"\.\. sourcecode:: http\n\n((?:   .*\n|\n)*)", text)
    return [re.sub(r"(?m)^   ", "", block).strip("\n") for block in found]


def test_request_and_response_stand_below_their_labels() -> None:
    kind = ("Content-Type", "application/json")
    assert told(b'{"word":"tea"}', (kind,), sent=(("Accept", "*/*"),)) == (
        "**Example request**:\n\n.. sourcecode:: http\n\n   GET /x HTTP/1.1\n   Accept: */*\n"
        "\n**Example response**:\n\n.. sourcecode:: http\n\n   HTTP/1.1 200 OK\n"
        '   Content-Type: application/json\n\n   {\n       "word": "tea"\n   }\n'
    )


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1.10, "b": [1, 2.50], "c": {"d": []}, "e": [{"f": null}], "g": true}',
        b"plain words\n\nand a second paragraph",
        b"[1, 2, 3]",
        b'"one word"',
        b"",
        "ümlaut → €".encode(),
    ],
)
def test_what_it_says_can_be_read_back(body: bytes) -> None:
    request, response = blocks(told(body, (("X-A", "b c"),), sent=(("X-Q", "1"),)))
    asked = parse_messages(request).items[0]
    came = parse_messages(response).items[0]
    assert [(h.name, h.value) for h in asked.headers] == [("X-Q", "1")]
    assert [(h.name, h.value) for h in came.headers] == [("X-A", "b c")]
    try:
        assert json.loads(came.body) == json.loads(body)
    except ValueError:
        assert came.body.rstrip("\n") == body.decode()


def test_numbers_keep_their_spelling() -> None:
    assert '"modified": 1323456789.10,' in told(b'{"modified": 1323456789.10, "n": 1e5}')


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"a\x00b", b"\x1b[31mred"])
def test_a_body_that_is_no_text_is_elided(body: bytes) -> None:
    assert blocks(told(body))[1].endswith("\n\n...")


def test_what_belongs_to_a_moment_or_a_connection_is_left_out() -> None:
    passing = tuple(
        (name, "x")
        for name in ("Date", "Server", "Connection", "Content-Length", "Transfer-Encoding")
    )
    assert blocks(told(headers=(*passing, ("ETag", '"a"'))))[1] == 'HTTP/1.1 200 OK\nETag: "a"'


def test_credentials_become_placeholders() -> None:
    text = told(
        sent=(("Authorization", "Basic YTpi"), ("X-Api-Key", "hunter22")),
        headers=(("Set-Cookie", "id=hunter22"),),
    )
    assert "Authorization: Basic <credentials>" in text
    assert "X-Api-Key: <credentials>" in text
    assert "hunter22" not in text
    assert "YTpi" not in text


def test_head_shows_no_body() -> None:
    assert blocks(told(b"ghost", method="HEAD"))[1] == "HTTP/1.1 200 OK"
