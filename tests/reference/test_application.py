"""What every service gets from the application: prefix, own host, health, errors, OpenAPI."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi import APIRouter

from syncserver import __version__, keyexchange
from syncserver.keyexchange import KeyExchangeSettings
from syncserver.keyexchange.channel import Channel, Step
from syncserver.service import Service, UnavailableError

MOBILE = "a1" * 128
OWN_HOST = "setup.services.example.com"


class LostStore:
    """A store whose far side has gone away."""

    def __init__(self) -> None:
        self.lost = True

    async def add(self, _cid: str, _channel: Channel) -> bool:
        return await self.check() or True

    async def change(self, _cid: str, _rule: Callable[[Channel], Step]) -> Step | None:
        return await self.check()

    async def check(self) -> None:
        if self.lost:
            message = "The store of channels does not answer."
            raise UnavailableError(message)


@pytest.fixture
def store() -> LostStore:
    return LostStore()


@pytest.fixture
def lost(store: LostStore, serve_services: Any) -> Iterator[Any]:
    service = keyexchange.create_service(
        KeyExchangeSettings(), clock=time.monotonic, randomness=random.SystemRandom(), store=store
    )
    with serve_services(service) as client:
        yield client


@contextmanager
def without_prefix(client: Any) -> Iterator[Any]:
    prefix, client.prefix = client.prefix, ""
    yield client
    client.prefix = prefix


def test_the_service_is_at_the_root_of_its_own_host_and_only_there(client: Any) -> None:
    with without_prefix(client):
        for host in (OWN_HOST, f"{OWN_HOST}:8000", OWN_HOST.upper()):
            answer = client.send("GET", "/new_channel", MOBILE, Host=host)
            assert answer.status == 200
            assert client.send("GET", f"/{answer.json()}", MOBILE, Host=host).status == 200
        assert client.send("GET", "/", Host=OWN_HOST).status == 301
        assert client.send("POST", "/new_channel", Host=OWN_HOST).headers["Allow"] == "GET"
        assert client.send("GET", "/keyexchange/new_channel", MOBILE, Host=OWN_HOST).status == 404
        assert client.send("GET", "/new_channel", MOBILE).status == 404
        assert client.send("GET", "/new_channel", MOBILE, Host=f"x{OWN_HOST}").status == 404


def test_one_channel_is_reached_on_both_ways(client: Any) -> None:
    path = client.open()
    with without_prefix(client):
        assert client.send("PUT", path, MOBILE, b"[1]", Host=OWN_HOST).status == 200
    assert client.send("GET", path, MOBILE).body == b"[1]"


def test_a_service_without_prefix_or_own_host_can_be_had(start_server: Any) -> None:
    client = start_server("[keyexchange]\nprefix = ''\nown_host = ''").client
    client.prefix = ""
    assert client.send("GET", client.open(), MOBILE).status == 200
    assert client.send("GET", "/__heartbeat__").status == 200


@pytest.mark.parametrize("host", [None, OWN_HOST])
def test_the_pages_of_dockerflow_are_there_on_every_host(client: Any, host: str) -> None:
    fields = {"Host": host} if host else {}
    with without_prefix(client):
        heartbeat = client.send("GET", "/__heartbeat__", **fields)
        assert heartbeat.status == 200
        told = heartbeat.json()
        assert told["status"] == "ok"
        assert {"server", "keyexchange"} <= set(told["checks"])
        assert set(told["checks"].values()) == {"ok"}
        assert told["details"] == {}
        assert client.send("HEAD", "/__heartbeat__", **fields).status == 200
        assert client.send("GET", "/__lbheartbeat__", **fields).json() == {"status": "ok"}
        version = client.send("GET", "/__version__", **fields).json()
        assert set(version) == {"source", "version", "commit", "build"}
        assert version["version"] == __version__


def test_nobody_can_raise_a_fault_from_outside(client: Any) -> None:
    with without_prefix(client):
        assert client.send("GET", "/__error__").status == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/new_channel"),
        ("GET", "/abcd"),
        ("PUT", "/abcd"),
        ("DELETE", "/abcd"),
        ("GET", "/"),
    ],
)
def test_while_the_store_is_away_the_service_is_unavailable(
    lost: Any, method: str, path: str
) -> None:
    answer = lost.send(method, path, MOBILE)
    assert answer.status == 503
    assert answer.json() == {
        "title": "Service Unavailable",
        "status": 503,
        "detail": "The store of channels does not answer.",
    }


def test_the_heartbeat_follows_the_store(lost: Any, store: LostStore) -> None:
    with without_prefix(lost):
        sick = lost.send("GET", "/__heartbeat__")
        assert sick.status == 503
        assert sick.json()["status"] == "error"
        assert sick.json()["checks"] == {"keyexchange": "error", "server": "ok"}
        assert lost.send("GET", "/__lbheartbeat__").status == 200
        store.lost = False
        assert lost.send("GET", "/__heartbeat__").status == 200


def test_an_identifier_that_is_always_taken_is_tried_a_hundred_times(serve_services: Any) -> None:
    class Stuck(random.Random):
        draws = 0

        def choices(self, population: Any, *_: object, k: int = 1, **__: object) -> list[Any]:
            self.draws += 1
            return list(population[:k])

    randomness = Stuck(1)
    service = keyexchange.create_service(
        KeyExchangeSettings(), clock=time.monotonic, randomness=randomness
    )
    with serve_services(service) as client:
        assert client.open() == "/2345"
        randomness.draws = 0
        assert client.send("GET", "/new_channel", MOBILE).status == 503
        assert randomness.draws == 100


async def do_nothing() -> None:
    """Find everything well."""


def test_another_service_is_data_given_to_the_application(serve_services: Any) -> None:
    router = APIRouter()

    @router.get("/fault")
    def fail() -> None:
        message = "secret detail"
        raise RuntimeError(message)

    @router.get("/fine")
    def greet() -> str:
        return "hello"

    other = Service(name="other", prefix="/other", router=router, check=do_nothing)
    with serve_services(other) as client:
        client.prefix = "/other"
        assert client.send("GET", "/fine").json() == "hello"
        answer = client.send("GET", "/fault")
        assert answer.status == 500
        assert b"secret" not in answer.body
        assert client.send("POST", "/fine").headers["Allow"] == "GET"


def test_the_openapi_document_lists_the_real_operations_and_their_statuses(client: Any) -> None:
    with without_prefix(client):
        document = client.send("GET", "/openapi.json").json()
    operations = {
        f"{method.upper()} {path}": set(operation["responses"]) - {"default"}
        for path, methods in document["paths"].items()
        if path.startswith("/keyexchange")
        for method, operation in methods.items()
    }
    assert operations == {
        "GET /keyexchange/": {"301", "503"},
        "HEAD /keyexchange/": {"301", "503"},
        "GET /keyexchange/new_channel": {"200", "400", "503"},
        "GET /keyexchange/{cid}": {"200", "304", "400", "404", "503"},
        "HEAD /keyexchange/{cid}": {"200", "304", "400", "404", "503"},
        "PUT /keyexchange/{cid}": {"200", "400", "404", "412", "413", "503"},
        "DELETE /keyexchange/{cid}": {"200", "400", "404", "503"},
        "POST /keyexchange/report": {"200", "400", "413", "503"},
    }


def test_nothing_of_the_interface_loads_scripts_from_elsewhere(client: Any) -> None:
    with without_prefix(client):
        assert client.send("GET", "/docs").status == 404
        assert client.send("GET", "/redoc").status == 404
