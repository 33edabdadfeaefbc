"""Real servers for the tests of the reference server: processes of their own, and one in a thread.

Every wait has a time limit, so that a server that hangs fails its test.
"""

from __future__ import annotations

import atexit
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from servers.cache import use_cache
from syncserver.application import create_application
from syncserver.heartbeat import Version
from syncserver.listener import EngineSettings, create_engine, listen
from syncserver.service import Service

ROOT = Path(__file__).parents[2]
TIMEOUT = 20
DEFAULTS = {"SYNCSERVER_SHUTDOWN_GRACE": "0"}
"""What the tests set for every server: none of them waits at its end."""

LOGS = tempfile.mkdtemp()
atexit.register(shutil.rmtree, LOGS)

MOBILE = "a1" * 128
DESKTOP = "b2" * 128
STRANGER = "c3" * 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def tag(self) -> str:
        return str(self.headers["ETag"])

    def json(self) -> object:
        return json.loads(self.body)


class Client:
    """Sends what it is told to a server, one connection for each request."""

    def __init__(self, url: str, prefix: str = "/keyexchange") -> None:
        self.address = (urlsplit(url).hostname or "", urlsplit(url).port)
        self.prefix = prefix

    def send(
        self,
        method: str,
        path: str,
        party: str | None = None,
        body: bytes | None = None,
        **fields: str,
    ) -> Answer:
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        if party is not None:
            headers["X-KeyExchange-Id"] = party
        connection = http.client.HTTPConnection(*self.address, timeout=TIMEOUT)
        try:
            connection.request(method, self.prefix + path, body, headers)
            response = connection.getresponse()
            return Answer(status=response.status, headers=response.headers, body=response.read())
        finally:
            connection.close()

    def open(self, party: str = MOBILE) -> str:
        answer = self.send("GET", "/new_channel", party)
        assert answer.status == 200, answer
        return "/" + str(answer.json())


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    url: str
    process: subprocess.Popen[str]
    client: Client
    log: Path

    def stop(self) -> str:
        """End the server and return what it logged."""
        self.process.terminate()
        self.process.communicate(timeout=TIMEOUT)
        return self.read_log()

    def read_log(self) -> str:
        """Return what the server has logged until now."""
        return self.log.read_text()

    def read_lines(self) -> list[dict[str, Any]]:
        """Return the log as the objects that its lines are."""
        return [json.loads(line) for line in self.read_log().splitlines()]


def create_environment(**variables: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT / "reference"), **DEFAULTS, **variables}


def start(*arguments: str, **variables: str) -> Server:
    # A file and no pipe, since nobody reads along: a full pipe would stop the server.
    number, name = tempfile.mkstemp(dir=LOGS)
    os.close(number)
    with Path(name).open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "syncserver", "--port", "0", *arguments],
            env=create_environment(**variables),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout is not None
    killer = threading.Timer(TIMEOUT, process.kill)
    killer.start()
    line = process.stdout.readline()
    killer.cancel()
    found = re.search(r"listening on (http://\S+)", line)
    assert found, (line, process.communicate(timeout=TIMEOUT), Path(name).read_text())
    return Server(url=found[1], process=process, client=Client(found[1]), log=Path(name))


@pytest.fixture(scope="session")
def cache_url() -> Iterator[str]:
    """The URL of a Redis database that is empty at first."""
    with use_cache() as url:
        yield url


@pytest.fixture
def empty_cache_url(cache_url: str) -> str:
    """The same database, emptied for the test that asks."""
    with use_cache():
        return cache_url


@pytest.fixture(scope="session")
def share_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Starts one server for all tests that ask for the same, and do not mind each other."""
    running: dict[tuple[str, ...], Server] = {}

    def share_one(settings: str = "", *options: str) -> Server:
        asked = (settings, *options)
        if asked not in running:
            path = tmp_path_factory.mktemp("shared") / "settings.toml"
            path.write_text(settings)
            chosen = ("--config", str(path)) if settings else ()
            running[asked] = start(*chosen, *options)
        return running[asked]

    yield share_one
    for one in running.values():
        one.stop()


@pytest.fixture(
    scope="session", params=["memory", pytest.param("redis", marks=pytest.mark.needs_redis)]
)
def server(request: pytest.FixtureRequest, share_server: Callable[..., Server]) -> Server:
    """A server with the settings that it has when nothing is said; also one with a Redis."""
    options = ("--redis", request.getfixturevalue("cache_url")) if request.param == "redis" else ()
    return share_server("", *options)


@pytest.fixture
def client(server: Server) -> Client:
    return server.client


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers with settings of their own, as the text of a TOML file."""
    running: list[Server] = []

    def start_one(settings: str = "", **variables: str) -> Server:
        path = tmp_path / "settings.toml"
        path.write_text(settings)
        running.append(start("--config", str(path), **variables))
        return running[-1]

    yield start_one
    for one in running:
        one.stop()


@contextmanager
def serve_in_thread(*services: Service) -> Iterator[Client]:
    """Serve `services` on a real socket in this process, for parts that only it can hand over."""
    version = Version(source="tests", version="0", commit="none", build="none")
    listener = listen("127.0.0.1", 0)
    app = create_application(services, version)
    engine = create_engine(app, EngineSettings(shutdown_timeout=1))
    thread = threading.Thread(target=engine.run, kwargs={"sockets": [listener.sock]})
    thread.start()
    try:
        yield Client(listener.url)
    finally:
        engine.should_exit = True
        thread.join(TIMEOUT)
        assert not thread.is_alive()


@pytest.fixture
def connect() -> Callable[[str], Client]:
    """Makes a client of a server at a URL, without prefix."""
    return lambda url: Client(url, prefix="")


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment of a process that may import the server."""
    return create_environment()


@pytest.fixture(scope="session")
def start_process() -> Callable[..., Server]:
    return start


@pytest.fixture
def serve_services() -> Callable[..., object]:
    return serve_in_thread
