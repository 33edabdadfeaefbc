"""The statements of the storage, made once for the kind of database.

Owns the SQL.  Must not know when which statement is run.  Parameters are named after columns;
`now` is in seconds here, the unit of expiry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Delete,
    Executable,
    Select,
    Update,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal_column,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from syncserver.prepared import Prepared, prepare
from syncserver.schema import CLOCKS, COLLECTIONS, RECORDS
from syncserver.storage.writing import JoinedWriter, SteppedWriter, Writer

USER: BindParameter[int] = bindparam("user")
COLLECTION: BindParameter[str] = bindparam("collection")
NOW: BindParameter[int] = bindparam("now")

RECORD_COLUMNS = (
    RECORDS.c.id,
    RECORDS.c.modified,
    RECORDS.c.payload,
    RECORDS.c.sortindex,
    RECORDS.c.parentid,
    RECORDS.c.predecessorid,
)
"""The columns of a `Record`, in the order of its fields."""

IS_ALIVE: ColumnElement[bool] = RECORDS.c.expires > NOW
IS_PLACE: ColumnElement[bool] = and_(
    COLLECTIONS.c.user_id == USER, COLLECTIONS.c.name == COLLECTION
)
COLLECTION_ID = select(COLLECTIONS.c.id).where(IS_PLACE)
IS_INSIDE: ColumnElement[bool] = RECORDS.c.collection_id == COLLECTION_ID.scalar_subquery()

_OPTIONAL = ("sortindex", "parentid", "predecessorid")


def _has_records() -> ColumnElement[bool]:
    found = select(RECORDS.c.id).where(RECORDS.c.collection_id == COLLECTIONS.c.id, IS_ALIVE)
    return exists(found.correlate(COLLECTIONS))


def _list(*columns: ColumnElement[Any]) -> Select[Any]:
    joined = CLOCKS.outerjoin(
        COLLECTIONS, and_(COLLECTIONS.c.user_id == CLOCKS.c.user_id, _has_records())
    )
    listed = select(CLOCKS.c.modified, *columns)
    return listed.select_from(joined).where(CLOCKS.c.user_id == USER)


def _sum(number: ColumnElement[int]) -> Select[Any]:
    joined = COLLECTIONS.join(RECORDS, RECORDS.c.collection_id == COLLECTIONS.c.id)
    summed = select(COLLECTIONS.c.name, number).select_from(joined)
    return summed.where(COLLECTIONS.c.user_id == USER, IS_ALIVE).group_by(COLLECTIONS.c.name)


READ_CLOCK = select(CLOCKS.c.modified).where(CLOCKS.c.user_id == USER)
_LIST_TIMES = _list(COLLECTIONS.c.name, COLLECTIONS.c.modified)
COUNT_RECORDS = _sum(func.count())
MEASURE_COLLECTIONS = _sum(func.sum(RECORDS.c.size))
MEASURE = (
    select(func.coalesce(func.sum(RECORDS.c.size), 0))
    .select_from(COLLECTIONS.join(RECORDS, RECORDS.c.collection_id == COLLECTIONS.c.id))
    .where(COLLECTIONS.c.user_id == USER, IS_ALIVE)
)
_READ_RECORD = (
    select(CLOCKS.c.modified, *RECORD_COLUMNS)
    .select_from(
        CLOCKS.outerjoin(
            COLLECTIONS,
            and_(COLLECTIONS.c.user_id == CLOCKS.c.user_id, COLLECTIONS.c.name == COLLECTION),
        ).outerjoin(
            RECORDS,
            and_(
                RECORDS.c.collection_id == COLLECTIONS.c.id,
                RECORDS.c.id == bindparam("id"),
                IS_ALIVE,
            ),
        )
    )
    .where(CLOCKS.c.user_id == USER)
)
FIND_COLLECTION = select(COLLECTIONS.c.id, COLLECTIONS.c.modified).where(IS_PLACE, _has_records())
FIND_LIFE = select(_has_records()).select_from(COLLECTIONS).where(IS_PLACE)
TOUCH_COLLECTION = update(COLLECTIONS).where(IS_PLACE).values(modified=bindparam("time"))
DROP_COLLECTION = delete(COLLECTIONS).where(IS_PLACE)
DROP_ALL = delete(COLLECTIONS).where(COLLECTIONS.c.user_id == USER)


def _create_amendment() -> Update:
    """Change the fields that are named; the others, whose parameters are NULL, stay."""
    values: dict[str, Any] = {
        name: func.coalesce(bindparam(f"new_{name}", type_=RECORDS.c[name].type), RECORDS.c[name])
        for name in (*_OPTIONAL, "expires")
    }
    return (
        update(RECORDS)
        .where(IS_INSIDE, RECORDS.c.id == bindparam("record"), IS_ALIVE)
        .values(values)
        .returning(RECORDS.c.modified)
    )


AMEND = _create_amendment()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """The statements that are spelled for one kind of database, or run all the time."""

    list_times: Prepared
    read_record: Prepared
    lock: Prepared
    tick: Prepared
    write: Writer


def create_statements(dialect: str) -> Statements:
    """Return the statements for `sqlite` or `postgresql`."""
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[dialect]
    return Statements(
        list_times=prepare(_LIST_TIMES, dialect),
        read_record=prepare(_READ_RECORD, dialect),
        lock=prepare(_create_lock(insert), dialect),
        tick=prepare(_create_tick(insert), dialect),
        write=JoinedWriter() if dialect == "postgresql" else _create_stepped_writer(),
    )


def _create_stepped_writer() -> SteppedWriter:
    return SteppedWriter(
        tick=prepare(_create_tick(sqlite.insert), "sqlite"),
        collection=prepare(_create_collection(), "sqlite"),
        record=prepare(_create_record(), "sqlite"),
    )


def _create_lock(insert: Any) -> Executable:  # noqa: ANN401 - one function of two modules
    """Hold the row of the clock until the end of the transaction; return the time."""
    made = insert(CLOCKS).values(user_id=USER, modified=literal_column("0"))
    statement: Executable = made.on_conflict_do_update(
        index_elements=[CLOCKS.c.user_id], set_={"modified": CLOCKS.c.modified}
    ).returning(CLOCKS.c.modified)
    return statement


def _create_tick(insert: Any) -> Executable:  # noqa: ANN401 - as above
    """Set the clock on, hold its row, and return the new time."""
    made = insert(CLOCKS).values(user_id=USER, modified=bindparam("time"))
    following = case(
        (made.excluded.modified > CLOCKS.c.modified, made.excluded.modified),
        else_=CLOCKS.c.modified + literal_column("1"),
    )
    statement: Executable = made.on_conflict_do_update(
        index_elements=[CLOCKS.c.user_id], set_={"modified": following}
    ).returning(CLOCKS.c.modified)
    return statement


def _create_collection() -> Executable:
    made = sqlite.insert(COLLECTIONS).values(
        user_id=USER, name=COLLECTION, modified=bindparam("time")
    )
    statement: Executable = made.on_conflict_do_update(
        index_elements=[COLLECTIONS.c.user_id, COLLECTIONS.c.name],
        set_={"modified": made.excluded.modified},
    ).returning(COLLECTIONS.c.id)
    return statement


def _create_record() -> Executable:
    """Make a record or replace its payload; fields that are not named stay while it lives."""
    made = sqlite.insert(RECORDS).values(
        {column.name: bindparam(column.name) for column in RECORDS.c}
    )
    replaced: dict[str, Any] = {
        name: made.excluded[name] for name in ("modified", "expires", "size", "payload")
    }
    for name in _OPTIONAL:
        replaced[name] = case(
            (made.excluded[name].is_not(None), made.excluded[name]),
            (IS_ALIVE, RECORDS.c[name]),
        )
    statement: Executable = made.on_conflict_do_update(
        index_elements=[RECORDS.c.collection_id, RECORDS.c.id], set_=replaced
    )
    return statement


def _create_purge() -> Delete:
    """Leave alone what others are writing just now: it comes to life, or the next purge has it."""
    ended = (
        select(RECORDS.c.collection_id, RECORDS.c.id)
        .where(RECORDS.c.expires <= NOW)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
    )
    return delete(RECORDS).where(tuple_(RECORDS.c.collection_id, RECORDS.c.id).in_(ended))


PURGE = _create_purge()
