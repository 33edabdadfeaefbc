"""Real servers for the tests of the reference server: processes of their own, and one in a thread.

Every wait has a time limit, so that a server that hangs fails its test.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from syncserver.application import create_application
from syncserver.heartbeat import Version
from syncserver.listener import create_engine, listen
from syncserver.service import Service

ROOT = Path(__file__).parents[2]
TIMEOUT = 20

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

    def stop(self) -> str:
        """End the server and return what it logged, nothing the second time."""
        if self.process.stderr is None or self.process.stderr.closed:
            return ""
        self.process.terminate()
        _, log = self.process.communicate(timeout=TIMEOUT)
        return log


def create_environment(**variables: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT / "reference"), **variables}


def start(*arguments: str, **variables: str) -> Server:
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "syncserver", "--port", "0", *arguments],
        env=create_environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    killer = threading.Timer(TIMEOUT, process.kill)
    killer.start()
    line = process.stdout.readline()
    killer.cancel()
    found = re.search(r"listening on (http://\S+)", line)
    assert found, (line, process.communicate(timeout=TIMEOUT))
    return Server(url=found[1], process=process, client=Client(found[1]))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server with the settings that it has when nothing is said."""
    running = start()
    yield running
    running.stop()


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
    engine = create_engine(create_application(services, version), shutdown_timeout=1)
    thread = threading.Thread(target=engine.run, kwargs={"sockets": [listener.sock]})
    thread.start()
    try:
        yield Client(listener.url)
    finally:
        engine.should_exit = True
        thread.join(TIMEOUT)
        assert not thread.is_alive()


@pytest.fixture
def serve_services() -> Callable[..., object]:
    return serve_in_thread
