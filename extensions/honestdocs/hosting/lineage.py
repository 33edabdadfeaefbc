"""Which changesets make the history of one file, renames followed.

Owns the rules of ``hg log --follow``: a file's history goes on in what it was copied from, up to
there; changes to that name which came after the copy belong to another file, unless they were
made beside it; and a file that is made anew has nothing of its former life.
"""

from __future__ import annotations

import sqlite3
from functools import cached_property

REMOVED, ANEW = 1, 2
"""The kinds of a touch besides an ordinary change, which is 0."""

_CHAIN = "SELECT chain FROM changeset WHERE number = ?"
_PARENTS = "SELECT first, second FROM changeset WHERE number = ?"


class Lineage:
    """Answers from the tables of a history; they must not change meanwhile."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._chains: dict[int, int] = {}
        self._parents: dict[int, tuple[int, ...]] = {}

    def of(self, path: int) -> frozenset[int]:
        """The numbers of the changesets that made a file what it is."""
        found: set[int] = set()
        pending: list[tuple[int, int | None]] = [(path, None)]
        seen: set[tuple[int, int | None]] = set()
        while pending:
            name, before = pending.pop()
            if (name, before) in seen:
                continue
            seen.add((name, before))
            for number in self._touches(name, before):
                found.add(number)
                source = self._copies.get((number, name))
                if source is not None:
                    pending.append((source, number))
        return frozenset(found)

    def traced(self, own: set[int], versions: list[tuple[int, int, int]]) -> set[int]:
        """Which touches of a file made it what it is, by the versions that follow each other.

        ``versions`` are as in a Life, with numbers. One of them may stem from two changesets
        that made the same change: the one counts that the next version is built on. Whatever was
        removed later and made anew counts too: that is for who asks to tell.
        """
        known = [at for at, version in enumerate(versions) if version[0] in own]
        followed = {each for at in known for each in versions[at][1:]}
        pending = [(at, versions[at][0]) for at in known if at not in followed]
        found: set[int] = set()
        while pending:
            at, number = pending.pop()
            if number not in found:
                found.add(number)
                before = (each for each in versions[at][1:] if each >= 0)
                pending += [(each, self._source(own, number, versions[each][0])) for each in before]
        return found - {0}

    def _source(self, own: set[int], number: int, link: int) -> int:
        """The changeset that left the version which another one is built on; 0 if it is lost."""
        if link in own and self._follows(number, link):
            return link
        return max((n for n in own if n < number and self._follows(number, n)), default=0)

    def _touches(self, path: int, before: int | None) -> list[int]:
        """The changes of a name that count, seen from a changeset that copied it away."""
        rows = self._connection.execute(
            "SELECT changeset, kind FROM touch WHERE path = ? AND kind != 1 ORDER BY changeset",
            (path,),
        ).fetchall()
        own = [n for n, _ in rows if before is None or not self._follows(n, before)]
        for birth in (n for n, kind in rows if kind == ANEW and n in own):
            own = [n for n in own if n == birth or not self._follows(birth, n)]
        return own

    def _follows(self, later: int, earlier: int) -> bool:
        """Whether a changeset is another one or descends from it; whole chains are one step."""
        goal, pending, seen = self._chain(earlier), [later], set()
        while pending:
            number = pending.pop()
            if number >= earlier:
                chain = self._chain(number)
                if chain == goal:
                    return True
                if chain not in seen:
                    seen.add(chain)
                    pending += self._before(chain)
        return False

    def _chain(self, number: int) -> int:
        if number not in self._chains:
            row = self._connection.execute(_CHAIN, (number,)).fetchone()
            self._chains[number] = row[0] if row else number
        return self._chains[number]

    def _before(self, number: int) -> tuple[int, ...]:
        """The parents of a changeset."""
        if number not in self._parents:
            row = self._connection.execute(_PARENTS, (number,)).fetchone() or ()
            self._parents[number] = tuple(parent for parent in row if parent is not None)
        return self._parents[number]

    @cached_property
    def _copies(self) -> dict[tuple[int, int], int]:
        rows = self._connection.execute("SELECT changeset, path, source FROM copy")
        return {(changeset, path): source for changeset, path, source in rows}
