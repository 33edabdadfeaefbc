"""How well a service was over hours and days, worked out from counts of heartbeats.

Owns bars, shares and percentiles. Must not know where the counts are kept or how they look.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from honestdocs.contract.service import Health

HOUR = 3600
DOWN = frozenset((Health.ERROR, Health.UNREACHABLE))
"""The healths in which a service does not serve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A time that bars show: ``bars`` of ``hours`` each, up to now."""

    name: str
    bars: int
    hours: int


SPANS = (
    Span(name="24 hours", bars=24, hours=1),
    Span(name="7 days", bars=28, hours=6),
    Span(name="90 days", bars=90, hours=24),
)
MOST_HOURS = max(span.bars * span.hours for span in SPANS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Heartbeats of one hour: how many found the service well, warning, and down."""

    up: int = 0
    warning: int = 0
    down: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.up + self.warning + self.down

    @property
    def share(self) -> float | None:
        """Which part found the service serving, None where nobody looked."""
        return (self.up + self.warning) / self.total if self.total else None

    def plus(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            up=self.up + other.up,
            warning=self.warning + other.warning,
            down=self.down + other.down,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: when it began and ended, in seconds since the epoch, and what was seen."""

    began: float
    ended: float
    tally: Tally

    @property
    def state(self) -> str:
        """``none``, ``down``, ``warning`` or ``up``, the worst that was seen."""
        if not self.tally.total:
            return "none"
        return "down" if self.tally.down else "warning" if self.tally.warning else "up"


def bars(hours: Mapping[int, Tally], span: Span, now: float) -> tuple[Bar, ...]:
    """The bars of a span, oldest first; ``hours`` counts hours since the epoch."""
    end = int(now // HOUR) + 1
    found = []
    for at in range(span.bars, 0, -1):
        first = end - at * span.hours
        tallies = (hours.get(hour, Tally()) for hour in range(first, first + span.hours))
        whole = total(tallies)
        found.append(Bar(began=first * HOUR, ended=(first + span.hours) * HOUR, tally=whole))
    return tuple(found)


def total(tallies: Iterable[Tally]) -> Tally:
    """All tallies together."""
    whole = Tally()
    for tally in tallies:
        whole = whole.plus(tally)
    return whole


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share of all values lies, by the nearest rank; 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def in_percent(share: float | None) -> str:
    """A share as ``99.95 %``, cut and not rounded: what failed once is never told as whole."""
    if share is None:
        return "no data"
    return "100 %" if share == 1 else f"{math.floor(share * 10_000) / 100:.2f} %"
