"""A database of a real Redis, emptied before and after.

`TEST_REDIS` says where it is, as a URL with the number of a database that nobody else uses; unless
it does, it is looked for on this machine. Tests that run side by side have the databases after it.
Where there is none the tests that need it are skipped and say so; where `CI` is set they fail
instead.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from redis import Redis
from redis.exceptions import RedisError

_FIRST = os.environ.get("TEST_REDIS", "redis://127.0.0.1:6379/13")
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_PLACE, _, _NUMBER = _FIRST.rpartition("/")
URL = f"{_PLACE}/{int(_NUMBER) + _WORKER}"
PATIENCE = 5


@contextmanager
def use_cache() -> Iterator[str]:
    """Yield the URL of an empty database."""
    with Redis.from_url(URL, socket_timeout=PATIENCE) as redis:
        try:
            redis.flushdb()
        except RedisError as error:
            reason = f"NO REDIS, NOT TESTED: {error}"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
        try:
            yield URL
        finally:
            redis.flushdb()
