"""Where channels are kept: the protocol every store fulfils, and the store in memory.

Owns the life time of channels and the atomicity of their changes.  Must not know the rules of a
channel: it applies the rule it is given.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from syncserver.keyexchange.channel import Channel, Step
from syncserver.service import UnavailableError

Rule = Callable[[Channel], Step]


class ChannelStore(Protocol):
    """Channels by identifier, each gone a fixed time after it was added.

    Every method raises `UnavailableError` when the store cannot be reached.
    """

    async def add(self, cid: str, channel: Channel) -> bool:
        """Keep a new channel; False, and nothing changed, when `cid` is taken."""

    async def change(self, cid: str, rule: Rule) -> Step | None:
        """Apply `rule` to the channel and keep what it says, as one atomic act.

        Returns the rule's step, None when there is no such channel.  A store that finds out late
        that somebody else was first applies the rule again, so a rule has no effects of its own.
        """

    async def check(self) -> None:
        """Return when the store works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    channel: Channel
    deadline: float


class MemoryStore:
    """Channels of one process.  Atomic since no method awaits between looking and keeping."""

    def __init__(self, *, clock: Callable[[], float], ttl: float, max_channels: int) -> None:
        """Keep channels for `ttl` seconds of `clock`, at most `max_channels` at a time."""
        self._clock = clock
        self._ttl = ttl
        self._max_channels = max_channels
        # All live equally long, so the order of entry is the order in which they end.  A plain
        # dict would search its beginning anew after each deletion there.
        self._entries: OrderedDict[str, _Entry] = OrderedDict()

    def __len__(self) -> int:
        """Return how many channels take up memory."""
        return len(self._entries)

    async def add(self, cid: str, channel: Channel) -> bool:
        """Keep a new channel; raise `UnavailableError` when there are too many."""
        now = self._clock()
        self._purge(now)
        if cid in self._entries:
            return False
        if len(self._entries) >= self._max_channels:
            raise UnavailableError("All channels are in use; try again later.")
        self._entries[cid] = _Entry(channel=channel, deadline=now + self._ttl)
        return True

    async def change(self, cid: str, rule: Rule) -> Step | None:
        """Apply `rule`, unless the channel's time is over."""
        self._purge(self._clock())
        entry = self._entries.get(cid)
        if entry is None:
            return None
        step = rule(entry.channel)
        if step.closed:
            del self._entries[cid]
        else:
            self._entries[cid] = _Entry(channel=step.channel, deadline=entry.deadline)
        return step

    async def check(self) -> None:
        """Return at once: memory is always there."""

    def _purge(self, now: float) -> None:
        while self._entries:
            cid = next(iter(self._entries))
            if self._entries[cid].deadline > now:
                return
            del self._entries[cid]
