"""The services put together as the settings say.

Owns which service needs what: the database and who knows passwords, stores, mail, clocks,
randomness.  Must not know the command line, nor how the server listens.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from redis.asyncio import Redis

from syncserver import blacklist, keyexchange, registration, storage
from syncserver.accounts import Accounts
from syncserver.application import GuardMaker
from syncserver.blacklist import BlacklistSettings, MemoryBlacklist, RedisBlacklist
from syncserver.blacklist.store import BlacklistStore
from syncserver.cache import create_cache
from syncserver.configuration import ServerSettings
from syncserver.credentials import CredentialCache, PasswordAuthenticator
from syncserver.database import Database, DatabaseError, DatabaseSettings, open_database
from syncserver.keyexchange import KeyExchangeSettings
from syncserver.keyexchange.redisstore import RedisStore
from syncserver.mail import MailSettings, create_mailer
from syncserver.password import Hasher, PasswordSettings
from syncserver.registration import Registrar, RegistrationSettings, create_captcha
from syncserver.service import Lifespan, Service
from syncserver.settings import Layer, SettingsError, load_section
from syncserver.storage import SqlStore, StorageSettings
from syncserver.storage.node import NodeState


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """What is to be served, and what it shares."""

    services: Sequence[Service]
    lifespans: Sequence[Lifespan] = ()
    guards: Sequence[GuardMaker] = ()


def assemble(settings: ServerSettings, layers: Sequence[Layer]) -> Assembly:
    """Return the services that the settings name.  Raises `SettingsError`."""
    parts = _Parts(settings, layers)
    makers: dict[str, Callable[[], Service]] = {
        "registration": parts.create_registration,
        "storage": parts.create_storage,
        "keyexchange": parts.create_keyexchange,
    }
    services = [makers[name]() for name in dict.fromkeys(settings.services)]
    page, guard = parts.create_blacklist()
    return Assembly(
        services=[*services, page], lifespans=parts.lifespans, guards=[*parts.guards, guard]
    )


class _Parts:
    """What services are made of, each part made when the first service needs it."""

    def __init__(self, settings: ServerSettings, layers: Sequence[Layer]) -> None:
        self._settings = settings
        self._layers = layers
        self._randomness = random.SystemRandom()
        self.lifespans: list[Lifespan] = []
        self.guards: list[GuardMaker] = []

    def create_registration(self) -> Service:
        settings = load_section("registration", RegistrationSettings, self._layers)
        mail = load_section("mail", MailSettings, self._layers)
        return registration.create_service(
            Registrar(
                accounts=self._accounts,
                authenticator=self._authenticator,
                hasher=self._hasher,
                mailer=create_mailer(mail, self._folder),
                settings=settings,
                clock=time.time,
                randomness=self._randomness,
                captcha=create_captcha(settings, time.time, self._randomness),
            )
        )

    def create_storage(self) -> Service:
        settings = load_section("storage", StorageSettings, self._layers)
        if self._redis is not None or settings.status != NodeState.WORKING:
            self.guards.append(storage.create_guard(settings, self._redis))
        return storage.create_service(
            settings,
            store=SqlStore(self._database),
            authenticator=self._authenticator,
            clock=time.time,
        )

    def create_keyexchange(self) -> Service:
        settings = load_section("keyexchange", KeyExchangeSettings, self._layers)
        redis = self._redis
        return keyexchange.create_service(
            settings,
            clock=time.monotonic,
            randomness=self._randomness,
            store=RedisStore(redis, ttl=settings.ttl) if redis is not None else None,
        )

    def create_blacklist(self) -> tuple[Service, GuardMaker]:
        settings = load_section("blacklist", BlacklistSettings, self._layers)
        store: BlacklistStore
        if self._redis is not None:
            store = RedisBlacklist(self._redis)
        else:
            store = MemoryBlacklist(clock=time.monotonic, max_addresses=settings.max_addresses)
        return blacklist.create_service(settings, store), blacklist.create_guard(settings, store)

    @cached_property
    def _redis(self) -> Redis | None:
        if not self._settings.redis:
            return None
        redis, live = create_cache(self._settings.redis)
        self.lifespans.append(live)
        return redis

    @cached_property
    def _folder(self) -> Path:
        """The folder of the data; one that is removed at the end when none is named."""
        if self._settings.data:
            return Path(self._settings.data)
        folder = tempfile.TemporaryDirectory(prefix="syncserver-")

        @asynccontextmanager
        async def live() -> AsyncIterator[None]:
            with folder:
                yield

        self.lifespans.insert(0, live)
        return Path(folder.name)

    @cached_property
    def _database(self) -> Database:
        settings = load_section("database", DatabaseSettings, self._layers)
        try:
            database = open_database(self._settings.database, self._folder, settings)
        except DatabaseError as error:
            raise SettingsError(str(error)) from None
        self.lifespans.append(database.live)
        return database

    @cached_property
    def _accounts(self) -> Accounts:
        return Accounts(self._database)

    @cached_property
    def _password_settings(self) -> PasswordSettings:
        return load_section("password", PasswordSettings, self._layers)

    @cached_property
    def _hasher(self) -> Hasher:
        hasher = Hasher(self._password_settings)

        @asynccontextmanager
        async def live() -> AsyncIterator[None]:
            try:
                yield
            finally:
                hasher.close()

        self.lifespans.append(live)
        return hasher

    @cached_property
    def _authenticator(self) -> PasswordAuthenticator:
        cache = CredentialCache(
            key=self._randomness.randbytes(32),
            clock=time.monotonic,
            seconds=self._password_settings.cache_seconds,
            size=self._password_settings.cache_size,
        )
        return PasswordAuthenticator(self._accounts, self._hasher, cache)
