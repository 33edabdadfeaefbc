"""Servers that misbehave, and the sentence that tells what each did."""

from __future__ import annotations

import pytest

from honestdocs.contract.wire import Fault
from honestdocs.verification.transport import CurlTransport, Limits
from servers.exchange import ask, fault, response
from servers.misbehaving import MisbehavingServer, deaf, nobody


@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [
        ("/hang", Fault.TIMEOUT, "sent no response in 0.4 s"),
        ("/hang-in-status", Fault.TIMEOUT, "sent no response in 0.4 s"),
        ("/hang-in-head", Fault.TIMEOUT, "not sent all of its header fields after 0.4 s"),
        ("/hang-in-body", Fault.TIMEOUT, "not sent all of the body after 0.4 s: 9 bytes"),
        ("/hang-after-interim", Fault.TIMEOUT, "an interim response but no final one"),
        ("/trickle", Fault.TIMEOUT, "not sent all of the body after 0.4 s"),
        ("/endless-body", Fault.TOO_LARGE, "a body of more than 200000 bytes"),
        ("/endless-chunks", Fault.TOO_LARGE, "a body of more than 200000 bytes"),
        ("/big-body", Fault.TOO_LARGE, "a body of more than 200000 bytes"),
        ("/big-header", Fault.TOO_LARGE, "header fields of more than 50000 bytes"),
        ("/endless-header", Fault.TOO_LARGE, "header fields of more than 50000 bytes"),
        ("/endless-headers", Fault.TOO_LARGE, "header fields of more than"),
        ("/endless-status", Fault.TOO_LARGE, "header fields of more than 50000 bytes"),
        ("/endless-trailers", Fault.TOO_LARGE, "header fields of more than"),
        ("/endless-interim", Fault.TOO_LARGE, "interim responses without an end"),
        ("/bad-status", Fault.MALFORMED, "a status line that cannot be read"),
        ("/no-status", Fault.MALFORMED, "a status line that cannot be read"),
        ("/bad-version", Fault.MALFORMED, "a status line that cannot be read"),
        ("/http-0.9", Fault.MALFORMED, "something that is not HTTP"),
        ("/binary", Fault.MALFORMED, "something that is not HTTP"),
        ("/no-colon", Fault.MALFORMED, "a header line without a colon"),
        ("/nul-header", Fault.MALFORMED, "a NUL among its header fields"),
        ("/bad-chunk", Fault.MALFORMED, "a chunk whose size cannot be read"),
        ("/huge-chunk", Fault.MALFORMED, "a chunk whose size cannot be read"),
        ("/bad-length", Fault.MALFORMED, "a Content-Length that is no length"),
        ("/negative-length", Fault.MALFORMED, "a Content-Length that is no length"),
        ("/cut-body", Fault.DISCONNECTED, "closed the connection in the middle of the body"),
        ("/cut-chunk", Fault.DISCONNECTED, "closed the connection in the middle of the body"),
        ("/cut-head", Fault.DISCONNECTED, "in the middle of its header fields"),
        ("/cut-status", Fault.DISCONNECTED, "closed the connection without a response"),
        ("/close", Fault.DISCONNECTED, "closed the connection without a response"),
        ("/reset", Fault.DISCONNECTED, "reset the connection without a response"),
        ("/reset-in-body", Fault.DISCONNECTED, "reset the connection in the middle of the body"),
    ],
)
def test_each_is_a_fault_that_says_what_happened(
    transport: CurlTransport,
    server: MisbehavingServer,
    path: str,
    kind: Fault,
    said: str,
) -> None:
    answer = fault(ask(transport, server.origin + path))
    assert answer.fault is kind
    assert said in answer.message
    assert answer.message.startswith(f"127.0.0.1:{server.port} ")
    assert answer.message.endswith(".")
    assert response(ask(transport, f"{server.origin}/ok")).status == 200


@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [
        ("/bomb", Fault.TOO_LARGE, "a body of more than 200000 bytes"),
        ("/bad-gzip", Fault.MALFORMED, "not what gzip looks like"),
        ("/unknown-coding", Fault.OTHER, "the coding x-secret, which is not known here"),
    ],
)
def test_bad_codings_are_faults(
    transport: CurlTransport,
    server: MisbehavingServer,
    path: str,
    kind: Fault,
    said: str,
) -> None:
    headers = (("Accept-Encoding", "gzip"),)
    answer = fault(ask(transport, server.origin + path, headers=headers))
    assert answer.fault is kind
    assert said in answer.message


def test_nobody_listening_is_a_refusal(transport: CurlTransport) -> None:
    with nobody() as port:
        answer = fault(ask(transport, f"http://127.0.0.1:{port}/"))
    assert answer.fault is Fault.REFUSED
    assert answer.message == f"127.0.0.1:{port} refused the connection: nothing listens there."


def test_a_name_that_does_not_resolve_is_named(transport: CurlTransport) -> None:
    answer = fault(ask(transport, "http://nowhere.invalid/"))
    assert answer.fault in {Fault.UNRESOLVED, Fault.TIMEOUT}
    assert "nowhere.invalid:80" in answer.message
    assert "resolve" in answer.message


def test_connecting_is_bounded(transport: CurlTransport) -> None:
    with deaf() as port:
        answer = fault(ask(transport, f"http://127.0.0.1:{port}/"))
    assert answer.fault is Fault.TIMEOUT
    assert answer.message == f"127.0.0.1:{port} accepted no connection in 0.3 s."


def test_no_message_holds_credentials(server: MisbehavingServer) -> None:
    headers = (("Authorization", "Bearer s3cret"), ("Accept-Encoding", "gzip"))
    proxies = {"http_proxy": "htp://u:s3cret@nowhere.invalid:1"}
    paths = ("/hang", "/close", "/bad-status", "/bad-gzip", "/bomb", "/a\0")
    origin = server.origin.replace("//", "//u:s3cret@")
    urls = [f"{origin}{path}?key=s3cret" for path in paths]
    urls += ["http://u:s3cret@nowhere.invalid:0x/", "http://u:s3 cret@a b/", "http://a.example/"]
    limits = Limits(connect_timeout=0.2, total_timeout=0.2, max_body=1000)
    with CurlTransport(limits, environment=proxies) as transport:
        for url in urls:
            assert "cret" not in fault(ask(transport, url, headers=headers)).message
