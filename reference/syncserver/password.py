"""Hashes of passwords: argon2id, computed in threads of their own.

Owns the cost of a hash and that it never holds up the event loop.  Must not know whose password it
is, nor where hashes are kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Annotated, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from pydantic import Field

from syncserver.service import UnavailableError

T = TypeVar("T")

MAX_WAITING = 256
"""Hashes that may wait for a thread; a flood of wrong passwords gets no further than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordSettings:
    """Settings of the section `password`; the defaults are those that OWASP advises."""

    memory: Annotated[int, Field(ge=64, le=4194304, description="KiB that a hash takes")] = 19456
    rounds: Annotated[int, Field(ge=1, le=100, description="passes over that memory")] = 2
    threads: Annotated[int, Field(ge=1, le=64, description="hashes computed at a time")] = 2
    cache_seconds: Annotated[
        int,
        Field(
            ge=0,
            le=3600,
            description="seconds in which a password that was right is not hashed again; so long "
            "may other processes take an old one after a change",
        ),
    ] = 60
    cache_size: Annotated[
        int, Field(ge=1, le=1048576, description="users whose passwords are remembered so")
    ] = 10000


class Hasher:
    """Makes and verifies hashes."""

    def __init__(self, settings: PasswordSettings) -> None:
        """Hash at the cost that the settings name."""
        self._hasher = PasswordHasher(
            time_cost=settings.rounds, memory_cost=settings.memory, parallelism=1
        )
        self._executor = ThreadPoolExecutor(settings.threads, "password")
        self._waiting = 0
        self._nobodys = self._hasher.hash("")

    async def hash(self, password: str) -> str:
        """Return a hash with a salt of its own.  Raises `UnavailableError` when too many wait."""
        return await self._run(lambda: self._hasher.hash(password))

    async def verify(self, known: str | None, password: str) -> bool:
        """Tell whether `known` is a hash of the password.

        Without a hash the answer is False, after the time that a comparison takes.  Raises
        `UnavailableError` when too many wait.
        """
        fits = await self._run(lambda: self._compare(known or self._nobodys, password))
        return fits and known is not None

    def is_outdated(self, known: str) -> bool:
        """Tell whether a hash was made at another cost than the settings name now."""
        return self._hasher.check_needs_rehash(known)

    def close(self) -> None:
        """End the threads."""
        self._executor.shutdown(cancel_futures=True)

    def _compare(self, known: str, password: str) -> bool:
        try:
            return self._hasher.verify(known, password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= MAX_WAITING:
            raise UnavailableError("Too many passwords are being checked; try again later.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, work)
        finally:
            self._waiting -= 1
