"""What a check of links is given from outside: time, a carrier of requests, an ear for progress.

Owns their forms. Must not know what is checked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from honestdocs.contract.wire import Answer, WireRequest


class Carrier(Protocol):
    """What carries requests: a transport that asks what is due."""

    def send(self, request: WireRequest, then: Callable[[Answer], None]) -> None:
        """Queue a request."""

    def run(self, due: Callable[[], float | None]) -> None:
        """Work until nothing is in flight and nothing will be due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """``monotonic`` counts seconds; ``now`` is in seconds since the epoch."""

    monotonic: Callable[[], float]
    now: Callable[[], float]


@dataclass(slots=True, kw_only=True)
class Progress:
    """What a check has done so far; ``told`` is called after every address."""

    total: int = 0
    done: int = 0
    requests: int = 0
    told: Callable[[int, int], None] = field(default=lambda _done, _total: None)
