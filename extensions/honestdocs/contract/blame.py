"""Blame: when a lie began, and whether the documentation or the service had changed then.

Owns the reading of an example's history. Must not know where the history is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from honestdocs.contract.outcome import Outcome


class Culprit(StrEnum):
    """What had changed when an example failed for the first time after it had passed."""

    DOCUMENTATION = "the documentation"
    SERVICE = "the service"
    BOTH = "the documentation and the service"
    NEITHER = "neither the example nor the service's version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What was seen of an example at a time, in seconds since the epoch: on which changeset of
    the documentation and with which version of its service, both empty where unknown. ``cause``
    is the digest of all that the outcome depends on.
    """

    outcome: Outcome
    cause: str
    checked_at: float
    changeset: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blame:
    """When an example began to fail: ``first`` is the first time of those that last until now,
    ``before`` the last time that it had passed, None where it never did.
    """

    first: Sighting
    before: Sighting | None = None

    @property
    def culprit(self) -> Culprit | None:
        """What had changed in between, None where it never passed."""
        if self.before is None:
            return None
        text = self.before.cause.partition(":")[0] != self.first.cause.partition(":")[0]
        version = self.before.version != self.first.version
        if text and version:
            return Culprit.BOTH
        if text:
            return Culprit.DOCUMENTATION
        return Culprit.SERVICE if version else Culprit.NEITHER


def blame(history: Iterable[Sighting]) -> Blame | None:
    """When an example began to fail, of its sightings with the newest first; None if it does
    not fail now. What could not be checked in between says nothing.
    """
    first: Sighting | None = None
    for seen in history:
        if seen.outcome is Outcome.FAILED:
            first = seen
        elif seen.outcome is Outcome.PASSED:
            return Blame(first=first, before=seen) if first is not None else None
    return Blame(first=first) if first is not None else None
