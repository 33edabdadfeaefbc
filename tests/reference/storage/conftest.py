"""Both databases, stores over them, and processes that serve the storage from them.

Every wait has a time limit, so that a server that hangs fails its test.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from servers.postgresql import create_database

ROOT = Path(__file__).parents[3]
TIMEOUT = 60


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs_postgresql)])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database; empty itself for the SQLite file in the data folder."""
    if request.param == "sqlite":
        yield ""
    else:
        with create_database() as url:
            yield url


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def stamp(self) -> str:
        return str(self.headers["X-Weave-Timestamp"])


@dataclass(slots=True)
class Client:
    """One user on one connection, which is made anew when it broke."""

    url: str
    user: str = "user1"
    password: str | None = None
    version: str = "1.1"
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def send(self, method: str, path: str, body: object = None, **fields: str) -> Answer:
        """Send JSON unless `body` is bytes; `path` is what follows the user."""
        password = self.user if self.password is None else self.password
        token = base64.b64encode(f"{self.user}:{password}".encode()).decode()
        headers = {"Authorization": f"Basic {token}"}
        headers |= {name.replace("_", "-"): value for name, value in fields.items()}
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        return self.send_raw(method, f"/{self.version}/{self.user}{path}", content, headers)

    def send_raw(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> Answer:
        if self._connection is None:
            parts = urlsplit(self.url)
            self._connection = http.client.HTTPConnection(
                parts.hostname or "", parts.port, timeout=TIMEOUT
            )
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            return Answer(status=response.status, headers=response.headers, body=response.read())
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def get(self, path: str, **fields: str) -> Any:
        answer = self.send("GET", path, **fields)
        assert answer.status == 200, answer
        return answer.json()

    def put(self, path: str, **record: object) -> float:
        answer = self.send("PUT", path, record)
        assert answer.status == 200, answer
        return float(answer.body)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    url: str
    process: subprocess.Popen[str]
    clients: list[Client] = field(default_factory=list)

    def create_client(self, user: str = "user1", **more: str) -> Client:
        """Return a client that is closed when the server ends."""
        self.clients.append(Client(self.url, user, **more))
        return self.clients[-1]

    def kill(self) -> None:
        """End the process as loss of power ends it: it gets no time to do anything."""
        self.process.kill()
        self._wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self._wait()

    def _wait(self) -> None:
        self.process.communicate(timeout=TIMEOUT)
        for client in self.clients:
            client.close()


def start(folder: Path, url: str, *options: str) -> Server:
    process = subprocess.Popen(
        [
            *(sys.executable, "-W", "error", str(ROOT / "tests/servers/storage.py")),
            *("--data", str(folder), "--database", url, *options),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT / "reference")},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    killer = threading.Timer(TIMEOUT, process.kill)
    killer.start()
    line = process.stdout.readline()
    killer.cancel()
    assert "listening on" in line, line
    return Server(url=line.split()[-1], process=process)


@pytest.fixture
def start_storage(database_url: str, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers that share one database."""
    with ExitStack() as stack:

        def start_one(*options: str) -> Server:
            server = start(tmp_path, database_url, *options)
            stack.callback(server.stop)
            return server

        yield start_one


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs_postgresql)],
)
def shared_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """One server for all tests of a module: each takes another user."""
    with ExitStack() as stack:
        url = "" if request.param == "sqlite" else stack.enter_context(create_database())
        server = start(tmp_path_factory.mktemp("data"), url)
        stack.callback(server.stop)
        yield server


_USERS = iter(range(1 << 30))


@pytest.fixture
def client(shared_server: Server) -> Iterator[Client]:
    """A client of a user who has nothing stored yet."""
    made = shared_server.create_client(f"user{next(_USERS) % 64}")
    made.send("DELETE", "/storage", X_Confirm_Delete="1")
    yield made
    made.close()
