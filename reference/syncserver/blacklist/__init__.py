"""Shutting out addresses from which too much comes, for all services alike.

Owns putting the guard and the page of operators together.  Must not know services.
"""

from __future__ import annotations

from functools import partial

from syncserver.application import GuardMaker
from syncserver.blacklist.admin import PATH, AdminPage, create_router
from syncserver.blacklist.guard import Guard, Policy
from syncserver.blacklist.redisstore import RedisBlacklist
from syncserver.blacklist.settings import BlacklistSettings
from syncserver.blacklist.store import BlacklistStore, MemoryBlacklist, Threshold
from syncserver.client import parse_networks
from syncserver.service import Service

__all__ = [
    "BlacklistSettings",
    "MemoryBlacklist",
    "RedisBlacklist",
    "create_guard",
    "create_service",
]


def create_guard(settings: BlacklistSettings, store: BlacklistStore) -> GuardMaker:
    """Return what puts the guard before an application."""
    policy = Policy(
        flood=Threshold(
            count=settings.flood_requests,
            window=settings.flood_window,
            block=settings.flood_block,
        ),
        bad=Threshold(
            count=settings.bad_requests, window=settings.bad_window, block=settings.bad_block
        ),
        never=parse_networks(settings.never),
        observe=settings.observe,
    )
    return partial(Guard, store=store, policy=policy)


def create_service(settings: BlacklistSettings, store: BlacklistStore) -> Service:
    """Return the page of operators."""
    page = AdminPage(store=store, user=settings.admin_user, password=settings.admin_password)
    return Service(name="blacklist", prefix=PATH, router=create_router(page), check=store.check)
