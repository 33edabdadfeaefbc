"""The live part of the portal: board, ledger, feed and watcher, joined.

Owns their life together. Must not hold what one of them does.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from honestdocs.portal.board import Board
from honestdocs.portal.feed import Feed
from honestdocs.portal.incident import Incident, annotate
from honestdocs.portal.kept import Kept
from honestdocs.portal.ledger import Ledger
from honestdocs.portal.pace import Pace
from honestdocs.portal.status import Status
from honestdocs.portal.uptime import SPANS, bars
from honestdocs.portal.watcher import Watcher
from honestdocs.verification.prover import Surroundings
from honestdocs.verification.snapshot import Snapshot, load_snapshot

LEDGER = "portal.sqlite"


class Center:
    """Everything live; ``run`` is its life."""

    def __init__(
        self, snapshot: Snapshot, path: Path, ledger: Ledger, around: Surroundings, pace: Pace
    ) -> None:
        self.around = around
        self.board = Board(snapshot)
        self.ledger = ledger
        self.feed = Feed(lambda page: self.board.whole(page, around.now()))
        self.kept = Kept(around)
        self.watcher = Watcher(
            self.board,
            ledger,
            self.feed,
            around=around,
            kept=self.kept,
            pace=pace,
            path=path,
        )

    @asynccontextmanager
    async def run(self, _app: object) -> AsyncIterator[None]:
        """Watches for as long as the server runs: ASGI's lifespan."""
        await self.watcher.start()
        watching = asyncio.create_task(self.watcher.run())
        watching.add_done_callback(self._tell_end)
        pulse = asyncio.create_task(self.watcher.pulse())
        try:
            yield
        finally:
            for task in (pulse, watching):
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await task
            self.watcher.close()
            self.ledger.close()

    def _tell_end(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            self.watcher.say(f"honestdocs: the watcher has died: {task.exception()!r}")

    def incidents(self, service: str | None = None) -> tuple[Incident, ...]:
        """The annotated incidents of a service, or of all, newest first."""
        found = annotate(self.ledger.incidents(), self.board.annotations)
        return tuple(i for i in found if service is None or i.service == service)

    def titles(self) -> Mapping[str, str]:
        """The services' names for people."""
        return {name: s.title or name for name, s in self.board.services.items()}

    def status(self, name: str) -> Status:
        """All that is known of a service; KeyError for one that is not declared."""
        board, now = self.board, self.around.now()
        service = board.services[name]
        hours = self.ledger.hours(name)
        titles = board.snapshot.titles
        return Status(
            service=service,
            state=board.states[name],
            latencies=self.ledger.latencies(name),
            spans=[(span.name, bars(hours, span, now)) for span in SPANS],
            incidents=self.incidents(name)[:20],
            pages=[
                (page, titles.get(page, page), board.page_results(page))
                for page in board.service_pages(name)
            ],
            now=now,
        )


def make_center(path: Path, around: Surroundings, pace: Pace | None = None) -> Center:
    """The live part of the tree whose last build left ``path``; its ledger lies beside it.

    Raises SnapshotError and PortalError.
    """
    snapshot = load_snapshot(path)
    ledger = Ledger(path.with_name(LEDGER))
    return Center(snapshot, path, ledger, around, pace or Pace(chance=random.random))
