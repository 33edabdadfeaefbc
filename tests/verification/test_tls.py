"""TLS: what is trusted, what is not and how that is told, and HTTP/2 behind it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from honestdocs.contract.wire import Answer, Fault, WireRequest
from honestdocs.verification.transport import CurlTransport, Limits
from servers.certificates import Authority
from servers.exchange import DIRECT, PATIENT, ask, echoed, fault, response
from servers.misbehaving import misbehaving
from servers.nginx import BODY, find_nginx, nginx

LIMITS = Limits(connect_timeout=0.5, total_timeout=0.8)


@pytest.fixture(name="authority", scope="module")
def _authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def trusting(authority: Authority, limits: Limits = PATIENT) -> CurlTransport:
    return CurlTransport(limits, ca_file=str(authority.file), environment=DIRECT)


def test_a_certificate_of_a_trusted_authority_is_accepted(authority: Authority) -> None:
    with misbehaving(authority.context()) as server, trusting(authority) as transport:
        sent = echoed(ask(transport, f"{server.origin}/echo", "POST", body=b"x"))
        assert sent.startswith(b"POST /echo HTTP/1.1\r\nHost: 127.0.0.1:")
        ask(transport, f"{server.origin}/ok")
        assert server.connections == 1


def test_verification_can_be_turned_off(authority: Authority) -> None:
    with (
        misbehaving(authority.context("other.example")) as server,
        CurlTransport(PATIENT, verify=False, environment=DIRECT) as transport,
    ):
        assert response(ask(transport, f"{server.origin}/ok")).status == 200


@pytest.mark.parametrize(
    ("certificate", "said"),
    [
        (Authority.expired, "has expired."),
        (Authority.self_signed, "is self-signed."),
        (Authority.not_yet_valid, "is not valid yet."),
        (lambda authority: authority.context("other.example"), "is for another host."),
    ],
)
def test_a_bad_certificate_is_told(
    authority: Authority, certificate: Callable[[Authority], ssl.SSLContext], said: str
) -> None:
    context = certificate(authority)
    with misbehaving(context) as server, trusting(authority) as transport:
        answer = fault(ask(transport, f"{server.origin}/ok"))
        assert answer.message == f"The TLS certificate of 127.0.0.1:{server.port} {said}"
    assert answer.fault is Fault.TLS


def test_an_unknown_authority_is_told(authority: Authority) -> None:
    with (
        misbehaving(authority.context()) as server,
        CurlTransport(PATIENT, environment=DIRECT) as transport,
    ):
        answer = fault(ask(transport, f"{server.origin}/ok"))
    assert answer.fault is Fault.TLS
    assert "comes from an authority that is not trusted here" in answer.message


def test_a_missing_file_of_authorities_is_told(authority: Authority, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.pem")
    with (
        misbehaving(authority.context()) as server,
        CurlTransport(PATIENT, ca_file=missing, environment=DIRECT) as transport,
    ):
        answer = fault(ask(transport, f"{server.origin}/ok"))
    assert answer.fault is Fault.TLS
    assert "cannot be read" in answer.message


def test_tls_on_a_plain_port_is_told() -> None:
    with misbehaving() as server, CurlTransport(LIMITS, environment=DIRECT) as transport:
        answer = fault(ask(transport, server.origin.replace("http:", "https:") + "/ok"))
    assert answer.fault is Fault.TLS
    assert "does not speak TLS: it may be a port for http." in answer.message


def test_plain_http_on_a_tls_port_is_told(authority: Authority) -> None:
    with (
        misbehaving(authority.context()) as server,
        CurlTransport(LIMITS, environment=DIRECT) as transport,
    ):
        answer = fault(ask(transport, server.origin.replace("https:", "http:") + "/ok"))
    assert answer.fault is Fault.DISCONNECTED
    assert "it may be a port for https." in answer.message


def test_a_handshake_that_hangs_is_bounded() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        CurlTransport(LIMITS, environment=DIRECT) as transport,
    ):
        place = f"127.0.0.1:{silent.getsockname()[1]}"
        answer = fault(ask(transport, f"https://{place}/"))
    assert answer.fault is Fault.TIMEOUT
    assert answer.message == f"{place} did not finish the TLS handshake in 0.5 s."


@pytest.mark.needs_nginx
@pytest.mark.skipif(find_nginx() is None, reason="no nginx on this machine")
def test_http_2_is_negotiated_and_multiplexed(authority: Authority) -> None:
    answers: list[Answer] = []
    with nginx(authority.bundle()) as origin, trusting(authority) as transport:
        for number in range(50):
            headers = (("X-Name", "a"), ("Connection", "keep-alive"), ("X-Empty", ""))
            url = f"{origin}/items%2f{number}?a"
            body = b"x" * number
            request = WireRequest(method="PUT", url=url, headers=headers, body=body)
            transport.send(request, answers.append)
        transport.run()
        head = response(ask(transport, f"{origin}/", "HEAD"))
    assert len(answers) == 50
    for answer in map(response, answers):
        assert (answer.status, answer.reason, answer.body) == (200, "", BODY.encode())
        assert ("content-type", "application/json") in answer.headers
    assert (head.status, head.body) == (200, b"")


@pytest.mark.needs_nginx
@pytest.mark.skipif(find_nginx() is None, reason="no nginx on this machine")
def test_a_real_server_says_itself_that_its_port_is_for_tls(authority: Authority) -> None:
    with nginx(authority.bundle()) as origin, trusting(authority) as transport:
        answer = response(ask(transport, origin.replace("https:", "http:")))
    assert answer.status == 400
    assert b"plain HTTP request was sent to HTTPS port" in answer.body
