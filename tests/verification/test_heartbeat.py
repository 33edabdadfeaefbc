"""The heartbeat and version of real servers, and how their answers are read."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from honestdocs.contract.configuration import Service
from honestdocs.contract.service import ServiceState
from honestdocs.contract.wire import WireResponse
from honestdocs.verification.heartbeat import Endpoint, ask, read_version
from honestdocs.verification.limits import Limits
from honestdocs.verification.transport import CurlTransport
from servers.items import Items, ItemServer, serving_items
from servers.misbehaving import misbehaving, nobody


@pytest.fixture
def server() -> Iterator[ItemServer]:
    with serving_items(Items(base="/v1")) as running:
        yield running


def asked(endpoint: Endpoint, service: Service | None = None) -> ServiceState:
    limits = Limits(total_timeout=1.0, connect_timeout=1.0)
    with CurlTransport(limits, environment={}) as transport:
        return ask(service or Service(name="a", title="A"), endpoint, transport, lambda: 7.0)


def test_a_healthy_service_is_told_whole(server: ItemServer) -> None:
    state = asked(Endpoint(origin=server.origin, base="/v1"))
    assert (state.healthy, state.status, state.message) == (True, "ok", "")
    assert (state.name, state.title, state.url) == ("a", "A", f"{server.origin}/v1")
    assert state.version == "1.0.0 (c0ffee)"
    assert state.checks == (("disk", "ok"),)
    assert state.checked_at == 7.0
    assert state.latency > 0


def test_paths_are_looked_for_below_the_base_first_and_then_at_the_origin(
    server: ItemServer,
) -> None:
    asked(Endpoint(origin=server.origin, base="/v1"))
    assert [one.path for one in server.items.asked] == [
        "/v1/__heartbeat__",
        "/__heartbeat__",
        "/v1/__version__",
        "/__version__",
    ]


def test_an_ill_service_is_not_healthy_and_says_why(server: ItemServer) -> None:
    server.items.health = "error"
    state = asked(Endpoint(origin=server.origin))
    assert (state.healthy, state.status) == (False, "error")
    assert state.message == "the heartbeat /__heartbeat__ answers 500 (disk: error)"


def test_a_warning_is_healthy_and_says_why(server: ItemServer) -> None:
    server.items.health = "warning"
    state = asked(Endpoint(origin=server.origin))
    assert (state.healthy, state.status) == (True, "warning")
    assert state.message == "the heartbeat warns: disk: warning"


def test_a_service_without_a_heartbeat_can_be_asked(server: ItemServer) -> None:
    service = Service(name="a", heartbeat="/health", version="")
    state = asked(Endpoint(origin=server.origin), service)
    assert (state.healthy, state.status, state.version) == (True, "unknown", "")
    assert state.message == "no heartbeat at /health (404)"


def test_a_service_that_nobody_runs_is_unreachable() -> None:
    with nobody() as port:
        state = asked(Endpoint(origin=f"http://127.0.0.1:{port}"))
    assert (state.healthy, state.status) == (False, "unreachable")
    assert state.message


@pytest.mark.parametrize("path", ["/hang", "/endless-body", "/bad-status", "/reset"])
def test_a_heartbeat_that_misbehaves_is_unreachable(path: str) -> None:
    with misbehaving() as server:
        state = asked(Endpoint(origin=server.origin), Service(name="a", heartbeat=path))
    assert (state.healthy, state.status) == (False, "unreachable")
    assert state.message


@pytest.mark.parametrize("path", ["/redirect", "/latin-1", "/no-content", "/teapot"])
def test_an_odd_heartbeat_still_shows_that_the_service_is_there(path: str) -> None:
    with misbehaving() as server:
        assert asked(Endpoint(origin=server.origin), Service(name="a", heartbeat=path)).healthy


def said(body: object, status: int = 200) -> WireResponse:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return WireResponse(status=status, reason="", headers=(), body=text, seconds=0.0)


@pytest.mark.parametrize(
    ("body", "version"),
    [
        ({"version": "1.2", "commit": "0123456789abcdef", "build": ""}, "1.2 (0123456789ab)"),
        ({"version": "1.2", "build": "https://ci.example/builds/77", "commit": "ab"}, "1.2 (77)"),
        ({"version": "1.2", "commit": "1.2"}, "1.2"),
        ({"name": "kinto"}, "kinto"),
        ({"version": None, "commit": None}, ""),
        ({}, ""),
        ("1.4", "1.4"),
        (b"1.5-beta\n", "1.5-beta"),
        (b"<html>a page</html>", ""),
        (b"", ""),
        ([1, 2], "[1, 2]"),
    ],
)
def test_a_version_is_read_from_whatever_a_service_says(body: object, version: str) -> None:
    assert read_version(said(body)) == version


def test_a_version_that_is_not_there_is_none() -> None:
    assert read_version(said({"version": "1"}, status=404)) == ""
