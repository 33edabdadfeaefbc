"""Which records of a collection a request is about: the query parameters of GET and DELETE.

Pure.  Owns their names, their forms and what they mean.  Must not know SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl

from syncserver.storage.timestamp import parse_number, parse_time

_LARGEST = 2**62


class SelectionError(Exception):
    """A parameter that cannot be read; the message is a sentence for the developer."""


class Sort(StrEnum):
    """The orders that can be asked for; records that are equal in it are ordered by their ids."""

    OLDEST = "oldest"
    NEWEST = "newest"
    INDEX = "index"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """All conditions hold together; None for one that was not set.  Times in hundredths.

    All bounds are exclusive.  `offset` counts only together with `limit`.
    """

    ids: tuple[str, ...] | None = None
    parentid: str | None = None
    predecessorid: str | None = None
    newer: int | None = None
    older: int | None = None
    index_above: float | None = None
    index_below: float | None = None
    limit: int | None = None
    offset: int = 0
    sort: Sort | None = None

    @property
    def is_everything(self) -> bool:
        """Tell whether the whole collection is meant: order alone takes nothing away."""
        return self in (Selection(), Selection(sort=self.sort))


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """The query of a request: the selection, and whether records are wanted or just their ids."""

    selection: Selection
    full: bool


def parse_query(query: bytes) -> Query:
    """Return what the query asks for; of a parameter that is repeated the first one counts.

    Raises `SelectionError`.  Parameters of other names are not looked at.
    """
    if not query:
        return Query(selection=Selection(), full=False)
    values: dict[str, str] = {}
    try:
        for name, value in parse_qsl(
            query.decode("ascii"), keep_blank_values=True, errors="strict"
        ):
            values.setdefault(name, value)
    except ValueError:
        raise SelectionError("The query is no UTF-8, or has too many parameters.") from None
    return Query(selection=_create_selection(values), full=bool(values.get("full")))


def _create_selection(values: Mapping[str, str]) -> Selection:
    limit = _read_count(values, "limit") or None
    offset = _read_count(values, "offset") or 0
    ids = values.get("ids")
    return Selection(
        ids=None if ids is None else tuple(name for name in ids.split(",") if name),
        parentid=values.get("parentid"),
        predecessorid=values.get("predecessorid"),
        newer=_read_time(values, "newer"),
        older=_read_time(values, "older"),
        index_above=_read_number(values, "index_above"),
        index_below=_read_number(values, "index_below"),
        limit=limit,
        offset=0 if limit is None else offset,
        sort=next((item for item in Sort if item == values.get("sort")), None),
    )


def _read_count(values: Mapping[str, str], name: str) -> int | None:
    """Return a whole number, None for one below zero, which is as good as none."""
    if name not in values:
        return None
    try:
        number = int(values[name])
    except ValueError:
        raise SelectionError(f"{name} must be a whole number.") from None
    return min(number, _LARGEST) if number >= 0 else None


def _read_time(values: Mapping[str, str], name: str) -> int | None:
    if name not in values:
        return None
    try:
        return parse_time(values[name])
    except ValueError:
        raise SelectionError(f"{name} must be a number of seconds.") from None


def _read_number(values: Mapping[str, str], name: str) -> float | None:
    if name not in values:
        return None
    try:
        return parse_number(values[name])
    except ValueError:
        raise SelectionError(f"{name} must be a number.") from None
