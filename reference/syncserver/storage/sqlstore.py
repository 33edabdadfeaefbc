"""The store over a database, SQLite or PostgreSQL.

Owns which act is a reading and which a change.  Must not know HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.exc import IntegrityError

from syncserver.authentication import UserId
from syncserver.database import Database
from syncserver.prepared import Prepared
from syncserver.schema import RECORDS
from syncserver.storage import statements
from syncserver.storage.act import Act, locate, read_clock
from syncserver.storage.choice import select_records
from syncserver.storage.record import Draft, Record
from syncserver.storage.selection import Selection
from syncserver.storage.statements import create_statements
from syncserver.storage.store import (
    Conditions,
    Listing,
    Naming,
    Place,
    Reading,
    Refusal,
    Written,
)
from syncserver.storage.timestamp import PER_SECOND


class SqlStore:
    """Keeps records in tables; see `StorageStore` for what each method does."""

    def __init__(self, database: Database) -> None:
        """Use the tables of `database`."""
        self._database = database
        self._statements = create_statements(database.dialect)

    async def list_times(self, user: UserId, now: int) -> Listing:
        """Return when each collection that has records was last changed."""
        parameters = {"user": user, "now": now // PER_SECOND}
        rows = await self._fetch(self._statements.list_times, parameters)
        clock = rows[0][0] if rows else 0
        members = {name: time for _, name, time in rows if name is not None}
        return Listing(clock=clock, members=members)

    async def count_records(self, user: UserId, now: int) -> Listing:
        """Return how many records each collection has."""
        return await self._sum(statements.COUNT_RECORDS, user, now)

    async def measure_collections(self, user: UserId, now: int) -> Listing:
        """Return how many bytes the payloads of each collection have."""
        return await self._sum(statements.MEASURE_COLLECTIONS, user, now)

    async def _fetch(self, statement: Prepared, parameters: Mapping[str, Any]) -> Sequence[Any]:
        return await self._database.read(
            lambda connection: statement.run(connection, parameters).fetchall()
        )

    async def _sum(self, statement: Executable, user: UserId, now: int) -> Listing:
        parameters = {"user": user, "now": now // PER_SECOND}

        def work(connection: Connection) -> Listing:
            rows = _fetch(statement, parameters, connection)
            members = {name: int(number) for name, number in rows}
            return Listing(clock=read_clock(connection, user), members=members)

        return await self._database.read(work)

    async def read_record(self, place: Place, record_id: str, now: int) -> Reading:
        """Return the record, or none."""
        parameters = {**locate(place, now), "id": record_id}
        rows = await self._fetch(self._statements.read_record, parameters)
        found = [Record(*row[1:]) for row in rows if row[1] is not None]
        return Reading(clock=rows[0][0] if rows else 0, records=found)

    async def read_records(self, place: Place, selection: Selection, now: int) -> Reading:
        """Return the records selected."""
        clock, rows = await self._select(place, selection, now, *statements.RECORD_COLUMNS)
        return Reading(clock=clock, records=[Record(*row[1:]) for row in rows])

    async def list_ids(self, place: Place, selection: Selection, now: int) -> Naming:
        """Return the ids of the records selected."""
        clock, rows = await self._select(place, selection, now, RECORDS.c.id)
        return Naming(clock=clock, ids=[row[1] for row in rows])

    async def _select(
        self,
        place: Place,
        selection: Selection,
        now: int,
        *columns: Any,  # noqa: ANN401 - columns of any type
    ) -> tuple[int, Sequence[Any]]:
        statement = select_records(selection, *columns)
        parameters = locate(place, now)

        def work(connection: Connection) -> tuple[int, Sequence[Any]]:
            rows = _fetch(statement, parameters, connection)
            return rows[0][0] if rows else read_clock(connection, place.user), rows

        return await self._database.read(work)

    async def examine(self, place: Place, conditions: Conditions, now: int) -> Refusal | None:
        """Return why a change with these conditions would be refused now."""
        return await self._database.read(
            lambda connection: self._begin(connection, place, now).judge(conditions)[0]
        )

    async def write(
        self, place: Place, drafts: Sequence[Draft], conditions: Conditions, now: int
    ) -> Written | Refusal:
        """Write drafts of different records as one change."""
        return await self._change(
            place.user,
            lambda connection: self._begin(connection, place, now).write(drafts, conditions),
        )

    async def delete(
        self, place: Place, selection: Selection, conditions: Conditions, now: int
    ) -> Written | Refusal:
        """Delete the records selected; a collection without records is gone."""
        return await self._change(
            place.user,
            lambda connection: self._begin(connection, place, now).delete(selection, conditions),
        )

    async def delete_everything(
        self, user: UserId, conditions: Conditions, now: int
    ) -> Written | Refusal:
        """Delete all collections; the condition is about all of them."""
        place = Place(user=user, collection="")
        return await self._change(
            user,
            lambda connection: self._begin(connection, place, now).delete_everything(conditions),
        )

    def _begin(self, connection: Connection, place: Place, now: int) -> Act:
        return Act(connection=connection, statements=self._statements, place=place, now=now)

    async def _change(
        self, user: UserId, work: Callable[[Connection], Written | Refusal]
    ) -> Written | Refusal:
        try:
            return await self._database.write(work, user)
        except IntegrityError:
            # The only rule that a statement of ours can break: a clock belongs to an account.
            return Refusal.NO_USER

    async def purge(self, now: int, limit: int) -> int:
        """Free the space of up to `limit` records whose life has ended; return of how many."""
        parameters = {"now": now // PER_SECOND, "limit": limit}
        return await self._database.write(
            lambda connection: connection.execute(statements.PURGE, parameters).rowcount
        )

    async def check(self) -> None:
        """Return when the store works."""
        await self._database.check()


def _fetch(
    statement: Executable, parameters: Mapping[str, Any], connection: Connection
) -> Sequence[Any]:
    return connection.execute(statement, parameters).fetchall()
