"""The list that several servers share, in Redis.

Owns its keys there and the atomicity of counting: one script on the server.  Must not know what
makes an address bad.
"""

from __future__ import annotations

from collections.abc import Sequence

from redis.asyncio import Redis

from syncserver.blacklist.store import Block, Reason, Threshold
from syncserver.cache import as_text, ask

PREFIX = "syncserver:blacklist:"

_COUNT = """
local number = redis.call('INCR', KEYS[1])
if number == 1 then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
if number < tonumber(ARGV[1]) then return 0 end
redis.call('DEL', KEYS[1])
if redis.call('TTL', KEYS[2]) < tonumber(ARGV[3]) then
  redis.call('SET', KEYS[2], ARGV[4], 'EX', ARGV[3])
end
return 1
"""


class RedisBlacklist:
    """Counts and blocks are keys that Redis lets expire by itself."""

    def __init__(self, redis: Redis) -> None:
        """Keep the list in `redis`."""
        self._redis = redis
        self._count = redis.register_script(_COUNT)

    async def is_blocked(self, address: str) -> bool:
        """Tell whether the address is shut out now."""
        return bool(await ask(self._redis.exists(_name("block", address))))

    async def count(self, address: str, reason: Reason, threshold: Threshold) -> bool:
        """Count an event; tell whether with it the address was shut out."""
        keys = [_name(reason, address), _name("block", address)]
        limits = (threshold.count, threshold.window, threshold.block)
        return bool(await ask(self._count(keys=keys, args=[*limits, str(reason)])))

    async def list_blocks(self) -> Sequence[Block]:
        """Return who is shut out now, by address."""
        return await ask(self._list())

    async def remove(self, addresses: Sequence[str]) -> None:
        """Let the addresses in again."""
        kinds = ("block", *Reason)
        names = [_name(kind, address) for address in addresses for kind in kinds]
        if names:
            await ask(self._redis.delete(*names))

    async def check(self) -> None:
        """Ask Redis whether it is there."""
        await ask(self._redis.ping())

    async def _list(self) -> list[Block]:
        start = _name("block", "")
        found = [name async for name in self._redis.scan_iter(match=f"{start}*", count=1000)]
        blocks = [await self._read(name.decode()) for name in sorted(found)]
        return [block for block in blocks if block is not None]

    async def _read(self, name: str) -> Block | None:
        reason, left = await self._redis.get(name), await self._redis.pttl(name)
        if reason is None or left < 0:
            return None
        address = name.removeprefix(_name("block", ""))
        return Block(address=address, reason=as_text(reason), left=left / 1000)


def _name(kind: str, address: str) -> str:
    return f"{PREFIX}{kind}:{address}"
