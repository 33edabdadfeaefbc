"""What every store of channels promises, on the one in memory and on a real Redis."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from syncserver.cache import create_cache
from syncserver.keyexchange.channel import Channel, Step, Verdict, close, peek
from syncserver.keyexchange.redisstore import RedisStore
from syncserver.keyexchange.store import ChannelStore, MemoryStore
from syncserver.service import UnavailableError

CHANNEL = Channel(parties=("mobile",))
FULL = Channel(parties=("mobile", "desktop \N{SNOWMAN}"), content=bytes(range(256)), reads=5)
SHORT = 1

Scenario = Callable[[ChannelStore], Awaitable[None]]
Run = Callable[[Scenario], None]


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.needs_redis)])
def run(request: pytest.FixtureRequest) -> Run:
    """Runs a scenario on a store whose channels live for a second."""
    url = request.getfixturevalue("cache_url") if request.param == "redis" else ""

    async def play(scenario: Scenario) -> None:
        if not url:
            await scenario(MemoryStore(clock=time.monotonic, ttl=SHORT, max_channels=100))
            return
        redis, live = create_cache(url)
        async with live():
            await redis.flushdb()
            await scenario(RedisStore(redis, ttl=SHORT))

    return lambda scenario: asyncio.run(play(scenario))


async def look(store: ChannelStore, cid: str = "abcd") -> Step | None:
    return await store.change(cid, partial(peek, party="mobile", known=None))


def test_a_channel_is_found_as_it_was_added(run: Run) -> None:
    async def scenario(store: ChannelStore) -> None:
        await store.check()
        assert await look(store) is None
        assert await store.add("abcd", FULL)
        step = await look(store)
        assert step is not None
        assert step.channel == FULL

    run(scenario)


def test_a_taken_name_is_refused_and_its_channel_untouched(run: Run) -> None:
    async def scenario(store: ChannelStore) -> None:
        assert await store.add("abcd", CHANNEL)
        assert not await store.add("abcd", FULL)
        step = await look(store)
        assert step is not None
        assert step.channel == CHANNEL

    run(scenario)


def test_a_change_is_kept_and_does_not_prolong_the_life(run: Run) -> None:
    async def scenario(store: ChannelStore) -> None:
        await store.add("abcd", CHANNEL)
        await asyncio.sleep(SHORT * 0.6)
        await store.change("abcd", lambda _: Step(verdict=Verdict.STORED, channel=FULL))
        step = await look(store)
        assert step is not None
        assert step.channel == FULL
        await asyncio.sleep(SHORT * 0.6)
        assert await look(store) is None
        assert await store.add("abcd", CHANNEL)

    run(scenario)


def test_a_closed_channel_is_gone_and_its_name_free(run: Run) -> None:
    async def scenario(store: ChannelStore) -> None:
        await store.add("abcd", CHANNEL)
        await store.change("abcd", partial(close, party="mobile"))
        assert await look(store) is None
        assert await store.add("abcd", CHANNEL)

    run(scenario)


def test_a_rule_that_raises_changes_nothing(run: Run) -> None:
    def fail(_: Channel) -> Step:
        raise RuntimeError

    async def scenario(store: ChannelStore) -> None:
        await store.add("abcd", CHANNEL)
        with pytest.raises(RuntimeError):
            await store.change("abcd", fail)
        assert await look(store)

    run(scenario)


def test_changes_at_the_same_time_all_count(run: Run) -> None:
    def count(channel: Channel) -> Step:
        after = replace(channel, reads=channel.reads + 1)
        return Step(verdict=Verdict.SERVED, channel=after)

    async def scenario(store: ChannelStore) -> None:
        await store.add("abcd", CHANNEL)
        await asyncio.gather(*(store.change("abcd", count) for _ in range(20)))
        step = await look(store)
        assert step is not None
        assert step.channel.reads == 20

    run(scenario)


def test_of_many_that_add_one_name_at_once_one_wins(run: Run) -> None:
    async def scenario(store: ChannelStore) -> None:
        added = await asyncio.gather(*(store.add("abcd", CHANNEL) for _ in range(20)))
        assert sum(added) == 1

    run(scenario)


def test_a_redis_that_is_away_makes_the_store_unavailable() -> None:
    async def play() -> None:
        redis, live = create_cache("redis://127.0.0.1:1/0")
        async with live():
            store = RedisStore(redis, ttl=1)
            for act in (store.check, partial(look, store), partial(store.add, "abcd", CHANNEL)):
                with pytest.raises(UnavailableError):
                    await act()

    asyncio.run(play())


@pytest.mark.needs_redis
def test_servers_that_share_a_redis_serve_each_others_channels(
    start_process: Any, cache_url: str
) -> None:
    options = ("--redis", cache_url, "--services", "keyexchange")
    one, other = start_process(*options), start_process(*options)
    try:
        path = one.client.open()
        assert other.client.send("PUT", path, "b2" * 128, b"[1]").status == 200
        assert one.client.send("GET", path, "a1" * 128).body == b"[1]"
        assert one.client.send("GET", path, "c3" * 128).status == 400
        assert other.client.send("GET", path, "a1" * 128).status == 404
    finally:
        one.stop()
        other.stop()
