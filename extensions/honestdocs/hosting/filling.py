"""Filling the database of a history, and bringing it up to date.

Owns its schema and what is written to it. Must not know what is asked of it later.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from honestdocs.hosting.errors import UnknownChangesetError
from honestdocs.hosting.lineage import ANEW, REMOVED, Lineage
from honestdocs.hosting.repository import Changeset, Repository

_VERSION = 2
_SCHEMA = Path(__file__).with_name("history.sql")
_BATCH = 5_000
_CHAIN = "SELECT chain FROM changeset WHERE number = ?"
_END = "SELECT max(number) FROM changeset WHERE chain = ?"
_MANY = 60.0
"""Seconds that a build waits for another one that fills the same database."""


def connect(database: Path) -> sqlite3.Connection:
    """The database; made anew where it is of another version or no database at all."""
    database.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(database, timeout=_MANY, isolation_level=None)
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] == _VERSION:
            return connection
    except sqlite3.DatabaseError:
        pass
    connection.close()
    _make(database)
    return sqlite3.connect(database, timeout=_MANY, isolation_level=None)


def _make(database: Path) -> None:
    """An empty database, put in its place at once."""
    fresh = database.with_name(f"{database.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with closing(sqlite3.connect(fresh)) as connection:
        connection.executescript(_SCHEMA.read_text("utf-8"))
        connection.execute(f"PRAGMA user_version = {_VERSION}")
    fresh.replace(database)


def bring_up(connection: sqlite3.Connection, repository: Repository, head: str) -> None:
    """Reads what the database does not know of ``head`` yet, and forgets what is not its own."""
    if _seen(connection) == head:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        last = _seen(connection)
        if last != head:
            _Filler(connection=connection, repository=repository, head=head).fill(last)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _seen(connection: sqlite3.Connection) -> str:
    row = connection.execute("SELECT value FROM fact WHERE name = 'head'").fetchone()
    return str(row[0]) if row else ""


@dataclass(slots=True, kw_only=True)
class _Filler:
    """One update. ``nodes`` and ``paths`` are the numbers of what has been met, 0 for nothing;
    ``chains`` are those of changesets, ``ends`` the last changeset of each.
    """

    connection: sqlite3.Connection
    repository: Repository
    head: str
    nodes: dict[str, int] = field(default_factory=dict)
    paths: dict[str, int] = field(default_factory=dict)
    touched: dict[str, list[int]] = field(default_factory=dict)
    chains: dict[int, int] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)
    next_node: int = 1
    next_path: int = 1

    def fill(self, last: str) -> None:
        """Everything between the changeset that was seen last and the head."""
        found = self._since(last)
        if last and found is None:
            for table in ("fact", "changeset", "path", "touch", "copy", "page"):
                self.connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from above
        whole = found is None
        self._begin()
        source = self.repository.log(self.head) if found is None else iter(found)
        while batch := list(islice(source, _BATCH)):
            self._insert(batch)
        self._tell_lives(whole=whole)
        self._forget_pages()
        self.connection.execute("INSERT OR REPLACE INTO fact VALUES ('head', ?)", (self.head,))

    def _since(self, last: str) -> list[Changeset] | None:
        """What is new since ``last``; None where all has to be read again.

        Where ``last`` is no ancestor of the head, its own changesets are taken out first.
        """
        if not last:
            return None
        try:
            found = list(self.repository.log(self.head, last))
            if not any(last in each.parents for each in found):
                self._take_out([each.node for each in self.repository.log(last, self.head)])
        except UnknownChangesetError:
            return None
        return found

    def _take_out(self, nodes: Iterable[str]) -> None:
        run = self.connection.execute
        for node in nodes:
            number = run("SELECT number FROM changeset WHERE node = ?", (node,)).fetchone()
            run(
                "DELETE FROM page WHERE path IN (SELECT path FROM touch WHERE changeset = ?)",
                number,
            )
            for table in ("touch", "copy"):
                run(f"DELETE FROM {table} WHERE changeset = ?", number)  # noqa: S608 - as above
            run("DELETE FROM changeset WHERE number = ?", number)

    def _begin(self) -> None:
        run = self.connection.execute
        self.next_node = 1 + (run("SELECT max(number) FROM changeset").fetchone()[0] or 0)
        self.next_path = 1 + (run("SELECT max(number) FROM path").fetchone()[0] or 0)

    def _node(self, node: str) -> int:
        """The number of a changeset; 0 where there is none."""
        number = self.nodes.get(node)
        if number is None:
            rows = self.connection.execute("SELECT number FROM changeset WHERE node = ?", (node,))
            number = self.nodes[node] = next((each for (each,) in rows), 0)
        return number

    def _insert(self, batch: list[Changeset]) -> None:
        rows, touches, copies = [], [], []
        for each in batch:
            number = self.nodes[each.node] = self.next_node
            self.next_node += 1
            first, second = (*(self._node(p) or None for p in each.parents), None, None)[:2]
            about = each.author, each.at, each.zone, each.summary
            chain = self._link(number, first, second)
            rows.append((number, each.node, first, second, chain, *about))
            gone, anew = frozenset(each.removed), frozenset(each.added)
            for path in each.files:
                kind = REMOVED if path in gone else ANEW if path in anew else 0
                touches.append((self._path(path), number, kind))
                self.touched.setdefault(path, []).append(number)
            copies += [(number, self._path(new), self._path(old)) for new, old in each.copies]
        run = self.connection.executemany
        run("INSERT INTO changeset VALUES (?,?,?,?,?,?,?,?,?)", rows)
        run("INSERT OR IGNORE INTO touch VALUES (?,?,?)", touches)
        run("INSERT OR REPLACE INTO copy VALUES (?,?,?)", copies)

    def _link(self, number: int, first: int | None, second: int | None) -> int:
        """The chain that a changeset goes on with, or begins."""
        chain = number
        if first is not None and second is None:
            before = self._known(self.chains, first, "SELECT chain FROM changeset WHERE number = ?")
            end = self._known(
                self.ends, before, "SELECT max(number) FROM changeset WHERE chain = ?"
            )
            chain = before if end == first else number
        self.chains[number], self.ends[chain] = chain, number
        return chain

    def _known(self, numbers: dict[int, int], key: int, query: str) -> int:
        if key not in numbers:
            numbers[key] = self.connection.execute(query, (key,)).fetchone()[0]
        return numbers[key]

    def _path(self, name: str) -> int:
        number = self.paths.get(name)
        if number is None:
            rows = self.connection.execute("SELECT number FROM path WHERE name = ?", (name,))
            number = self.paths[name] = next((each for (each,) in rows), 0) or self._new_path(name)
        return number

    def _new_path(self, name: str) -> int:
        number = self.next_path
        self.next_path += 1
        self.connection.execute("INSERT INTO path VALUES (?,?)", (number, name))
        return number

    def _tell_lives(self, *, whole: bool) -> None:
        """Marks removals, and files that were made anew, where the log does not tell them.

        A file that was touched once was made then.
        """
        wanted = (path for path, own in self.touched.items() if not whole or len(own) > 1)
        lineage = Lineage(self.connection)
        rows: list[tuple[int, int, int]] = []
        for path, life in self.repository.lives(wanted).items():
            number = self.paths[path]
            own = set(self.touched[path] if whole else self._touches_of(number))
            versions = [(self._node(node), first, second) for node, first, second in life]
            if own - {version[0] for version in versions}:
                counted = lineage.traced(own, versions)
                rows += [(REMOVED, number, each) for each in own - counted]
            born = (link for link, first, second in versions[1:] if first == second == -1)
            rows += [(ANEW, number, link) for link in born]
        self.connection.executemany(
            "UPDATE touch SET kind = ? WHERE path = ? AND changeset = ?", rows
        )

    def _touches_of(self, path: int) -> list[int]:
        rows = self.connection.execute("SELECT changeset FROM touch WHERE path = ?", (path,))
        return [number for (number,) in rows]

    def _forget_pages(self) -> None:
        """What was worked out of files that have changed is out of date."""
        rows = [(self.paths[path],) for path in self.touched]
        self.connection.executemany("DELETE FROM page WHERE path = ?", rows)
