"""A selection of records in SQL.

Owns the translation of each condition and order.  Must not know what is done with the records.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Delete, Select, bindparam, delete, select

from syncserver.schema import RECORDS
from syncserver.storage.selection import Selection, Sort
from syncserver.storage.statements import IS_ALIVE, IS_INSIDE, READ_CLOCK

_ORDERS: dict[Sort | None, tuple[ColumnElement[Any], ...]] = {
    None: (RECORDS.c.id,),
    Sort.OLDEST: (RECORDS.c.modified, RECORDS.c.id),
    Sort.NEWEST: (RECORDS.c.modified.desc(), RECORDS.c.id),
    Sort.INDEX: (RECORDS.c.sortindex.desc().nulls_last(), RECORDS.c.id),
}


def select_records(selection: Selection, *columns: ColumnElement[Any]) -> Select[Any]:
    """Return the statement that reads the clock and `columns` of the records selected."""
    clock = READ_CLOCK.scalar_subquery()
    return _narrow(select(clock, *columns).where(*_list_conditions(selection)), selection)


def delete_records(selection: Selection) -> Delete:
    """Return the statement that deletes the records that a reading would show."""
    conditions = tuple(_list_conditions(selection))
    if selection.limit is None:
        return delete(RECORDS).where(*conditions)
    chosen = _narrow(select(RECORDS.c.id).where(*conditions), selection)
    return delete(RECORDS).where(IS_INSIDE, RECORDS.c.id.in_(chosen))


def _narrow(statement: Select[Any], selection: Selection) -> Select[Any]:
    ordered = statement.order_by(*_ORDERS[selection.sort])
    if selection.limit is None:
        return ordered
    return ordered.limit(selection.limit).offset(selection.offset)


def _list_conditions(selection: Selection) -> Iterator[ColumnElement[bool]]:
    yield IS_INSIDE
    yield IS_ALIVE
    if selection.ids is not None:
        yield RECORDS.c.id.in_(bindparam("ids", selection.ids, expanding=True))
    for name in ("parentid", "predecessorid"):
        wanted = getattr(selection, name)
        if wanted is not None:
            yield RECORDS.c[name] == wanted
    if selection.newer is not None:
        yield RECORDS.c.modified > selection.newer
    if selection.older is not None:
        yield RECORDS.c.modified < selection.older
    if selection.index_above is not None:
        yield RECORDS.c.sortindex > selection.index_above
    if selection.index_below is not None:
        yield RECORDS.c.sortindex < selection.index_below
