"""Hashes, the cache of credentials, and that no secret is ever logged."""

from __future__ import annotations

import asyncio
import base64
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from syncserver.accounts import Accounts
from syncserver.authentication import UserId, parse_basic
from syncserver.credentials import CredentialCache, PasswordAuthenticator
from syncserver.database import open_database
from syncserver.password import MAX_WAITING, Hasher, PasswordSettings
from syncserver.registration.rules import derive_name
from syncserver.service import UnavailableError

PASSWORD = "correct horse"
CHEAP = PasswordSettings(memory=64, rounds=1)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def create_cache(clock: Clock, size: int = 2) -> CredentialCache:
    return CredentialCache(key=b"k" * 32, clock=clock, seconds=60, size=size)


def test_a_right_password_is_remembered_for_its_time() -> None:
    clock = Clock()
    cache = create_cache(clock)
    cache.add("alice", PASSWORD, UserId(1), cache.epoch)
    assert cache.find("alice", PASSWORD) == 1
    assert cache.find("alice", "wrong") is None
    assert cache.find("bob", PASSWORD) is None
    clock.now += 60
    assert cache.find("alice", PASSWORD) is None
    assert len(cache) == 0


def test_the_cache_is_bounded_and_forgets_the_oldest() -> None:
    cache = create_cache(Clock())
    for number, name in enumerate(("a", "b", "c")):
        cache.add(name, PASSWORD, UserId(number), cache.epoch)
    assert [cache.find(name, PASSWORD) for name in ("a", "b", "c")] == [None, 1, 2]


def test_what_was_found_out_before_a_change_is_not_remembered_after_it() -> None:
    cache = create_cache(Clock())
    epoch = cache.epoch
    cache.forget("alice")
    cache.add("alice", PASSWORD, UserId(1), epoch)
    assert cache.find("alice", PASSWORD) is None


def test_nothing_in_the_cache_tells_a_password() -> None:
    cache = create_cache(Clock())
    cache.add("alice", PASSWORD, UserId(1), cache.epoch)
    assert PASSWORD not in repr(vars(cache))


def test_hashing_does_not_run_on_every_request(tmp_path: Any) -> None:
    class Counting(Hasher):
        runs = 0

        async def verify(self, known: str | None, password: str) -> bool:
            self.runs += 1
            return await super().verify(known, password)

    async def play() -> None:
        database = open_database("", tmp_path)
        hasher = Counting(CHEAP)
        accounts = Accounts(database)
        try:
            assert await accounts.add("alice", "a@b.cd", await hasher.hash(PASSWORD))
            authenticator = PasswordAuthenticator(accounts, hasher, create_cache(Clock()))
            for _ in range(10):
                assert await authenticator.authenticate("alice", PASSWORD) is not None
            assert hasher.runs == 1
            for _ in range(3):
                assert await authenticator.authenticate("alice", "wrong") is None
                assert await authenticator.authenticate("nobody", "wrong") is None
            assert hasher.runs == 7
            authenticator.forget("alice")
            assert await authenticator.authenticate("alice", PASSWORD) is not None
            assert hasher.runs == 8
        finally:
            hasher.close()
            database.close()

    asyncio.run(play())


def test_nobody_takes_as_long_as_a_wrong_password() -> None:
    async def measure(hasher: Hasher, known: str | None) -> float:
        times = []
        for _ in range(5):
            started = time.perf_counter()
            assert not await hasher.verify(known, "wrong")
            times.append(time.perf_counter() - started)
        return min(times)

    async def play() -> None:
        hasher = Hasher(PasswordSettings())
        try:
            known = await hasher.hash(PASSWORD)
            wrong, nobody = await measure(hasher, known), await measure(hasher, None)
        finally:
            hasher.close()
        assert 0.4 < nobody / wrong < 2.5

    asyncio.run(play())


def test_the_password_of_nobody_lets_nobody_in() -> None:
    async def play() -> None:
        hasher = Hasher(CHEAP)
        try:
            assert not await hasher.verify(None, "")
            assert not await hasher.verify("no hash", "")
            assert (await hasher.hash("")).startswith("$argon2id$")
        finally:
            hasher.close()

    asyncio.run(play())


def test_a_flood_of_passwords_is_refused_and_does_not_pile_up() -> None:
    async def play() -> None:
        hasher = Hasher(CHEAP)
        try:
            runs = [hasher.verify(None, "x") for _ in range(MAX_WAITING + 5)]
            results = await asyncio.gather(*runs, return_exceptions=True)
        finally:
            hasher.close()
        assert sum(isinstance(result, UnavailableError) for result in results) == 5

    asyncio.run(play())


@pytest.mark.parametrize(
    ("field", "read"),
    [
        ("Basic YTpi", ("a", "b")),
        ("basic YTpi", ("a", "b")),
        ("Basic   YTpi ", ("a", "b")),
        ("Basic YTpiOmM=", ("a", "b:c")),
        ("Basic YTo=", ("a", "")),
        ("Basic Og==", ("", "")),
        ("Basic YQ==", None),
        ("Basic YTp", None),
        ("Basic YT\xe9pi", None),
        ("Basic YTr/", None),
        ("Bearer YTpi", None),
        ("YTpi", None),
        ("", None),
    ],
)
def test_credentials_are_read_as_they_are_meant(field: str, read: object) -> None:
    assert parse_basic(field) == read


def test_no_secret_is_ever_logged(start_one: Any, person_of: Any, sink: Any) -> None:
    server = start_one('[registration]\nsecret = "shibboleth"')
    person = person_of(server)
    secrets = [PASSWORD, "battery staple", "shibboleth", person.name, person.email]
    draft = {"email": person.email, "password": PASSWORD}
    assert person.send("PUT", body=draft, X_Weave_Secret="shibboleth").status == 200
    assert person.can_enter(PASSWORD)
    assert not person.can_enter("battery staple")
    assert person.send("GET", "/password_reset").status == 200
    text = sink.take().get_content()
    code = text.partition("&key=")[2].split()[0]
    secrets.append(code)
    path = f"/weave-password-reset?username={person.name}&key={code}"
    assert server.client.send("GET", path).status == 200
    fields = {"X-Weave-Password-Reset": code}
    assert person.send("POST", "/password", b"battery staple", **fields).status == 200
    assert person.send("POST", "/password", b"x" * 100000, "battery staple").status == 413
    assert person.send("PUT", body=b"{").status == 400
    assert person.send("DELETE", password="battery staple").status == 200
    secrets += [base64.b64encode(f"{person.name}:{one}".encode()).decode() for one in secrets[:2]]
    log = server.stop()
    assert "request.summary" in log
    assert not [secret for secret in secrets if secret in log]


def test_a_password_is_hashed_anew_when_the_cost_has_changed(
    start_process: Callable[..., Any], connect: Callable[[str], Any], tmp_path: Path
) -> None:
    name = derive_name("ada@example.com")
    body = b'{"email":"ada@example.com","password":"analytical"}'
    entry = base64.b64encode(f"{name}:analytical".encode()).decode()

    def costs() -> str:
        with closing(sqlite3.connect(next(tmp_path.glob("*.sqlite")))) as database:
            (known,) = database.execute("SELECT password FROM users").fetchone()
        return str(known).split("$")[3]

    for rounds in (1, 2):
        server = start_process(
            "--data",
            str(tmp_path),
            SYNCSERVER_PASSWORD_MEMORY="64",
            SYNCSERVER_PASSWORD_ROUNDS=str(rounds),
        )
        client = connect(server.url)
        if rounds == 1:
            assert client.send("PUT", f"/user/1.0/{name}", None, body).status == 200
        assert costs() == "m=64,t=1,p=1"
        path = f"/1.1/{name}/info/collections"
        assert client.send("GET", path, Authorization=f"Basic {entry}").status == 200
        assert costs() == f"m=64,t={rounds},p=1"
        server.stop()
