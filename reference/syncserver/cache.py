"""Redis, which several servers share.

Owns connecting to it and what its absence means.  Must not know what is kept there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from syncserver.service import Lifespan, UnavailableError

T = TypeVar("T")

TIMEOUT = 2
"""Seconds that Redis may take for an answer."""


async def ask(question: Awaitable[T]) -> T:
    """Return what Redis answers; raise `UnavailableError` when it does not."""
    try:
        return await question
    except (RedisError, OSError):
        raise UnavailableError("The cache does not answer now; try again later.") from None


def as_text(value: bytes | str) -> str:
    """Return what Redis holds as text, which all our keys and values are."""
    return value.decode() if isinstance(value, bytes) else value


def create_cache(url: str) -> tuple[Redis, Lifespan]:
    """Return Redis at `url`, connected when it is first asked, and the lifespan that ends it."""
    redis = Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)

    @asynccontextmanager
    async def live() -> AsyncIterator[None]:
        try:
            yield
        finally:
            await redis.aclose()

    return redis, live
