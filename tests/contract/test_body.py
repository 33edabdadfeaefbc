"""Documented bodies against observed bytes."""

from __future__ import annotations

import pytest

from contract.writing import answer, compared, mismatches
from honestdocs.contract.body import decode
from honestdocs.contract.wire import WireResponse

PLAIN = "HTTP/1.1 200 OK\nContent-Type: text/plain\n\n"


def told(documented: str, body: bytes, head: str = PLAIN) -> list[tuple[str, str, int | None]]:
    return mismatches(compared(head + documented, answer(head)._replace(body=body)))


@pytest.mark.parametrize(
    ("documented", "observed"),
    [
        ("one\ntwo", b"one\ntwo"),
        ("one\ntwo", b"one\r\ntwo\r\n"),
        ("one\ntwo", b"\none\rtwo\n\n"),
        ("...", b"anything\nat all"),
        ("one\n...\nthree", b"one\ntwo\nthree"),
        ("one\n...\nthree", b"one\nthree"),
        ("one\n...", b"one"),
        ("...\nthree", b"one\ntwo\nthree"),
        ("one t...e", b"one two three"),
        ("<!doctype html>\n…\n</html>", b"<!doctype html>\n<html>\n</html>"),
        ("89881454-e4e9-4ef0-99a9-404d95900352", b"fec930f1-4e30-4b1c-8a63-0fafbe508d48"),
        ("ü", "ü".encode()),
    ],
)
def test_these_texts_agree(documented: str, observed: bytes) -> None:
    assert told(documented, observed) == []


@pytest.mark.parametrize(
    ("documented", "observed"),
    [
        ("one\ntwo", b"one\ntwo\nthree"),
        ("one\ntwo", b"one two"),
        ("one", b"One"),
        ("one", b" one"),
        ("one\n...\nthree", b"one\ntwo"),
        ("one", b""),
        ("...", b""),
        ("ü", "ü".encode("latin-1")),
    ],
)
def test_these_texts_do_not(documented: str, observed: bytes) -> None:
    assert told(documented, observed) == [("body", "body", 4)]


def test_long_bodies_are_told_in_brief() -> None:
    judgement = compared(f"{PLAIN}{'word ' * 100}end", f"{PLAIN}{'other ' * 100}end")
    (mismatch,) = judgement.results[0].mismatches
    assert len(mismatch.documented) < 130
    assert mismatch.documented.endswith("end")


@pytest.mark.parametrize(
    ("head", "lie"),
    [
        ("HTTP/1.1 200 OK", False),
        ("HTTP/1.1 200 OK\nA: b", False),
        ("HTTP/1.1 304 Not Modified", False),
        ("HTTP/1.1 200 OK\nContent-Length: 0", True),
        ("HTTP/1.1 204 No Content", True),
        ("HTTP/1.1 205 Reset Content", True),
    ],
)
def test_a_response_that_ends_with_its_headers_claims_no_body_unless_it_says_so(
    head: str,
    lie: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert mismatches(compared(head, head)) == []
    found = mismatches(compared(head, answer(head)._replace(body=b'{"a": 1}')))
    assert found == ([("body", "body", 1)] if lie else [])


def test_the_body_of_a_head_request_is_not_compared() -> None:
    documented = 'HTTP/1.1 200 OK\nA: b\n\n{"a": 1}'
    found = compared(documented, "HTTP/1.1 200 OK\nA: b", request="HEAD /a HTTP/1.1")
    assert mismatches(found) == []
    assert mismatches(compared(documented, "HTTP/1.1 200 OK\nA: b")) == [("body", "body", 4)]


BYTES = b"\x89PNG\r\n\x1a\n\0\0\xff\xfe"


@pytest.mark.parametrize("documented", ["...", "…", "<image>", "[binary data]"])
def test_binary_data_may_be_elided(documented: str) -> None:
    head = "HTTP/1.1 200 OK\nContent-Type: image/png\n\n"
    judgement = compared(head + documented, answer(head)._replace(body=BYTES))
    assert mismatches(judgement) == []
    assert judgement.results[0].matched == ("body: 12 bytes",)


def test_binary_data_is_no_text() -> None:
    assert told("some text", BYTES) == [("body", "body", 4)]
    assert told("some text", b"some\0text") == [("body", "body", 4)]


@pytest.mark.parametrize(
    ("data", "media", "text"),
    [
        ("ü".encode(), "text/plain", "ü"),
        ("ü".encode(), "", "ü"),
        ("ü".encode("latin-1"), "text/plain; charset=ISO-8859-1", "ü"),
        ("ü".encode("utf-16"), 'text/plain; charset="utf-16"', "ü"),
        ("ü".encode("latin-1"), "text/plain; charset=iso-8859-1; a=b", "ü"),
        (b"a", "text/plain; charset=", "a"),
        ("ü".encode("latin-1"), "text/plain", None),
        (b"a", "text/plain; charset=nonsense", None),
        (b"a", "text/plain; charset=undefined", None),
        (b"a", "text/plain; charset=base64", None),
        (b"a\0b", "text/plain", None),
        (b"", "text/plain", ""),
    ],
)
def test_a_body_is_read_in_its_charset(data: bytes, media: str, text: str | None) -> None:
    assert decode(data, media) == text


@pytest.mark.parametrize(
    ("media", "observed", "kinds"),
    [
        ("application/json", b'{ "a" :1 }', []),
        ("text/plain", b'{ "a" :1 }', []),
        ("application/json", b"{'a': 1}", ["type"]),
        ("application/json", b"<html>", ["type"]),
        ("text/html", b"<html>", ["type"]),
        ("application/json", b"[1]", ["type"]),
        ("application/json", b"1", ["type"]),
        ("application/json", b'{"a": NaN}', ["type"]),
        ("application/json", b'{"a": 1', ["type"]),
    ],
)
def test_what_is_documented_as_json_has_to_come_as_json(
    media: str, observed: bytes, kinds: list[str]
) -> None:
    head = f"HTTP/1.1 200 OK\nContent-Type: {media}\n\n"
    assert [kind for kind, _, _ in told('{"a": 1}', observed, head)] == kinds


def test_lines_of_json_are_compared_one_by_one() -> None:
    documented = '{"a": 1}\n{"a": 2}'
    assert told(documented, b'{"a":1}\n{"a":2}\n') == []
    assert told(documented, b'{"a":1}\n{"a":3}\n') == [("value", "/1/a", 5)]
    assert told(documented, b'{"a":1}') == [("length", "body", 4)]
    assert told('{"a": 1}\n...', b'{"a":1}\n{"a":2}\n{"a":3}\n') == []


def test_a_scalar_may_be_a_whole_body() -> None:
    head = "HTTP/1.1 200 OK\nContent-Type: application/json\n\n"
    assert told('"a3tb"', b'"a3tb"', head) == []
    assert told('"a3tb"', b'"x7kq"', head) == [("value", "body", 4)]
    assert told('"a3tb"', b"5", head) == [("type", "body", 4)]


def test_a_scalar_body_is_bound_when_a_later_request_uses_it() -> None:
    head = "HTTP/1.1 200 OK\nContent-Type: application/json\n\n"
    later = ["PUT /a3tb HTTP/1.1"]
    judgement = compared(f'{head}"a3tb"', f'{head}"x7kq"', later=later)
    assert mismatches(judgement) == []
    assert judgement.bound == (("a3tb", "x7kq"),)


def test_an_empty_answer_without_a_body_claim_passes() -> None:
    assert mismatches(compared("HTTP/1.1 200 OK", WireResponse(status=200))) == []


def test_of_a_member_that_a_server_sends_twice_the_last_one_counts() -> None:
    assert told('{"a": 1}', b'{"a": 2, "a": 1}') == []
    assert told('{"a": 1}', b'{"a": 1, "a": 2}') == [("value", "/a", 4)]
