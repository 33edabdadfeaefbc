"""How much somebody who is not signed in may ask for.

Owns the counting by address. Must not know what is asked.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

_MOST_ADDRESSES = 4096


@dataclass(slots=True, kw_only=True)
class Allowance:
    """At most ``most`` builds in ``seconds`` for each address, spread over that time."""

    most: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, address: str) -> float:
        """Takes one; returns 0, or the seconds until there is one again."""
        now = self.clock()
        left, since = self._left.pop(address, (float(self.most), now))
        left = min(float(self.most), left + (now - since) * self.most / self.seconds)
        enough = left >= 1
        self._left[address] = (left - 1 if enough else left, now)
        while len(self._left) > _MOST_ADDRESSES:
            self._left.popitem(last=False)
        return 0.0 if enough else (1 - left) * self.seconds / self.most
