"""The status of the node as an operator sets it in Redis, for all processes at once.

Owns the key there.  Must not know what a status means.
"""

from __future__ import annotations

import logging

from redis.asyncio import Redis

from syncserver.cache import as_text, ask
from syncserver.storage.node import NodeStatus, parse_status

KEY = "syncserver:storage:status"
_log = logging.getLogger("syncserver.storage")


class RedisStatus:
    """Reads the status; without a key, or with one that says nothing, it is the node's own."""

    def __init__(self, redis: Redis, own: NodeStatus) -> None:
        """Read from `redis`, and fall back on `own`."""
        self._redis = redis
        self._own = own

    async def __call__(self) -> NodeStatus:
        """Return the status.  Raises `UnavailableError` when Redis does not answer."""
        found = await ask(self._redis.get(KEY))
        if found is None:
            return self._own
        try:
            return parse_status(as_text(found))
        except ValueError as error:
            _log.warning("%s: %s", KEY, error)
            return self._own
