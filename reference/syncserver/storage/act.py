"""One act on the tables: the statements that it consists of, in their order.

Owns that order.  A change takes the user's lock with its first statement, so that what it has read
stays true until it is committed; and it decides before it writes, so that a refusal leaves nothing
to be undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from syncserver.authentication import UserId
from syncserver.prepared import Prepared
from syncserver.storage import statements
from syncserver.storage.choice import delete_records
from syncserver.storage.record import Draft
from syncserver.storage.selection import Selection
from syncserver.storage.statements import Statements
from syncserver.storage.store import Conditions, Place, Refusal, Written
from syncserver.storage.timestamp import PER_SECOND


def locate(place: Place, now: int) -> dict[str, Any]:
    """Return the parameters that nearly every statement takes."""
    return {"user": place.user, "collection": place.collection, "now": now // PER_SECOND}


def read_clock(connection: Connection, user: UserId) -> int:
    """Return the user's clock, 0 for a user who never wrote."""
    return connection.execute(statements.READ_CLOCK, {"user": user}).scalar() or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An act on a collection, at the time `now` in hundredths of a second."""

    connection: Connection
    statements: Statements
    place: Place
    now: int

    def write(self, drafts: Sequence[Draft], conditions: Conditions) -> Written | Refusal:
        """Write drafts of different records."""
        puts = [draft for draft in drafts if draft.payload is not None]
        clock, left = 0, None
        if conditions or not puts:
            clock = self._lock()
            refusal, left = self.judge(conditions)
            if refusal is not None:
                return refusal
        if puts:
            clock = self.statements.write(self.connection, self.place, puts, self.now)
        times = {draft.id: self._amend(draft) for draft in drafts if draft.payload is None}
        return Written(
            clock=clock,
            modified=(times.get(drafts[0].id) if len(drafts) == 1 else None) or clock,
            missing=frozenset(name for name, time in times.items() if time is None),
            left=left,
        )

    def delete(self, selection: Selection, conditions: Conditions) -> Written | Refusal:
        """Delete the records selected, and the collection if none is left."""
        clock = self._lock()
        refusal, _ = self.judge(conditions)
        if refusal is not None:
            return refusal
        whole = selection.is_everything
        statement = statements.DROP_COLLECTION if whole else delete_records(selection)
        if self._count(statement):
            clock = self._tick()
            if not whole:
                self._settle(clock)
        return Written(clock=clock, modified=clock)

    def delete_everything(self, conditions: Conditions) -> Written | Refusal:
        """Delete all collections of the user."""
        clock = self._lock()
        since = conditions.unmodified_since
        if since is not None and clock > since:
            return Refusal.MODIFIED
        if self._count(statements.DROP_ALL):
            clock = self._tick()
        return Written(clock=clock, modified=clock)

    def judge(self, conditions: Conditions) -> tuple[Refusal | None, int | None]:
        """Return why a change is refused, and how many bytes are left of the quota."""
        left = None if conditions.quota is None else conditions.quota - self._measure()
        over = Refusal.OVER_QUOTA if left is not None and left <= 0 else None
        late = Refusal.MODIFIED if self._is_late(conditions.unmodified_since) else None
        return (over or late if conditions.quota_first else late or over), left

    def _is_late(self, since: int | None) -> bool:
        if since is None:
            return False
        found = self._execute(statements.FIND_COLLECTION).first()
        return found is not None and found[1] > since

    def _measure(self) -> int:
        return int(self._execute(statements.MEASURE).scalar_one())

    def _lock(self) -> int:
        return int(self._run(self.statements.lock).scalar_one())

    def _tick(self) -> int:
        return int(self._run(self.statements.tick, time=self.now).scalar_one())

    def _amend(self, draft: Draft) -> int | None:
        """Change fields of a record and return its time; None when there is no such record."""
        time: int | None = self._execute(
            statements.AMEND,
            record=draft.id,
            new_sortindex=draft.sortindex,
            new_parentid=draft.parentid,
            new_predecessorid=draft.predecessorid,
            new_expires=None if draft.ttl is None else self.now // PER_SECOND + draft.ttl,
        ).scalar_one_or_none()
        return time

    def _settle(self, clock: int) -> None:
        """Give a collection that lost records its new time, or drop it when none is left."""
        if self._execute(statements.FIND_LIFE).scalar():
            self._execute(statements.TOUCH_COLLECTION, time=clock)
        else:
            self._execute(statements.DROP_COLLECTION)

    def _count(self, statement: Any) -> int:  # noqa: ANN401 - whatever deletes
        """Return how many rows the statement deletes."""
        return int(self._execute(statement).rowcount)

    def _run(self, statement: Prepared, **more: Any) -> Any:  # noqa: ANN401 - rows of any kind
        return statement.run(self.connection, {**locate(self.place, self.now), **more})

    def _execute(self, statement: Any, **more: Any) -> Any:  # noqa: ANN401 - rows of any kind
        return self.connection.execute(statement, {**locate(self.place, self.now), **more})
