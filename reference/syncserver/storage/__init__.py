"""Records of Sync clients, in collections (API 1.0 and 1.1).

Owns putting the service together.  Must not know the other services nor how the server listens.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from redis.asyncio import Redis

from syncserver.application import GuardMaker
from syncserver.authentication import Authenticator
from syncserver.service import Service, UnavailableError
from syncserver.storage.node import NodeGuard, NodeStatus, RecentStatus
from syncserver.storage.pages import InfoPages, RecordPages
from syncserver.storage.redisstatus import RedisStatus
from syncserver.storage.routes import create_router
from syncserver.storage.settings import StorageSettings
from syncserver.storage.sqlstore import SqlStore
from syncserver.storage.store import StorageStore
from syncserver.storage.timestamp import read_clock

__all__ = ["SqlStore", "StorageSettings", "create_guard", "create_service"]

VERSION = "/1.1"
_ALIASES = ("/1.0", "/1")
_PURGED_AT_ONCE = 500
_log = logging.getLogger("syncserver.storage")


def create_service(
    settings: StorageSettings,
    *,
    store: StorageStore,
    authenticator: Authenticator,
    clock: Callable[[], float],
) -> Service:
    """Return the service; `clock` counts seconds since 1970."""
    info = InfoPages(store=store, authenticator=authenticator, settings=settings, clock=clock)
    records = RecordPages(store=store, authenticator=authenticator, settings=settings, clock=clock)
    root = settings.prefix + VERSION

    @asynccontextmanager
    async def live() -> AsyncIterator[None]:
        task = asyncio.create_task(_purge(store, clock, settings.purge_interval))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    return Service(
        name="storage",
        prefix=root,
        router=create_router(info, records, clock),
        check=store.check,
        aliases={settings.prefix + alias: root for alias in _ALIASES},
        strips_slashes=True,
        lifespan=live,
    )


def create_guard(settings: StorageSettings, redis: Redis | None) -> GuardMaker:
    """Return what refuses requests, or asks to hold back, as the status of the node says.

    With `redis` an operator sets the status there, for all processes and while they run.
    """
    roots = tuple(settings.prefix + path for path in (VERSION, *_ALIASES))
    own = settings.node_status

    async def read() -> NodeStatus:
        return own

    status = read if redis is None else RecentStatus(RedisStatus(redis, own))
    return partial(NodeGuard, roots=roots, status=status)


async def _purge(store: StorageStore, clock: Callable[[], float], interval: float) -> None:
    """Free the space of records whose life has ended, little by little, for as long as it lasts."""
    while True:
        await asyncio.sleep(interval)
        try:
            freed = _PURGED_AT_ONCE
            while freed == _PURGED_AT_ONCE:
                freed = await store.purge(read_clock(clock()), _PURGED_AT_ONCE)
        except UnavailableError:
            _log.warning("the next purge has to do the work of this one")
