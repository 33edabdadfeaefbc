"""How long pages take, by what was measured before.

Owns the estimate by which work is cut into equal parts. Must not know who does the parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from honestdocs.contract.example import Example
from honestdocs.contract.exchange import Exchange, exchanges
from honestdocs.contract.outcome import Outcome, Result

ASSUMED = 0.005
"""Seconds that an example is taken to need where nothing was ever measured."""


class Pace(NamedTuple):
    """How long a page took: ``seconds`` for so many exchanges that were measured."""

    seconds: float
    exchanges: int


_MEASURED = (Outcome.PASSED, Outcome.FAILED)


def durations(
    pages: Mapping[str, Sequence[Example]], latest: Mapping[str, Result]
) -> dict[str, float]:
    """Seconds that services will take for each page, 0 for one that sends nothing.

    What was never measured counts as much as the mean of what was.
    """
    measured = {name: [_seconds(x, latest) for x in _sent(pages[name])] for name in pages}
    known = sorted(s for found in measured.values() for s in found if s is not None)
    mean = sum(known) / len(known) if known else ASSUMED
    return {
        name: sum(mean if seconds is None else seconds for seconds in found)
        for name, found in measured.items()
    }


def _sent(examples: Sequence[Example]) -> list[Exchange]:
    return [exchange for exchange in exchanges(examples) if not exchange.skip]


def _seconds(exchange: Exchange, latest: Mapping[str, Result]) -> float | None:
    """What the exchange took when it was last answered, None if it never was."""
    found = (latest.get(example.id) for example in exchange.examples)
    answered = (r.seconds for r in found if r is not None and r.outcome in _MEASURED and r.seconds)
    return max(answered, default=None)


def pace_of(examples: Sequence[Example], latest: Mapping[str, Result]) -> Pace:
    """How long a page took by what was last measured of its examples."""
    found = [s for x in _sent(examples) if (s := _seconds(x, latest)) is not None]
    return Pace(sum(found), len(found))


def expected(pages: Mapping[str, Sequence[Example]], paces: Mapping[str, Pace]) -> dict[str, float]:
    """Seconds that pages will take by the paces that are known of them.

    A page of no known pace takes as long as others do for as many exchanges.
    """
    known = [pace for pace in paces.values() if pace.exchanges]
    total = sum(pace.exchanges for pace in known)
    mean = sum(pace.seconds for pace in known) / total if total else ASSUMED
    found: dict[str, float] = {}
    for name, examples in pages.items():
        pace = paces.get(name)
        each = pace.seconds / pace.exchanges if pace is not None and pace.exchanges else mean
        found[name] = each * len(_sent(examples))
    return found
