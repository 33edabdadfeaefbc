"""Registrations of real servers, over both databases, with a real SMTP server beside them."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from servers.postgresql import create_database
from servers.smtp import Sink, run_sink
from syncserver.registration.rules import derive_name

PASSWORD = "correct horse"
SETTINGS = """
[server]
services = ["registration", "storage"]
data = "{data}"
database = "{database}"
[mail]
host = "127.0.0.1"
port = {port}
[password]
memory = 64
rounds = 1
{more}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One user of a server, who may not exist yet."""

    client: Any
    email: str
    name: str

    def send(
        self,
        method: str,
        path: str = "",
        body: object = None,
        password: str | None = None,
        **fields: str,
    ) -> Any:
        if password is not None:
            fields["Authorization"] = basic(self.name, password)
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        return self.client.send(method, f"/user/1.0/{self.name}{path}", None, content, **fields)

    def create(self, password: str = PASSWORD, **more: object) -> Any:
        return self.send("PUT", body={"email": self.email, "password": password, **more})

    def can_enter(self, password: str) -> bool:
        """Whether the storage lets the user in."""
        path = f"/1.1/{self.name}/info/collections"
        answer = self.client.send("GET", path, Authorization=basic(self.name, password))
        assert answer.status in (200, 401), answer
        return bool(answer.status == 200)


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


@pytest.fixture(scope="session")
def sink() -> Iterator[Sink]:
    with run_sink() as running:
        yield running


@pytest.fixture(scope="session")
def start_one(
    tmp_path_factory: pytest.TempPathFactory, sink: Sink, start_process: Callable[..., Any]
) -> Iterator[Callable[..., Any]]:
    """Starts servers of a registration whose mails arrive in the sink."""
    running: list[Any] = []

    def start(more: str = "", database: str = "", data: Path | None = None, **options: Any) -> Any:
        folder = tmp_path_factory.mktemp("registration")
        settings = folder / "settings.toml"
        values = {"data": data or folder, "database": database, "port": sink.port, "more": more}
        settings.write_text(SETTINGS.format(**{**values, **options}))
        running.append(start_process("--config", str(settings)))
        running[-1].client.prefix = ""
        return running[-1]

    yield start
    for server in running:
        server.stop()


@pytest.fixture(scope="session")
def start_accounts(start_one: Callable[..., Any]) -> Iterator[Callable[[str], Any]]:
    """Starts a registration and a storage on a database, one for all tests."""
    with ExitStack() as stack:

        @cache
        def start(kind: str) -> Any:
            if kind == "sqlite":
                return start_one()
            server = start_one(database=stack.enter_context(create_database()))
            stack.callback(server.stop)
            return server

        yield start


@pytest.fixture(
    scope="session",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs_postgresql)],
)
def accounts_server(request: pytest.FixtureRequest, start_accounts: Callable[[str], Any]) -> Any:
    """A registration and a storage on each database."""
    return start_accounts(request.param)


_NUMBERS = itertools.count()


def create_user(server: Any) -> User:
    email = f"user{next(_NUMBERS)}@example.com"
    return User(client=server.client, email=email, name=derive_name(email))


@pytest.fixture
def stranger(accounts_server: Any) -> User:
    """Somebody without an account."""
    return create_user(accounts_server)


@pytest.fixture
def user(stranger: User) -> User:
    """Somebody with an account."""
    answer = stranger.create()
    assert answer.status == 200, answer
    return stranger


@pytest.fixture
def person_of() -> Callable[[Any], User]:
    """Makes somebody without an account on a server."""
    return create_user
