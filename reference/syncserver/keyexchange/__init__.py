"""Easy Setup: two devices agree on a key over a short-lived channel (API 1.0).

Owns putting the service together.  Must not know the other services nor how the server listens.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from syncserver.keyexchange.exchange import Exchange
from syncserver.keyexchange.routes import create_router
from syncserver.keyexchange.settings import KeyExchangeSettings
from syncserver.keyexchange.store import ChannelStore, MemoryStore
from syncserver.service import Service

__all__ = ["KeyExchangeSettings", "create_service"]


def create_service(
    settings: KeyExchangeSettings,
    *,
    clock: Callable[[], float],
    randomness: random.Random,
    store: ChannelStore | None = None,
) -> Service:
    """Return the service; `clock` counts seconds, `store` is one in memory unless given."""
    store = store or MemoryStore(clock=clock, ttl=settings.ttl, max_channels=settings.max_channels)
    exchange = Exchange(store=store, randomness=randomness, cid_length=settings.cid_len)
    return Service(
        name="keyexchange",
        prefix=settings.prefix,
        own_host=settings.own_host,
        router=create_router(exchange, settings),
        check=store.check,
    )
