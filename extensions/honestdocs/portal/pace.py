"""How long to wait before a service is asked again.

Owns jitter and back-off. Chance is an argument. Must not know what is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

_SPREAD = 0.2
_MOST_DOUBLINGS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Times in seconds: between heartbeats, and between proofs of the same examples.

    ``chance`` gives numbers from 0 up to 1, so that many services and many portals do not ask
    all at once.
    """

    heartbeat: float = 30.0
    prove: float = 900.0
    chance: Callable[[], float]

    def next_heartbeat(self, failures: int) -> float:
        """The wait after so many failures in a row: the second comes as soon as ever, since it
        decides on an incident; then the wait doubles, up to eightfold.
        """
        return self._spread(self.heartbeat * 2.0 ** min(max(failures - 1, 0), _MOST_DOUBLINGS))

    def next_proof(self, failures: int) -> float:
        """The wait after so many proofs in a row that could not be carried out."""
        return self._spread(self.prove * 2.0 ** min(failures, _MOST_DOUBLINGS))

    @property
    def longest(self) -> float:
        """The longest wait between two heartbeats."""
        return self.heartbeat * 2.0**_MOST_DOUBLINGS * (1 + _SPREAD)

    def _spread(self, seconds: float) -> float:
        return seconds * (1 - _SPREAD + 2 * _SPREAD * self.chance())
