"""The history of all pages of a repository, kept in a database beside the build.

Owns the cache: filled by one pass over the log, brought up to date by what is new since the
changeset that it last saw. It can be thrown away at any time. Must not know which system the
repository is of.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from honestdocs.hosting.errors import RepositoryError
from honestdocs.hosting.filling import bring_up, connect
from honestdocs.hosting.lineage import Lineage
from honestdocs.hosting.page import Entry, PageHistory, tally_people
from honestdocs.hosting.repository import Repository

_PAGES = """
SELECT p.name, page.changes, page.people,
       f.node, f.author, f.at, f.zone, f.summary, l.node, l.author, l.at, l.zone, l.summary
FROM page JOIN path p ON p.number = page.path
JOIN changeset f ON f.number = page.first JOIN changeset l ON l.number = page.last
"""


class History:
    """What a repository knows of its pages, as of the changeset ``head``."""

    def __init__(self, connection: sqlite3.Connection, head: str) -> None:
        self._connection = connection
        self._lineage: Lineage | None = None
        self.head = head

    @classmethod
    @contextmanager
    def open(cls, database: Path, repository: Repository, *, head: str = "") -> Iterator[History]:
        """The history of a head (of what is checked out without one), brought up to date.

        Raises RepositoryError where the history is not whole or cannot be read.
        """
        wanted = head or repository.head()
        if not wanted:
            raise RepositoryError(f"{repository.root}: holds no changeset yet")
        if repository.shallow:
            raise RepositoryError(f"{repository.root}: is a shallow clone, its history is cut off")
        with closing(connect(database)) as connection:
            bring_up(connection, repository, wanted)
            yield cls(connection, wanted)

    def entry(self, node: str) -> Entry | None:
        """A changeset; None where it is no ancestor of the head."""
        row = self._connection.execute(
            "SELECT node, author, at, zone, summary FROM changeset WHERE node = ?", (node,)
        ).fetchone()
        return _entry(row) if row else None

    def pages(self, paths: Iterable[str]) -> Mapping[str, PageHistory]:
        """What is known of files; one that was never committed is left out."""
        wanted = tuple(paths)
        self._work_out(wanted)
        rows = self._connection.execute(_PAGES)
        known = {row[0]: row for row in rows}
        entries: dict[str, Entry] = {}
        return {path: _page(known[path], entries) for path in wanted if path in known}

    def log(self, path: str) -> tuple[Entry, ...]:
        """The changesets of a file, renames followed, newest first."""
        number = self._path(path)
        numbers = self._line.of(number) if number is not None else ()
        entries: dict[int, Entry] = {}
        return tuple(self._numbered(each, entries) for each in sorted(numbers, reverse=True))

    def recent(self, count: int, under: str = "") -> tuple[tuple[Entry, tuple[str, ...]], ...]:
        """The newest changesets that touched a file below a folder, with those files."""
        rows = self._connection.execute(
            "SELECT DISTINCT c.number, c.node, c.author, c.at, c.zone, c.summary FROM changeset c "
            "JOIN touch t ON t.changeset = c.number JOIN path p ON p.number = t.path "
            "WHERE substr(p.name, 1, ?) = ? ORDER BY c.number DESC LIMIT ?",
            (len(under), under, count),
        ).fetchall()
        return tuple((_entry(row[1:]), self._files(row[0], under)) for row in rows)

    def _files(self, number: int, under: str) -> tuple[str, ...]:
        rows = self._connection.execute(
            "SELECT p.name FROM touch t JOIN path p ON p.number = t.path "
            "WHERE t.changeset = ? AND substr(p.name, 1, ?) = ? ORDER BY p.name",
            (number, len(under), under),
        )
        return tuple(name for (name,) in rows)

    @property
    def _line(self) -> Lineage:
        self._lineage = self._lineage or Lineage(self._connection)
        return self._lineage

    def _path(self, name: str) -> int | None:
        found = self._connection.execute("SELECT number FROM path WHERE name = ?", (name,))
        row = found.fetchone()
        return int(row[0]) if row else None

    def _numbered(self, number: int, known: dict[int, Entry]) -> Entry:
        if number not in known:
            row = self._connection.execute(
                "SELECT node, author, at, zone, summary FROM changeset WHERE number = ?", (number,)
            ).fetchone()
            known[number] = _entry(row)
        return known[number]

    def _work_out(self, paths: Iterable[str]) -> None:
        """Fills in the pages that nobody has asked about since they changed."""
        known = dict(
            self._connection.execute(
                "SELECT p.name, p.number FROM path p LEFT JOIN page ON page.path = p.number "
                "WHERE page.path IS NULL"
            )
        )
        missing = [(known[path]) for path in paths if path in known]
        if not missing:
            return
        authors = dict(self._connection.execute("SELECT number, author FROM changeset"))
        rows = []
        for number in missing:
            own = self._line.of(number)
            if own:
                told = tally_people([authors[each] for each in own])
                rows.append((number, min(own), max(own), len(own), told))
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT OR REPLACE INTO page VALUES (?,?,?,?,?)", rows)
        self._connection.execute("COMMIT")


def _entry(row: Sequence[Any]) -> Entry:
    node, author, at, zone, summary = row
    return Entry(node=node, author=author, at=at, zone=zone, summary=summary)


def _page(row: Sequence[Any], entries: dict[str, Entry]) -> PageHistory:
    path, changes, people, *rest = row
    first = entries.setdefault(rest[0], _entry(rest[:5]))
    last = entries.setdefault(rest[5], _entry(rest[5:]))
    return PageHistory(path=path, first=first, last=last, changes=changes, told=people)
