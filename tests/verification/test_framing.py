"""What is sent, byte for byte, as a raw socket received it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honestdocs.contract.wire import Fault, Headers
from honestdocs.verification.framing import (
    OF_THE_TRANSPORT,
    RequestError,
    header_lines,
    split_url,
)
from honestdocs.verification.transport import CurlTransport, Limits
from servers.exchange import DIRECT, PATIENT, ask, echoed, fault, response
from servers.misbehaving import MisbehavingServer


def test_nothing_is_sent_that_was_not_given(
    transport: CurlTransport, server: MisbehavingServer
) -> None:
    sent = echoed(ask(transport, f"{server.origin}/echo"))
    assert sent == b"GET /echo HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % server.port


def test_headers_keep_their_order_and_spelling(
    transport: CurlTransport, server: MisbehavingServer
) -> None:
    headers = (
        ("x-LOWER", "1"),
        ("Accept", "text/html"),
        ("user-agent", "me/1"),
        ("X-Empty", ""),
        ("X-Spaces", "   "),
        ("X-Twice", "a"),
        ("Cookie", "a=b; c=d"),
        ("X-Twice", "b"),
        ("X-Colon", "a: b;c"),
        ("Authorization", "Basic dTpw"),
        ("X-Name", "café"),
    )
    sent = echoed(ask(transport, f"{server.origin}/echo", headers=headers))
    assert sent.split(b"\r\n")[2:-2] == [
        b"x-LOWER: 1",
        b"Accept: text/html",
        b"user-agent: me/1",
        b"X-Empty:",
        b"X-Spaces:",
        b"X-Twice: a",
        b"Cookie: a=b; c=d",
        b"X-Twice: b",
        b"X-Colon: a: b;c",
        b"Authorization: Basic dTpw",
        "X-Name: café".encode(),
    ]


def test_headers_of_one_request_do_not_stay_for_the_next(
    transport: CurlTransport, server: MisbehavingServer
) -> None:
    headers = (("X-First", "1"), ("Accept-Encoding", "gzip"), ("Upgrade", "x"))
    ask(transport, f"{server.origin}/echo", "POST", headers=headers, body=b"body")
    sent = echoed(ask(transport, f"{server.origin}/echo"))
    assert sent.split(b"\r\n")[2:] == [b"", b""]


def test_the_transport_frames_messages_itself(
    transport: CurlTransport, server: MisbehavingServer
) -> None:
    headers = (
        ("Host", "elsewhere.example"),
        ("content-length", "999"),
        ("Transfer-Encoding", "chunked"),
        ("X-Kept", "yes"),
    )
    sent = echoed(ask(transport, f"{server.origin}/echo", "POST", headers=headers, body=b"ab"))
    assert sent == (
        b"POST /echo HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-Kept: yes\r\n"
        b"Content-Length: 2\r\n\r\nab" % server.port
    )


@pytest.mark.parametrize("method", ["GET", "DELETE", "OPTIONS", "PUT", "POST", "X-mine", "get"])
def test_any_method_can_carry_a_body(server: MisbehavingServer, method: str) -> None:
    body = bytes(range(256)) * 5000
    with CurlTransport(PATIENT, environment=DIRECT) as patient:
        sent = echoed(ask(patient, f"{server.origin}/echo", method, body=body))
    head, _, rest = sent.partition(b"\r\n\r\n")
    assert head.startswith(method.encode() + b" /echo HTTP/1.1\r\n")
    assert head.count(b"\r\n") == 2
    assert rest == body


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_an_empty_body_is_announced_where_one_is_usual(
    transport: CurlTransport, server: MisbehavingServer, method: str
) -> None:
    sent = echoed(ask(transport, f"{server.origin}/echo", method))
    assert sent.endswith(b"\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize("method", ["GET", "DELETE", "HEAD", "REPORT"])
def test_no_length_is_announced_where_no_body_is_usual(
    transport: CurlTransport, server: MisbehavingServer, method: str
) -> None:
    ask(transport, f"{server.origin}/echo", method)
    assert b"Content-Length" not in server.requests[-1]


def test_methods_follow_each_other_on_one_connection(server: MisbehavingServer) -> None:
    limits = Limits(max_in_flight=1)
    before = server.connections
    with CurlTransport(limits, environment=DIRECT) as transport:
        methods = ["GET", "HEAD", "POST", "GET", "PUT", "HEAD", "DELETE", "PATCH", "OPTIONS"]
        for method in methods:
            ask(transport, f"{server.origin}/echo", method, body=None)
    assert [r.split(b" ")[0].decode() for r in server.requests[-9:]] == methods
    assert server.connections == before + 1


@pytest.mark.parametrize(
    "target",
    [
        "/echo/../a/./b",
        "/echo//a//",
        "/echo?",
        "/echo?a=b?c&d",
        "/echo%2f%2F%zz%",
        "/echo|{a}[b]^`\\;@:",
        '/echo"<>',
        "/.",
    ],
)
def test_targets_are_sent_as_they_are(
    transport: CurlTransport, server: MisbehavingServer, target: str
) -> None:
    ask(transport, server.origin + target)
    assert server.requests[-1].split(b"\r\n")[0] == f"GET {target} HTTP/1.1".encode()


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("", "/"),
        ("?a=b", "/?a=b"),
        ("/a b\tc", "/a%20b%09c"),
        ("/caf\u00e9?\u2603", "/caf%C3%A9?%E2%98%83"),
        ("/a#fragment", "/a"),
        ("/a?b#c?d", "/a?b"),
    ],
)
def test_targets_become_sendable(
    transport: CurlTransport, server: MisbehavingServer, url: str, target: str
) -> None:
    ask(transport, server.origin + url)
    assert server.requests[-1].split(b" ")[1].decode() == target


def test_options_without_a_path_asks_about_the_server(
    transport: CurlTransport, server: MisbehavingServer
) -> None:
    ask(transport, server.origin, "OPTIONS")
    assert server.requests[-1].startswith(b"OPTIONS * HTTP/1.1\r\n")


def test_credentials_of_a_url_become_basic_authentication(
    transport: CurlTransport, server: MisbehavingServer
) -> None:
    url = server.origin.replace("//", "//user:secret@") + "/echo"
    assert b"\r\nAuthorization: Basic dXNlcjpzZWNyZXQ=\r\n" in echoed(ask(transport, url))
    given = echoed(ask(transport, url, headers=(("Authorization", "Bearer x"),)))
    assert given.count(b"Authorization") == 1
    assert b"\r\nAuthorization: Bearer x\r\n" in given


@pytest.mark.parametrize(
    "request_",
    [
        {"headers": (("X-A", "b\r\nX-Injected: c"),)},
        {"headers": (("X-A", "b\nc"),)},
        {"headers": (("X-A", "b\0c"),)},
        {"headers": (("X-A\r\nX-Injected", "c"),)},
        {"headers": (("", "c"),)},
        {"headers": (("X A", "c"),)},
        {"headers": (("X-A:b", "c"),)},
        {"method": "GET /other HTTP/1.1\r\nX:"},
        {"method": ""},
        {"url": "/a\r\nX-Injected: b"},
        {"url": "/a\0b"},
    ],
)
def test_injection_is_refused_and_nothing_sent(
    transport: CurlTransport, server: MisbehavingServer, request_: dict[str, str]
) -> None:
    before = len(server.requests)
    url = server.origin + request_.pop("url", "/ok")
    assert fault(ask(transport, url, **request_)).fault is Fault.OTHER
    assert len(server.requests) == before
    assert response(ask(transport, f"{server.origin}/ok")).status == 200


@pytest.mark.parametrize(
    "url", ["", "/only/path", "ftp://a/", "file:///etc/passwd", "http://", "http://a:x/"]
)
def test_what_is_no_http_url_is_a_fault(transport: CurlTransport, url: str) -> None:
    assert fault(ask(transport, url)).fault is Fault.OTHER


@given(rest=st.text())
def test_a_target_is_visible_ascii_or_refused(rest: str) -> None:
    try:
        origin, target = split_url("http://a.example" + rest)
    except RequestError:
        assert rest.strip("/?#") != ""
    else:
        assert origin.startswith("http://a.example")
        assert re.fullmatch(r"(/[!-~]*)?", target)
        assert "#" not in target


@given(path=st.from_regex(r"/[!\"$-~]*", fullmatch=True))
def test_a_sendable_target_is_not_touched(path: str) -> None:
    assert split_url("https://u:p@a.example:8/"[:-1] + path) == ("https://u:p@a.example:8", path)


@given(
    headers=st.lists(st.tuples(st.text(min_size=1), st.text())).map(tuple),
)
def test_no_header_breaks_out_of_its_line(headers: Headers) -> None:
    try:
        lines, names = header_lines(headers)
    except RequestError:
        return
    assert not any(set(line) & set(b"\r\n\0") for line in lines)
    given = [name for name, _ in headers if name.lower() not in OF_THE_TRANSPORT]
    assert names == {name.lower() for name in given}
    assert [line[: len(name)].decode() for name, line in zip(given, lines, strict=False)] == given
