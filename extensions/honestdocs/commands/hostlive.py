"""What the live part of a hosted site works with: the snapshot of what is served, and outcomes.

Owns the copies in the host's folder ``live``, made again whenever another release is served, so
that whoever watches writes nothing that a build reads, and the other way round. Must not watch
anything.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from honestdocs.hosting.durable import read_json
from honestdocs.hosting.home import MAIN, Home
from honestdocs.hosting.release import Site
from honestdocs.hosting.workspace import Workspace
from honestdocs.portal.center import Center
from honestdocs.verification.errors import VerificationError
from honestdocs.verification.keeping import take_over
from honestdocs.verification.snapshot import (
    NAME,
    Snapshot,
    SnapshotError,
    load_snapshot,
    save_snapshot,
)
from honestdocs.verification.store import Store

_TRIES = 5
_SHORT = 12
"""Digits of a node in the name of a release."""
_ENDINGS = ("", "-wal")
"""Of the files that hold a database of SQLite."""
_LOOK = 1.0
"""Seconds between two looks at which release is served."""


class Excerpt:
    """The copies of one host; ``path`` is that of the snapshot."""

    def __init__(self, home: Home) -> None:
        self.path = home.live / NAME
        self._home = home
        self._workspace = Workspace(home.workspace(MAIN))
        self._database = home.live / "outcomes.sqlite"
        self._aside = home.live / "built.sqlite"
        self._seen = (0, 0)

    @property
    def possible(self) -> bool:
        """Whether the last build has left anything: it does where services are documented."""
        return (self._workspace.whole()[0] / NAME).exists()

    def take(self) -> None:
        """Makes the copies what belongs to the release that is served, if it is another.

        Raises VerificationError and OSError where they cannot be made.
        """
        served = _stamp(self._home.current)
        if served == self._seen:
            return
        self._seen = served
        self._home.live.mkdir(exist_ok=True)
        snapshot, node = self._read()
        if node[:_SHORT] != Site(self._home.folder).current:
            snapshot = _silent(snapshot)  # an earlier release, of which only the pages are kept
        self._take_outcomes()
        save_snapshot(snapshot, self.path)

    @asynccontextmanager
    async def follow(self) -> AsyncIterator[None]:
        """Takes each release that is served, for as long as the block lasts."""
        task = asyncio.create_task(self._follow())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            try:
                await asyncio.to_thread(self.take)
            except (VerificationError, OSError) as error:
                print(f"honestdocs: nothing is told of the new release: {error}", file=sys.stderr)
                await asyncio.to_thread(self._silence)

    def _silence(self) -> None:
        with suppress(VerificationError, OSError):
            save_snapshot(_silent(load_snapshot(self.path)), self.path)

    def _read(self) -> tuple[Snapshot, str]:
        """The snapshot of what was accepted last, and its node; its outcomes lie aside then."""
        for _ in range(_TRIES):
            whole = self._workspace.whole()
            try:
                found = self._read_from(whole[0])
            except (VerificationError, OSError):
                if whole == self._workspace.whole():
                    raise
            else:
                if whole == self._workspace.whole():
                    return found
        raise SnapshotError(f"{self._workspace.folder}: changes while it is read, again and again")

    def _read_from(self, folder: Path) -> tuple[Snapshot, str]:
        snapshot = self._placed(load_snapshot(folder / NAME))
        node = str(read_json(folder / "node.json"))
        built = folder / "state" / "outcomes.sqlite"
        for old in self._home.live.glob(f"{self._aside.name}*"):
            old.unlink()
        for ending in _ENDINGS:
            with suppress(FileNotFoundError):
                shutil.copyfile(f"{built}{ending}", f"{self._aside}{ending}")
        return snapshot, node

    def _placed(self, snapshot: Snapshot) -> Snapshot:
        """The same, with its files in the good tree: that of the candidate may be anything."""
        good, candidate = self._workspace.good, self._workspace.candidate

        def moved(path: str) -> str:
            return str(good / Path(path).relative_to(candidate.resolve()))

        folder, sources = moved(snapshot.folder), moved(snapshot.sources)
        return replace(snapshot, folder=folder, sources=sources, database=str(self._database))

    def _take_outcomes(self) -> None:
        now = time.time()
        with Store.open(self._database, now=now) as mine, Store.open(self._aside, now=now) as built:
            take_over(mine, built)


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The center of a hosted site, and what it works with."""

    excerpt: Excerpt
    center: Center

    @asynccontextmanager
    async def run(self, app: object) -> AsyncIterator[None]:
        """ASGI's lifespan."""
        async with self.center.run(app), self.excerpt.follow():
            yield


def _silent(snapshot: Snapshot) -> Snapshot:
    """The same services, and nothing of what pages say."""
    return replace(snapshot, pages=(), lies=())


def _stamp(link: Path) -> tuple[int, int]:
    """What tells one state of a link from another, also where both point to the same place."""
    facts = link.lstat()
    return facts.st_ino, facts.st_mtime_ns
