"""One host and how fast it may be asked.

Owns the bucket of tokens, what is in flight, and the time until which the host is left alone. Must
not know what is asked, nor the clock: the time is an argument.
"""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")

ENOUGH = 64
"""In flight in all when every host answers at once: more would only open connections."""
AT_ONCE = 0.02
"""Seconds within which an answer comes at once."""
LATE = 0.2
"""The part of a request by which a timer may be late without loss: only so is the rate reached."""


class Host(Generic[T]):
    """A queue that gives out its items no faster than the policy allows.

    ``rate`` items a second after a ``burst``, ``most`` in flight: those are worked up to with each
    answer that takes its time, from the host's share of what is enough. Once a host has asked for
    restraint it gets one request at a time, and one more for each answer that is none.
    """

    def __init__(self, *, rate: float, burst: int, most: int) -> None:
        self.waiting: deque[T] = deque()
        self.in_flight = 0
        self.strikes = 0
        self.scheduled = False
        self._rate = rate
        self._burst = float(burst)
        self._tokens = float(burst)
        self._since = 0.0
        self._most = most
        self._enough = self._allowed = 1
        self._closed_until = 0.0

    def share(self, part: float) -> None:
        """Work on it at a ``part`` (0 to 1) of the pace of all, so that all end together."""
        self._enough = self._allowed = max(1, min(self._most, round(ENOUGH * part)))

    def ready_at(self, now: float) -> float | None:
        """When the next item may go: a time not after ``now`` for at once, None where nothing
        waits, or an answer has to come first.
        """
        if not self.waiting or self.in_flight >= self._allowed:
            return None
        if self._closed_until > now:
            return self._closed_until
        if now > self._since:
            self._fill(now)
        return now if self._tokens >= 1 else now + (1 - self._tokens) / self._rate

    def take(self) -> T:
        """The next item, once ``ready_at`` has told that it may go; it counts as in flight until
        ``answered``.
        """
        self._tokens -= 1
        self.in_flight += 1
        return self.waiting.popleft()

    def answered(self, seconds: float, *, well: bool) -> None:
        """Take note of an answer and the time it took; ``well`` tells that it asked for no
        restraint.
        """
        self.in_flight -= 1
        if well:
            self.strikes = 0
            if self._allowed < self._enough or seconds > AT_ONCE:
                self._allowed = min(self._allowed + 1, self._most)

    def close_for(self, seconds: float, now: float) -> None:
        """Leave the host alone for a while, and be careful afterwards."""
        self._closed_until = max(self._closed_until, now + seconds)
        self._allowed = 1

    def leave(self) -> list[T]:
        """Everything that waits, which is not asked any more."""
        left = list(self.waiting)
        self.waiting.clear()
        return left

    def is_closed(self, now: float) -> bool:
        """Whether the host is left alone now."""
        return self._closed_until > now

    def _fill(self, now: float) -> None:
        if self._since:
            grown = self._tokens + (now - self._since) * self._rate
            self._tokens = min(self._burst + LATE, grown)
        self._since = now
