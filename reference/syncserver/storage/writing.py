"""Writing payloads: setting the clock, finding the collection and keeping the records.

Owns how these three are done together, which is where SQLite and PostgreSQL differ most: for the
one each statement is a call of a function, for the other a message to another process and back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection

from syncserver.prepared import Prepared
from syncserver.schema import FOREVER
from syncserver.storage.record import Draft
from syncserver.storage.store import Place
from syncserver.storage.timestamp import PER_SECOND


class Writer(Protocol):
    """Writes drafts that have payloads."""

    def __call__(
        self, connection: Connection, place: Place, puts: Sequence[Draft], now: int
    ) -> int:
        """Write drafts of different records and return the time that they got."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SteppedWriter:
    """Writes with a statement for each step."""

    tick: Prepared
    collection: Prepared
    record: Prepared

    def __call__(
        self, connection: Connection, place: Place, puts: Sequence[Draft], now: int
    ) -> int:
        """Write the drafts."""
        parameters = {"user": place.user, "collection": place.collection, "time": now}
        clock = int(self.tick.run(connection, parameters).scalar_one())
        parameters["time"] = clock
        collection_id = self.collection.run(connection, parameters).scalar_one()
        common = {"collection_id": collection_id, "modified": clock, "now": now // PER_SECOND}
        self.record.run_each(connection, [_create_row(draft, common) for draft in puts])
        return clock


def _create_row(draft: Draft, common: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **common,
        "id": draft.id,
        "sortindex": draft.sortindex,
        "parentid": draft.parentid,
        "predecessorid": draft.predecessorid,
        "expires": FOREVER if draft.ttl is None else common["now"] + draft.ttl,
        "size": len(draft.payload or b""),
        "payload": draft.payload,
    }


_JOINED = """
WITH clock AS (
    INSERT INTO storage_clocks (user_id, modified) VALUES (%(user)s, %(time)s)
    ON CONFLICT (user_id) DO UPDATE
        SET modified = GREATEST(excluded.modified, storage_clocks.modified + 1)
    RETURNING modified
), place AS (
    INSERT INTO storage_collections (user_id, name, modified)
    SELECT %(user)s, %(collection)s, modified FROM clock
    ON CONFLICT (user_id, name) DO UPDATE SET modified = excluded.modified
    RETURNING id
), written AS (
    INSERT INTO storage_records AS kept (
        collection_id, id, modified, sortindex, parentid, predecessorid, expires, size, payload
    )
    SELECT place.id, row.id, clock.modified, row.sortindex, row.parentid, row.predecessorid,
        COALESCE(%(now)s + row.ttl, %(forever)s), octet_length(row.payload), row.payload
    FROM clock, place, (rows) AS row (id, sortindex, parentid, predecessorid, ttl, payload)
    ON CONFLICT (collection_id, id) DO UPDATE SET
        modified = excluded.modified, expires = excluded.expires,
        size = excluded.size, payload = excluded.payload,
        sortindex = CASE WHEN excluded.sortindex IS NOT NULL THEN excluded.sortindex
            WHEN kept.expires > %(now)s THEN kept.sortindex END,
        parentid = CASE WHEN excluded.parentid IS NOT NULL THEN excluded.parentid
            WHEN kept.expires > %(now)s THEN kept.parentid END,
        predecessorid = CASE WHEN excluded.predecessorid IS NOT NULL THEN excluded.predecessorid
            WHEN kept.expires > %(now)s THEN kept.predecessorid END
)
SELECT modified FROM clock
"""

# A list takes much longer to send than a value, so a single record has a statement of its own.
_ONE = _JOINED.replace(
    "(rows)",
    """(VALUES (
        %(id)b::text, %(sortindex)b::integer, %(parentid)b::text,
        %(predecessorid)b::text, %(ttl)b::bigint, %(payload)b::bytea
    ))""",
)
_SEVERAL = _JOINED.replace(
    "(rows)",
    """unnest(
        %(id)b::text[], %(sortindex)b::integer[], %(parentid)b::text[],
        %(predecessorid)b::text[], %(ttl)b::bigint[], %(payload)b::bytea[]
    )""",
)

_FIELDS = ("id", "sortindex", "parentid", "predecessorid", "ttl", "payload")


class JoinedWriter:
    """Writes with one statement of PostgreSQL."""

    def __call__(
        self, connection: Connection, place: Place, puts: Sequence[Draft], now: int
    ) -> int:
        """Write the drafts."""
        parameters: dict[str, Any] = {
            "user": place.user,
            "collection": place.collection,
            "time": now,
            "now": now // PER_SECOND,
            "forever": FOREVER,
        }
        if len(puts) == 1:
            parameters |= {field: getattr(puts[0], field) for field in _FIELDS}
            return int(connection.exec_driver_sql(_ONE, parameters).scalar_one())
        for field in _FIELDS:
            values = [getattr(draft, field) for draft in puts]
            # A column that nobody names needs no array: what is too short is filled with NULL.
            parameters[field] = values if any(value is not None for value in values) else None
        return int(connection.exec_driver_sql(_SEVERAL, parameters).scalar_one())
