"""Where records are kept: the protocol that every store fulfils, and what it answers.

Owns the meaning of each act.  Must not know HTTP, nor any particular database.

A store keeps a clock for each user: the time of the user's last change.  Every change sets it to
the time at which it happens or, where the clock has that already, to the next hundredth of a
second.  So no two changes of a user have the same time, and a later one has a later time, whatever
process made them.  Changes of one user happen one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from syncserver.authentication import UserId
from syncserver.storage.record import Draft, Record
from syncserver.storage.selection import Selection


class Refusal(StrEnum):
    """Why a store does not do what it is asked."""

    MODIFIED = "somebody else has written since"
    OVER_QUOTA = "nothing is left of the quota"
    NO_PAYLOAD = "a new record needs a payload"
    NO_USER = "the account is gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A collection of a user."""

    user: UserId
    collection: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What must hold for a change.

    `unmodified_since`: nothing may have changed after this time.  `quota`: bytes of which some
    must be left.  `quota_first` says which of the two refusals goes before the other.
    """

    unmodified_since: int | None = None
    quota: int | None = None
    quota_first: bool = False

    def __bool__(self) -> bool:
        """Tell whether there is any condition."""
        return self.unmodified_since is not None or self.quota is not None


UNCONDITIONAL = Conditions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Numbers by the name of a collection, and the user's clock."""

    clock: int
    members: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The records that were found, and the user's clock."""

    clock: int
    records: Sequence[Record]


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """The ids that were found, and the user's clock."""

    clock: int
    ids: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A change that was made.

    `clock` is the user's clock after it, `modified` the time that the records have that were
    written: the clock, or the earlier time of the only record when just its other fields were.
    `missing` are the ids of drafts without payload whose record does not exist, `left` the bytes
    that were left of the quota before.
    """

    clock: int
    modified: int
    missing: frozenset[str] = frozenset()
    left: int | None = None


class StorageStore(Protocol):
    """Records of collections of users; `now` is the time in hundredths of a second.

    A record whose life has ended by `now` is not there, for any of these acts.  Every method
    raises `UnavailableError` when the store cannot be reached.
    """

    async def list_times(self, user: UserId, now: int) -> Listing:
        """Return when each collection that has records was last changed."""

    async def count_records(self, user: UserId, now: int) -> Listing:
        """Return how many records each collection has."""

    async def measure_collections(self, user: UserId, now: int) -> Listing:
        """Return how many bytes the payloads of each collection have."""

    async def read_record(self, place: Place, record_id: str, now: int) -> Reading:
        """Return the record, or none."""

    async def read_records(self, place: Place, selection: Selection, now: int) -> Reading:
        """Return the records selected."""

    async def list_ids(self, place: Place, selection: Selection, now: int) -> Naming:
        """Return the ids of the records selected."""

    async def examine(self, place: Place, conditions: Conditions, now: int) -> Refusal | None:
        """Return why a change with these conditions would be refused now."""

    async def write(
        self, place: Place, drafts: Sequence[Draft], conditions: Conditions, now: int
    ) -> Written | Refusal:
        """Write drafts of different records as one change.

        A draft with a payload makes or replaces the record: it gets the time of the change, and
        its life begins anew; other fields that the draft does not name stay.  A draft without
        changes the fields it names and nothing else.
        """

    async def delete(
        self, place: Place, selection: Selection, conditions: Conditions, now: int
    ) -> Written | Refusal:
        """Delete the records selected; a collection without records is gone."""

    async def delete_everything(
        self, user: UserId, conditions: Conditions, now: int
    ) -> Written | Refusal:
        """Delete all collections; the condition is about all of them."""

    async def purge(self, now: int, limit: int) -> int:
        """Free the space of up to `limit` records whose life has ended; return of how many."""

    async def check(self) -> None:
        """Return when the store works."""
