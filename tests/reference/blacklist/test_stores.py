"""What every list of addresses promises, on the one in memory and on a real Redis."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from syncserver.blacklist import MemoryBlacklist, RedisBlacklist
from syncserver.blacklist.store import BlacklistStore, Reason, Threshold
from syncserver.cache import create_cache

THRESHOLD = Threshold(count=3, window=1, block=1)
LONG = Threshold(count=1, window=1, block=1000)

Scenario = Callable[[BlacklistStore], Awaitable[None]]
Run = Callable[[Scenario], None]


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.needs_redis)])
def run(request: pytest.FixtureRequest) -> Run:
    url = request.getfixturevalue("cache_url") if request.param == "redis" else ""

    async def play(scenario: Scenario) -> None:
        if not url:
            await scenario(MemoryBlacklist(clock=time.monotonic, max_addresses=100))
            return
        redis, live = create_cache(url)
        async with live():
            await redis.flushdb()
            await scenario(RedisBlacklist(redis))

    return lambda scenario: asyncio.run(play(scenario))


async def count(store: BlacklistStore, times: int, address: str = "192.0.2.1") -> list[bool]:
    return [await store.count(address, Reason.BAD, THRESHOLD) for _ in range(times)]


def test_the_event_that_reaches_the_threshold_shuts_the_address_out(run: Run) -> None:
    async def scenario(store: BlacklistStore) -> None:
        await store.check()
        assert await count(store, 2) == [False, False]
        assert not await store.is_blocked("192.0.2.1")
        assert await count(store, 1) == [True]
        assert await store.is_blocked("192.0.2.1")
        assert not await store.is_blocked("192.0.2.2")

    run(scenario)


def test_a_block_ends_and_counting_begins_anew(run: Run) -> None:
    async def scenario(store: BlacklistStore) -> None:
        await count(store, 3)
        await asyncio.sleep(THRESHOLD.block + 0.1)
        assert not await store.is_blocked("192.0.2.1")
        assert await count(store, 2) == [False, False]

    run(scenario)


def test_what_is_older_than_the_window_does_not_count(run: Run) -> None:
    async def scenario(store: BlacklistStore) -> None:
        await count(store, 2)
        await asyncio.sleep(THRESHOLD.window + 0.1)
        assert await count(store, 2) == [False, False]

    run(scenario)


def test_the_two_reasons_are_counted_apart(run: Run) -> None:
    async def scenario(store: BlacklistStore) -> None:
        await count(store, 2)
        assert not await store.count("192.0.2.1", Reason.FLOOD, THRESHOLD)

    run(scenario)


def test_a_shorter_block_does_not_end_a_longer_one(run: Run) -> None:
    async def scenario(store: BlacklistStore) -> None:
        assert await store.count("192.0.2.1", Reason.FLOOD, LONG)
        await count(store, 3)
        (block,) = await store.list_blocks()
        assert block.left > THRESHOLD.block

    run(scenario)


def test_the_list_names_addresses_reasons_and_time_left(run: Run) -> None:
    async def scenario(store: BlacklistStore) -> None:
        assert list(await store.list_blocks()) == []
        await store.count("2001:db8::/64", Reason.FLOOD, LONG)
        await store.count("192.0.2.1", Reason.BAD, LONG)
        blocks = await store.list_blocks()
        assert [(block.address, block.reason) for block in blocks] == [
            ("192.0.2.1", "bad"),
            ("2001:db8::/64", "flood"),
        ]
        assert all(0 < block.left <= LONG.block for block in blocks)

    run(scenario)


def test_a_removed_address_is_let_in_and_counted_anew(run: Run) -> None:
    async def scenario(store: BlacklistStore) -> None:
        await count(store, 3)
        await store.count("192.0.2.1", Reason.FLOOD, THRESHOLD)
        await store.remove(["192.0.2.1", "192.0.2.9"])
        await store.remove([])
        assert not await store.is_blocked("192.0.2.1")
        assert await count(store, 2) == [False, False]

    run(scenario)


def test_events_at_the_same_time_all_count(run: Run) -> None:
    async def scenario(store: BlacklistStore) -> None:
        threshold = Threshold(count=20, window=10, block=10)
        counts = (store.count("192.0.2.1", Reason.FLOOD, threshold) for _ in range(20))
        assert sum(await asyncio.gather(*counts)) == 1
        assert await store.is_blocked("192.0.2.1")

    run(scenario)


def test_memory_forgets_the_addresses_that_were_seen_longest_ago() -> None:
    async def scenario() -> None:
        store = MemoryBlacklist(clock=time.monotonic, max_addresses=2)
        await count(store, 2, "a")
        await count(store, 2, "b")
        await count(store, 1, "c")
        assert await count(store, 1, "b") == [True]
        assert await count(store, 1, "a") == [False]

    asyncio.run(scenario())
