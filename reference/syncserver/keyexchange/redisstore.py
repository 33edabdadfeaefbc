"""Channels that several servers share, in Redis.

Owns how a channel is written there and the atomicity of its changes.  Must not know the rules of a
channel: it applies the rule it is given.
"""

from __future__ import annotations

import base64
import json

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import WatchError

from syncserver.cache import ask
from syncserver.keyexchange.channel import Channel, Step
from syncserver.keyexchange.store import Rule
from syncserver.service import UnavailableError

PREFIX = "syncserver:channel:"
TRIES = 100
"""How often a change is tried of a channel that others change at the same time."""


class RedisStore:
    """Channels as keys that Redis lets expire by itself."""

    def __init__(self, redis: Redis, *, ttl: int) -> None:
        """Keep channels in `redis` for `ttl` seconds each."""
        self._redis = redis
        self._ttl = ttl

    async def add(self, cid: str, channel: Channel) -> bool:
        """Keep a new channel; False, and nothing changed, when `cid` is taken."""
        text = _render(channel)
        return bool(await ask(self._redis.set(PREFIX + cid, text, ex=self._ttl, nx=True)))

    async def change(self, cid: str, rule: Rule) -> Step | None:
        """Apply `rule`, again whenever somebody else was faster."""
        return await ask(self._change(PREFIX + cid, rule))

    async def check(self) -> None:
        """Ask Redis whether it is there."""
        await ask(self._redis.ping())

    async def _change(self, name: str, rule: Rule) -> Step | None:
        async with self._redis.pipeline() as pipeline:
            for _ in range(TRIES):
                try:
                    return await _try(pipeline, name, rule)
                except WatchError:
                    await pipeline.reset()  # type: ignore[no-untyped-call]
        raise UnavailableError("The channel is too busy; try again later.")


async def _try(pipeline: Pipeline, name: str, rule: Rule) -> Step | None:
    await pipeline.watch(name)
    text = await pipeline.get(name)
    if text is None:
        return None
    before = _parse(text)
    step = rule(before)
    pipeline.multi()  # type: ignore[no-untyped-call]
    if step.closed:
        pipeline.delete(name)
    elif step.channel != before:
        pipeline.set(name, _render(step.channel), keepttl=True, xx=True)
    await pipeline.execute()
    return step


def _render(channel: Channel) -> str:
    return json.dumps(
        {
            "parties": channel.parties,
            "content": base64.b64encode(channel.content).decode(),
            "reads": channel.reads,
        }
    )


def _parse(text: bytes | str) -> Channel:
    members = json.loads(text)
    return Channel(
        parties=tuple(members["parties"]),
        content=base64.b64decode(members["content"]),
        reads=members["reads"],
    )
