"""The way to a host: proxies, and which certificates are trusted."""

from __future__ import annotations

import pytest

from honestdocs.contract.wire import Fault
from honestdocs.verification.transport import CurlTransport
from servers.exchange import LIMITS, ask, fault, response
from servers.misbehaving import MisbehavingServer, nobody


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_this_machine_is_never_asked_by_way_of_a_proxy(
    server: MisbehavingServer, name: str
) -> None:
    with nobody() as port:
        proxies = {"http_proxy": f"http://127.0.0.1:{port}", "all_proxy": "http://a.invalid"}
        with CurlTransport(LIMITS, environment=proxies) as transport:
            url = f"http://{name}:{server.port}/ok"
            assert response(ask(transport, url)).status == 200


def test_other_hosts_are_asked_by_way_of_the_proxy(server: MisbehavingServer) -> None:
    place = f"127.0.0.1:{server.port}"
    proxies = {"http_proxy": f"http://u:p@{place}", "no_proxy": "direct.invalid, 10.0.0.0/8"}
    with CurlTransport(LIMITS, environment=proxies) as transport:
        ask(transport, "http://service.invalid/a%2fb?c")
        sent = server.requests[-1]
        assert sent.startswith(b"GET http://service.invalid/a%2fb?c HTTP/1.1\r\n")
        assert b"\r\nHost: service.invalid\r\n" in sent
        for direct in ("http://direct.invalid/", "http://deep.direct.invalid/"):
            assert "direct.invalid:80" in fault(ask(transport, direct)).message
    with CurlTransport(LIMITS, environment={**proxies, "no_proxy": "*"}) as transport:
        assert "proxy" not in fault(ask(transport, "http://service.invalid/")).message


def test_a_proxy_that_refuses_is_named_without_its_credentials() -> None:
    with nobody() as port:
        proxies = {"https_proxy": f"http://u:secret@127.0.0.1:{port}"}
        with CurlTransport(LIMITS, environment=proxies) as transport:
            answer = fault(ask(transport, "https://service.invalid/"))
    assert answer.fault is Fault.REFUSED
    assert answer.message.startswith(f"The proxy 127.0.0.1:{port} refused the connection")
