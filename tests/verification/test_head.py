"""What is received: status lines, fields and bodies, ordinary and odd."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honestdocs.verification.head import Head, HeadReader, read_head
from honestdocs.verification.transport import CurlTransport, Limits
from servers.exchange import DIRECT, ask, response
from servers.misbehaving import MisbehavingServer, misbehaving


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("/ok", 200, "OK"),
        ("/no-reason", 200, ""),
        ("/empty-reason", 200, ""),
        ("/long-reason", 404, "It is not here: sorry"),
        ("/odd-status", 799, "Odd"),
        ("/teapot", 418, "I'm a teapot"),
        ("/no-content", 204, "No Content"),
        ("/not-modified", 304, "Not Modified"),
        ("/http-1.0", 200, "OK"),
    ],
)
def test_status_lines_are_read(
    transport: CurlTransport,
    server: MisbehavingServer,
    path: str,
    status: int,
    reason: str,
) -> None:
    answer = response(ask(transport, server.origin + path))
    assert (answer.status, answer.reason) == (status, reason)
    assert answer.seconds > 0


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/duplicates", (("Set-Cookie", "a=1"), ("X-Between", "x"), ("Set-Cookie", "b=2"))),
        ("/empty-header", (("X-Empty", ""), ("X-Spaces", ""), ("X-Tight", "a:b"))),
        ("/latin-1", (("X-Name", "café"),)),
        ("/utf-8", (("X-Name", "café"),)),
        ("/folded", (("X-Folded", "one two"),)),
        ("/bare-lf", (("X-A", "b"),)),
    ],
)
def test_header_fields_are_read(
    transport: CurlTransport,
    server: MisbehavingServer,
    path: str,
    headers: tuple[tuple[str, str], ...],
) -> None:
    for _ in range(2):  # the second time from memory
        answer = response(ask(transport, server.origin + path))
        assert answer.headers[1:] == headers


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/chunked", b"abcdefg"),
        ("/trailers", b"hi"),
        ("/until-close", b"all that there is"),
        ("/extra-body", b"hi"),
        ("/bare-lf", b"hi"),
    ],
)
def test_bodies_are_read(
    transport: CurlTransport, server: MisbehavingServer, path: str, body: bytes
) -> None:
    answer = response(ask(transport, server.origin + path))
    assert answer.body == body
    assert "X-Trailer" not in dict(answer.headers)


@pytest.mark.parametrize("path", ["/early-hints", "/continue"])
def test_interim_responses_are_skipped(
    transport: CurlTransport, server: MisbehavingServer, path: str
) -> None:
    answer = response(ask(transport, server.origin + path))
    assert (answer.status, answer.body) == (200, b"final")
    assert answer.headers == (("Content-Length", "5"),)


def test_redirects_are_not_followed(transport: CurlTransport, server: MisbehavingServer) -> None:
    answer = response(ask(transport, f"{server.origin}/redirect"))
    assert answer.status == 302
    assert ("Location", "/ok") in answer.headers


def test_a_requested_switch_of_protocols_ends_the_exchange(
    transport: CurlTransport, server: MisbehavingServer
) -> None:
    headers = (("Connection", "Upgrade"), ("Upgrade", "websocket"))
    answer = response(ask(transport, f"{server.origin}/switching", headers=headers))
    assert (answer.status, answer.body) == (101, b"")
    assert ("X-Seen", "yes") in answer.headers


@pytest.mark.parametrize("body", [None, b"a body, oddly"])
@pytest.mark.parametrize("method", ["HEAD", "head"])
def test_head_waits_for_no_body(transport: CurlTransport, method: str, body: bytes | None) -> None:
    with misbehaving() as other:
        answer = response(ask(transport, f"{other.origin}/hang-in-body", method, body=body))
        sent = other.requests[-1]
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers == (("Content-Length", "100"),)
    assert sent.endswith(b"\r\n\r\n" + (body or b""))


def test_head_may_announce_a_body_beyond_the_limit(
    transport: CurlTransport, server: MisbehavingServer
) -> None:
    answer = response(ask(transport, f"{server.origin}/big-body", "HEAD"))
    assert answer.headers == (("Content-Length", "300000"),)


@pytest.mark.parametrize("path", ["/gzip", "/deflate"])
def test_a_coded_body_is_decoded_where_codings_were_offered(
    transport: CurlTransport, server: MisbehavingServer, path: str
) -> None:
    headers = (("Accept-Encoding", "gzip, deflate;q=0.5"),)
    answer = response(ask(transport, server.origin + path, headers=headers))
    assert answer.body == b"unpacked"
    assert b"\r\nAccept-Encoding: gzip, deflate;q=0.5\r\n" in server.requests[-1]
    assert response(ask(transport, server.origin + path)).body != b"unpacked"


def test_a_body_as_large_as_the_limit_is_read(server: MisbehavingServer) -> None:
    with CurlTransport(Limits(max_body=300_000), environment=DIRECT) as transport:
        assert len(response(ask(transport, f"{server.origin}/big-body")).body) == 300_000


FIELDS = st.lists(
    st.tuples(
        st.from_regex(r"[!-9;-~]+", fullmatch=True),
        st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])),
    )
)


@given(status=st.integers(200, 999), reason=st.from_regex(r"[ -~]*", fullmatch=True), fields=FIELDS)
def test_what_was_written_is_read(status: int, reason: str, fields: list[tuple[str, str]]) -> None:
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in fields)]
    raw = "\r\n".join([*lines, "", ""]).encode()
    head = read_head(raw)
    assert head is not None
    assert (head.status, head.reason, head.complete) == (status, reason.strip(" \t"), True)
    assert head.headers == tuple((name, value.strip(" \t")) for name, value in fields)


@given(raw=st.binary() | st.binary().map(lambda end: b"HTTP/1.1 200 OK\r\nA: b" + end))
def test_any_bytes_are_read_or_not_but_never_fail(raw: bytes) -> None:
    head = read_head(raw)
    reader = HeadReader()
    assert reader.read(raw) == reader.read(raw) == head


@given(
    before=st.lists(st.sampled_from([b"100 Continue", b"103 Early Hints", b"199 X"])),
    after=st.sampled_from([b"", b"X-Trailer: a\r\n\r\n"]),
)
def test_only_the_final_head_counts(before: list[bytes], after: bytes) -> None:
    interim = b"".join(b"HTTP/1.1 %s\r\nA: b\r\n\r\n" % line for line in before)
    raw = interim + b"HTTP/1.1 200 OK\r\nX-Final: yes\r\n\r\n" + after
    for head in (read_head(raw), HeadReader().read(raw)):
        assert head == Head(200, "OK", (("X-Final", "yes"),), complete=True)
