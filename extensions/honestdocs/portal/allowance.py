"""How often somebody may try something.

Owns the counting: each client has a bucket that fills with time, and all share another. Must not
know what is tried. The clock is an argument.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

_MOST_CLIENTS = 10_000


class Allowance:
    """``burst`` at once, then ``rate`` a second, for each client; tenfold for all together."""

    def __init__(self, *, burst: int, rate: float, now: Callable[[], float]) -> None:
        self._burst, self._rate, self._now = float(burst), rate, now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._all = (self._burst * 10, now())

    def take(self, client: str) -> float:
        """0 where the client may go on, else after how many seconds it may."""
        now = self._now()
        whole, wait_all = self._draw(self._all, 10.0, now)
        mine, wait = self._draw(self._buckets.pop(client, (self._burst, now)), 1.0, now)
        self._buckets[client] = mine
        while len(self._buckets) > _MOST_CLIENTS:
            self._buckets.popitem(last=False)
        if not wait:
            self._all = whole
        return max(wait, wait_all)

    def _draw(
        self, bucket: tuple[float, float], size: float, now: float
    ) -> tuple[tuple[float, float], float]:
        """The bucket afterwards, and how long there is nothing in it."""
        level, at = bucket
        level = min(self._burst * size, level + max(0.0, now - at) * self._rate * size)
        if level < 1:
            return (level, now), (1 - level) / (self._rate * size)
        return (level - 1, now), 0.0
