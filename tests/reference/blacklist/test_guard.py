"""Shutting out over real servers: who is counted, for what, and who sees it."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from syncserver.blacklist.guard import name_source

STRICT = """
[server]
services = ["keyexchange"]
trusted_proxies = ["127.0.0.1"]
{server}
[blacklist]
flood_requests = 6
bad_requests = 2
never = ["10.0.0.0/8"]
admin_password = "open sesame"
{more}
"""
BAD = "/keyexchange/new_channel"


class Proxied:
    """A client that is seen by way of a proxy on this machine."""

    def __init__(self, client: Any, address: str) -> None:
        client.prefix = ""
        self.client = client
        self.address = address

    def send(self, method: str = "GET", path: str = "/openapi.json", **fields: str) -> Any:
        return self.client.send(method, path, X_Forwarded_For=self.address, **fields)

    def be_bad(self) -> int:
        return int(self.send(path=BAD).status)

    def be_good(self) -> int:
        return int(self.send().status)


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.needs_redis)])
def strict(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """A server with low thresholds, on each store. Each test has addresses of its own in it."""
    url = request.getfixturevalue("empty_cache_url") if request.param == "redis" else ""

    def find(*, alone: bool = False) -> Any:
        start = request.getfixturevalue("start_server" if alone else "share_server")
        client = start(STRICT.format(server=f'redis = "{url}"', more="")).client
        client.prefix = ""
        return client

    return find


def test_bad_requests_shut_an_address_out_and_no_other(strict: Any) -> None:
    client = strict()
    bad, other = Proxied(client, "192.0.2.10"), Proxied(client, "192.0.2.11")
    assert [bad.be_bad(), bad.be_bad()] == [400, 400]
    answer = bad.send()
    assert answer.status == 403
    assert answer.json()["status"] == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert other.be_good() == 200


def test_a_flood_shuts_an_address_out_after_the_request_that_reaches_the_threshold(
    strict: Any,
) -> None:
    flood = Proxied(strict(), "192.0.2.20")
    assert [flood.be_good() for _ in range(8)] == [200] * 6 + [403] * 2


def test_only_400_is_bad(strict: Any) -> None:
    client = Proxied(strict(), "192.0.2.30")
    assert [client.send(path="/nothing").status for _ in range(3)] == [404] * 3
    assert client.be_good() == 200


def test_networks_that_are_never_shut_out_are_not(strict: Any) -> None:
    friend = Proxied(strict(), "10.1.2.3")
    assert [friend.be_bad() for _ in range(8)] == [400] * 8


def test_a_server_that_only_observes_serves_everybody_and_tells_the_log(
    start_server: Any,
) -> None:
    server = start_server(STRICT.format(server="", more="observe = true"))
    bad = Proxied(server.client, "192.0.2.40")
    assert [bad.be_bad() for _ in range(5)] == [400] * 5
    assert "192.0.2.40 would be shut out for 3600 s: bad" in server.stop()


def test_the_pages_of_dockerflow_are_there_even_for_who_is_shut_out(strict: Any) -> None:
    bad = Proxied(strict(), "192.0.2.50")
    bad.be_bad(), bad.be_bad()
    for path in ("/__heartbeat__", "/__lbheartbeat__", "/__version__"):
        assert bad.send(path=path).status == 200


def test_whoever_invents_proxies_is_known_by_the_address_that_the_real_one_saw(
    strict: Any,
) -> None:
    client = strict()
    for number in range(2):
        Proxied(client, f"198.51.100.{number}, 192.0.2.60").be_bad()
    assert Proxied(client, "198.51.100.9, 192.0.2.60").be_good() == 403
    assert Proxied(client, "198.51.100.1").be_good() == 200


def test_a_stranger_that_claims_to_be_a_proxy_is_not_believed(start_server: Any) -> None:
    settings = STRICT.format(server="", more="").replace('["127.0.0.1"]', '["192.0.2.1"]')
    client = start_server(settings).client
    assert Proxied(client, "192.0.2.70").be_bad() == 400
    assert Proxied(client, "192.0.2.71").be_bad() == 400
    assert Proxied(client, "192.0.2.72").be_good() == 403


@pytest.mark.needs_redis
def test_servers_that_share_a_redis_share_the_list(start_server: Any, empty_cache_url: str) -> None:
    settings = STRICT.format(server=f'redis = "{empty_cache_url}"', more="")
    one, other = start_server(settings).client, start_server(settings).client
    assert Proxied(one, "192.0.2.80").be_bad() == 400
    assert Proxied(other, "192.0.2.80").be_bad() == 400
    assert Proxied(one, "192.0.2.80").be_good() == 403
    assert Proxied(other, "192.0.2.80").be_good() == 403


def test_while_the_list_is_away_everybody_is_served_and_the_heartbeat_tells(
    start_server: Any,
) -> None:
    server = start_server(STRICT.format(server='redis = "redis://127.0.0.1:1/0"', more=""))
    client = Proxied(server.client, "192.0.2.90")
    assert client.be_good() == 200
    answer = client.send(path="/__heartbeat__")
    assert answer.status == 503
    assert answer.json()["checks"] == {
        "keyexchange": "error",
        "blacklist": "error",
        "server": "ok",
    }


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_of_ipv6_the_network_of_a_connection_is_counted(address: str, source: str) -> None:
    assert name_source(address) == source


# The page of operators


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


OPERATOR = basic("admin", "open sesame")


def test_operators_see_who_is_shut_out_and_let_them_in_again(strict: Any) -> None:
    client = strict(alone=True)
    bad, operator = Proxied(client, "192.0.2.100"), Proxied(client, "10.0.0.1")
    assert "None." in operator.send(path="/__admin__", Authorization=OPERATOR).body.decode()
    bad.be_bad(), bad.be_bad()
    answer = operator.send(path="/__admin__", Authorization=OPERATOR)
    page = answer.body.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.search(r"192\.0\.2\.100: bad, 3[56]\d\d s left", page)
    mark = re.search(r'name="mark" value="([0-9a-f]+)"', page)
    assert mark
    form = urlencode([("mark", mark[1]), ("address", "192.0.2.100")]).encode()
    fields = {"Authorization": OPERATOR, "X-Forwarded-For": "10.0.0.1"}
    assert client.send("POST", "/__admin__", None, form, **fields).status == 303
    assert bad.be_good() == 200


def test_a_form_from_elsewhere_changes_nothing(strict: Any) -> None:
    client = strict()
    fields = {"Authorization": OPERATOR, "X-Forwarded-For": "10.0.0.1"}
    for form in (b"address=192.0.2.1", b"mark=0&address=192.0.2.1", b"", b"\xff"):
        assert client.send("POST", "/__admin__", None, form, **fields).status == 400


@pytest.mark.parametrize("field", ["", basic("admin", "wrong"), basic("root", "open sesame"), "x"])
def test_only_operators_see_the_page(strict: Any, field: str) -> None:
    client = Proxied(strict(), "10.0.0.1")
    for method in ("GET", "POST"):
        answer = client.send(method, "/__admin__", Authorization=field)
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == 'Basic realm="Administration"'


def test_without_a_password_there_is_no_page(server: Any) -> None:
    client = Proxied(server.client, "192.0.2.1")
    try:
        assert client.send(path="/__admin__").status == 404
        assert client.send("POST", "/__admin__", Authorization=basic("admin", "")).status == 404
    finally:
        server.client.prefix = "/keyexchange"
