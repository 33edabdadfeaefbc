"""What was found out of addresses, kept between runs.

Owns the SQLite file and how long an answer holds. A file that cannot be read is begun anew: what
it held can be found out again, so that nobody waits for the disk either. Must not know how an
address is asked.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Self

from honestdocs.contract.link import UNDECIDED, WORKING, LinkState
from honestdocs.links.policy import Policy

_VERSION = 1
_SCHEMA = """
CREATE TABLE address (
    url TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    message TEXT NOT NULL,
    status INTEGER NOT NULL,
    location TEXT NOT NULL,
    permanent INTEGER NOT NULL,
    anchors TEXT NOT NULL,          -- JSON: fragment, whether it is there
    etag TEXT NOT NULL,
    modified TEXT NOT NULL,
    checked REAL NOT NULL,          -- seconds since the epoch, as is the next
    broken_since REAL NOT NULL      -- 0 for an address that works
) WITHOUT ROWID
"""
_SIGHTINGS = """
CREATE TABLE IF NOT EXISTS sighting (
    link TEXT PRIMARY KEY,          -- a link within the tree that is broken
    since REAL NOT NULL             -- seconds since the epoch
) WITHOUT ROWID
"""
_SPREAD = 0.25
"""Lives differ by so much to either side, so that not all end on the same day."""


@dataclass(slots=True, kw_only=True, eq=False)  # nobody compares it
class Known:
    """What is known of an address. ``anchors`` are the fragments that were looked for, and whether
    they are there; None where nobody can tell.
    """

    state: LinkState
    message: str = ""
    status: int = 0
    location: str = ""
    permanent: bool = False
    anchors: dict[str, bool | None] = field(default_factory=dict)
    etag: str = ""
    modified: str = ""
    checked: float = 0.0
    broken_since: float = 0.0


class Cache:
    """Addresses by their URL. ``notice`` is a sentence for a person when a file was begun anew;
    ``until`` is when the first of the answers that were given or kept has to be asked again.
    """

    def __init__(self, path: Path | None, policy: Policy) -> None:
        self.notice = ""
        self.until = float("inf")
        self._policy = policy
        self._connection = self._open(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def load(self, urls: Iterable[str]) -> dict[str, Known]:
        """What is known of some addresses."""
        if self._connection.execute("SELECT url FROM address LIMIT 1").fetchone() is None:
            return {}
        wanted = json.dumps(list(urls))
        rows = self._connection.execute(
            "SELECT * FROM address WHERE url IN (SELECT value FROM json_each(?))", (wanted,)
        )
        found = {}
        for url, state, message, status, location, permanent, anchors, *rest in rows:
            with suppress(ValueError):
                found[url] = Known(
                    state=LinkState(state),
                    message=message,
                    status=status,
                    location=location,
                    permanent=bool(permanent),
                    anchors=json.loads(anchors) if anchors else {},
                    etag=rest[0],
                    modified=rest[1],
                    checked=rest[2],
                    broken_since=rest[3],
                )
        return found

    def is_fresh(self, url: str, known: Known, now: float) -> bool:
        """Whether what is known of an address still holds."""
        return self._end(url, known) > now >= known.checked

    def _end(self, url: str, known: Known) -> float:
        """Until when it holds."""
        return known.checked + self._life(known) * _jitter(url)

    def _life(self, known: Known) -> float:
        good = known.state is WORKING or known.state is LinkState.REDIRECTED
        if good and (not known.anchors or False not in known.anchors.values()):
            return self._policy.fresh
        return self._policy.fresh_broken

    def _soonest(self, known: Known) -> float:
        """The time before which what was just found out is not asked again in any case."""
        undecided = known.state is not WORKING and known.state in UNDECIDED
        return 0.0 if undecided else known.checked + self._life(known) * (1 - _SPREAD)

    def answers(self, url: str, known: Known | None, wanted: AbstractSet[str], now: float) -> bool:
        """Whether what is known of an address tells all that is wanted of it, and still holds."""
        if known is None or not self.is_fresh(url, known, now):
            return False
        if known.state in UNDECIDED or not wanted <= known.anchors.keys():
            return False
        self.until = min(self.until, self._end(url, known))
        return True

    def save(self, found: Iterable[tuple[str, Known]]) -> None:
        """Keep what was found out."""
        rows = []
        for url, known in sorted(found, key=itemgetter(0)):
            self.until = min(self.until, self._soonest(known))
            rows.append(
                (
                    url,
                    str(known.state),  # SQLite would adapt what is only like a text
                    known.message,
                    known.status,
                    known.location,
                    int(known.permanent),
                    json.dumps(known.anchors) if known.anchors else "",
                    known.etag,
                    known.modified,
                    known.checked,
                    known.broken_since,
                )
            )
        with self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO address VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
            )

    def sighted(self, keys: Iterable[str], now: float) -> dict[str, float]:
        """When each of the links within the tree that are broken now was first seen so, in seconds
        since the epoch; of others nothing is kept.
        """
        known = dict(self._connection.execute("SELECT link, since FROM sighting"))
        found = {key: known.get(key, now) for key in keys}
        if found != known:
            with self._connection:
                self._connection.execute("DELETE FROM sighting")
                rows = found.items()
                self._connection.executemany("INSERT INTO sighting VALUES (?, ?)", rows)
        return found

    def _open(self, path: Path | None) -> sqlite3.Connection:
        if path is None:
            return _create(":memory:")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return _create(str(path))
        except (sqlite3.DatabaseError, OSError) as error:
            return self._begin_anew(path, error)

    def _begin_anew(self, path: Path, error: Exception) -> sqlite3.Connection:
        try:
            path.unlink(missing_ok=True)
            connection = _create(str(path))
        except (sqlite3.DatabaseError, OSError) as second:
            self.notice = f"{path} cannot be used ({second}): nothing is kept of this check."
            return _create(":memory:")
        self.notice = f"{path} could not be read ({error}): it was begun anew."
        return connection


def _create(name: str) -> sqlite3.Connection:
    connection = sqlite3.connect(name, timeout=15.0)
    try:
        connection.execute("PRAGMA synchronous=OFF")
        if connection.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            connection.execute("DROP TABLE IF EXISTS address")
            connection.execute(_SCHEMA)
            connection.execute(f"PRAGMA user_version={_VERSION}")
            connection.commit()
        connection.execute(_SIGHTINGS)
        connection.execute("SELECT url FROM address LIMIT 1")
    except BaseException:
        connection.close()
        raise
    return connection


def _jitter(url: str) -> float:
    """A factor between 0.75 and 1.25, the same for the same address."""
    number = zlib.crc32(url.encode()) & 0xFFFF
    return 1 - _SPREAD + 2 * _SPREAD * number / 0xFFFF
