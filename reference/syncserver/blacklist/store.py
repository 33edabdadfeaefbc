"""Who has sent how much, and who is shut out: the protocol of every store, and that in memory.

Owns counting within windows and the end of each block.  Must not know what makes an address bad.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Reason(StrEnum):
    """What an address is counted for, and shut out for."""

    FLOOD = "flood"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """`count` events within `window` seconds shut out for `block` seconds; 0 events: never."""

    count: int
    window: int
    block: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """An address that is shut out, for `left` more seconds."""

    address: str
    reason: str
    left: float


class BlacklistStore(Protocol):
    """Counts events of addresses; every method raises `UnavailableError` when it cannot."""

    async def is_blocked(self, address: str) -> bool:
        """Tell whether the address is shut out now."""

    async def count(self, address: str, reason: Reason, threshold: Threshold) -> bool:
        """Count an event; tell whether with it the address was shut out."""

    async def list_blocks(self) -> Sequence[Block]:
        """Return who is shut out now, by address."""

    async def remove(self, addresses: Sequence[str]) -> None:
        """Let the addresses in again, and begin to count them anew."""

    async def check(self) -> None:
        """Return when the store works."""


@dataclass(slots=True)
class _Count:
    number: int
    end: float


class MemoryBlacklist:
    """The list of one process.  The addresses that were counted longest ago are forgotten first."""

    def __init__(self, *, clock: Callable[[], float], max_addresses: int) -> None:
        """Count at most `max_addresses` addresses for each reason; `clock` counts seconds."""
        self._clock = clock
        self._max_addresses = max_addresses
        self._counts: dict[Reason, OrderedDict[str, _Count]] = {
            reason: OrderedDict() for reason in Reason
        }
        self._blocks: OrderedDict[str, tuple[Reason, float]] = OrderedDict()

    async def is_blocked(self, address: str) -> bool:
        """Tell whether the address is shut out now."""
        block = self._blocks.get(address)
        if block is None:
            return False
        if block[1] <= self._clock():
            del self._blocks[address]
            return False
        return True

    async def count(self, address: str, reason: Reason, threshold: Threshold) -> bool:
        """Count an event; tell whether with it the address was shut out."""
        now = self._clock()
        counts = self._counts[reason]
        found = counts.get(address)
        if found is None or found.end <= now:
            found = counts[address] = _Count(0, now + threshold.window)
        counts.move_to_end(address)
        if len(counts) > self._max_addresses:
            counts.popitem(last=False)
        found.number += 1
        if found.number < threshold.count:
            return False
        counts.pop(address, None)
        self._block(address, reason, now + threshold.block)
        return True

    async def list_blocks(self) -> Sequence[Block]:
        """Return who is shut out now, by address."""
        now = self._clock()
        return [
            Block(address=address, reason=reason, left=end - now)
            for address, (reason, end) in sorted(self._blocks.items())
            if end > now
        ]

    async def remove(self, addresses: Sequence[str]) -> None:
        """Let the addresses in again."""
        for address in addresses:
            self._blocks.pop(address, None)
            for counts in self._counts.values():
                counts.pop(address, None)

    async def check(self) -> None:
        """Return at once: memory is always there."""

    def _block(self, address: str, reason: Reason, end: float) -> None:
        """Shut out until `end`; a longer block stays as long as it was."""
        known = self._blocks.pop(address, None)
        self._blocks[address] = known if known is not None and known[1] > end else (reason, end)
        while len(self._blocks) > self._max_addresses:
            self._blocks.popitem(last=False)
