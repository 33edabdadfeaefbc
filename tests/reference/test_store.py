"""The store in memory, with a clock that the test moves."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from syncserver.keyexchange.channel import Channel, Step, Verdict, close, peek
from syncserver.keyexchange.store import MemoryStore
from syncserver.service import UnavailableError

CHANNEL = Channel(parties=("mobile",))


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def create_store(clock: Clock, max_channels: int = 10) -> MemoryStore:
    return MemoryStore(clock=clock, ttl=300, max_channels=max_channels)


def look(store: MemoryStore, cid: str) -> Step | None:
    return asyncio.run(store.change(cid, partial(peek, party="mobile", known=None)))


def add(store: MemoryStore, cid: str) -> bool:
    return asyncio.run(store.add(cid, CHANNEL))


def test_a_channel_is_there_until_its_time_is_over_and_not_a_moment_longer() -> None:
    clock = Clock()
    store = create_store(clock)
    assert add(store, "abcd")
    clock.now += 299.999
    assert look(store, "abcd")
    clock.now = 1300.0
    assert look(store, "abcd") is None


def test_a_change_does_not_prolong_the_life_of_a_channel() -> None:
    clock = Clock()
    store = create_store(clock)
    add(store, "abcd")
    clock.now += 200
    written = Channel(parties=("mobile",), content=b"[1]")
    asyncio.run(store.change("abcd", lambda _: Step(verdict=Verdict.STORED, channel=written)))
    step = look(store, "abcd")
    assert step is not None
    assert step.channel == written
    clock.now += 100
    assert look(store, "abcd") is None


def test_a_taken_name_is_refused_and_its_channel_untouched() -> None:
    store = create_store(Clock())
    assert add(store, "abcd")
    assert not asyncio.run(store.add("abcd", Channel(parties=("other",))))
    step = look(store, "abcd")
    assert step is not None
    assert step.channel == CHANNEL


def test_a_closed_or_expired_name_is_free_again() -> None:
    clock = Clock()
    store = create_store(clock)
    add(store, "abcd")
    asyncio.run(store.change("abcd", partial(close, party="mobile")))
    assert look(store, "abcd") is None
    assert add(store, "abcd")
    clock.now += 300
    assert add(store, "abcd")


def test_expired_channels_give_back_their_memory() -> None:
    clock = Clock()
    store = create_store(clock, max_channels=100_000)
    for number in range(50_000):
        add_now = store.add(str(number), CHANNEL)
        with pytest.raises(StopIteration):
            add_now.send(None)
    assert len(store) == 50_000
    clock.now += 300
    add(store, "abcd")
    assert len(store) == 1


def test_a_store_takes_so_many_channels_and_no_more() -> None:
    clock = Clock()
    store = create_store(clock, max_channels=2)
    assert add(store, "a")
    assert add(store, "b")
    with pytest.raises(UnavailableError, match="All channels are in use"):
        add(store, "c")
    clock.now += 300
    assert add(store, "c")


def test_a_rule_that_raises_changes_nothing() -> None:
    store = create_store(Clock())
    add(store, "abcd")

    def fail(_: Channel) -> Step:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        asyncio.run(store.change("abcd", fail))
    assert look(store, "abcd")
