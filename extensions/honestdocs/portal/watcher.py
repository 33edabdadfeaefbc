"""The watching: heartbeats and proofs, each service at its own pace.

Owns when what is asked, and what becomes of the answers. Waiting happens on the loop of the
server, asking on threads. Must not know who is told: it hands events to the feed.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from honestdocs.contract.configuration import Service
from honestdocs.contract.errors import ContractError
from honestdocs.contract.service import Health, ServiceState
from honestdocs.portal.annotation import read_annotations
from honestdocs.portal.board import Board
from honestdocs.portal.errors import PortalError
from honestdocs.portal.feed import Feed
from honestdocs.portal.kept import Kept
from honestdocs.portal.ledger import Ledger
from honestdocs.portal.pace import Pace
from honestdocs.portal.uptime import DOWN
from honestdocs.verification.errors import VerificationError
from honestdocs.verification.heartbeat import ask
from honestdocs.verification.plan import Options
from honestdocs.verification.prover import Proof, Prover, Surroundings
from honestdocs.verification.snapshot import Snapshot, load_snapshot
from honestdocs.verification.store import Store

T = TypeVar("T")
_THREADS = 4
_PULSE = 5.0
_LOOK = 2.0
_MARGIN = 60.0
"""Seconds that asking itself may take before the watcher counts as hanging."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the watcher has done, for the metrics."""

    beats: dict[str, int] = field(default_factory=dict)
    proofs: dict[str, int] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)


class Watcher:
    """Keeps a board true; ``path`` is where the last build left what it read."""

    def __init__(  # noqa: PLR0913 - all that watching depends on
        self,
        board: Board,
        ledger: Ledger,
        feed: Feed,
        *,
        around: Surroundings,
        kept: Kept,
        pace: Pace,
        path: Path,
        say: Callable[[str], None] = lambda line: print(line, file=sys.stderr),  # noqa: T201 - the terminal of a server
    ) -> None:
        self.board, self.ledger, self.feed = board, ledger, feed
        self.around, self.kept, self.pace, self.path, self.say = around, kept, pace, path, say
        self.counts = Counts()
        self.alive_until = 0.0
        self._pool = ThreadPoolExecutor(_THREADS, "watcher")
        self._proving = asyncio.Lock()
        self._wake: dict[str, asyncio.Event] = {}
        self._seen = _stamp(path)

    async def start(self) -> None:
        """Takes up what builds and earlier proofs have left."""
        self.annotate()
        await self._recall()
        self._breathe(_MARGIN)
        self.board.started = self.board.watching = True

    async def run(self) -> None:
        """Watches until it is cancelled."""
        try:
            await self._watch_all()
        finally:
            self.board.started = self.board.watching = False
            self.feed.publish(self.board.pulse(self.around.now()))

    async def pulse(self) -> None:
        """Shows readers that somebody watches, or that nobody does any more."""
        while True:
            now = self.around.now()
            self.board.watching = self.board.started and now < self.alive_until
            self.feed.publish(self.board.pulse(now))
            await asyncio.sleep(_PULSE)

    def close(self) -> None:
        """Waits for what is under way, and ends the servers."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self.kept.close()

    async def _watch_all(self) -> None:
        while True:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(watch(service))
                    for service in self.board.snapshot.services
                    if service.served
                    for watch in (self._watch_heartbeat, self._watch_proofs)
                ]
                while _stamp(self.path) == self._seen:
                    self._breathe(self.pace.longest + _MARGIN if not tasks else 0)
                    await asyncio.sleep(_LOOK)
                for task in tasks:
                    task.cancel()
            await self._rebuilt()

    async def _rebuilt(self) -> None:
        """Takes another build of the tree; one that cannot be read changes nothing."""
        self._seen = _stamp(self.path)  # before it is read: a later one is another again
        try:
            self.board.place(await self._thread(partial(load_snapshot, self.path)))
        except VerificationError as error:
            self.say(f"honestdocs: {error}")
            return
        self.annotate()
        await self._recall()

    def annotate(self) -> None:
        """Reads what people say of incidents; a file with a fault is told and left out."""
        try:
            folder = Path(self.board.snapshot.sources)
            self.board.annotations = read_annotations(folder, self.board.services)
        except PortalError as error:
            self.say(f"honestdocs: {error}")

    async def _recall(self) -> None:
        """Shows the outcomes that builds and proofs have left."""
        proof = await self._thread(partial(self._prove, self.board.snapshot, frozenset(), {}))
        for state in proof.services:
            if state.checked_at > self.board.states[state.name].checked_at:
                self.feed.publish(self.board.take_state(state))
        self._publish(proof)

    def _publish(self, proof: Proof) -> None:
        for page, event in self.board.take_results(proof.results).items():
            self.feed.publish(event, page)

    async def _watch_heartbeat(self, service: Service) -> None:
        failures = 0
        while True:
            before = self.board.states[service.name]
            state = await self._thread(partial(self._ask, service))
            await self._thread(partial(self.ledger.record, state))
            count(self.counts.beats, service.name)
            down = Health(state.status) in DOWN
            failures = failures + 1 if down else 0
            self.feed.publish(self.board.take_state(state))
            if down != (Health(before.status) in DOWN) and before.checked_at:
                self._waker(service).set()
            wait = self.pace.next_heartbeat(failures)
            self._breathe(wait + _MARGIN)
            await asyncio.sleep(wait)

    def _ask(self, service: Service) -> ServiceState:
        """The state of a service now; a command that cannot be run is a service out of reach."""
        try:
            endpoint = self.kept.endpoint(service)
            with self.around.reach(service).connect() as transport:
                state = ask(service, endpoint, transport, self.around.now)
        except VerificationError as error:
            state = ServiceState(name=service.name, message=str(error).split("\n", 1)[0])
            state = replace(state, status=Health.UNREACHABLE, checked_at=self.around.now())
        if state.status == Health.UNREACHABLE and service.command:
            self.kept.drop(service.name)
        return state

    async def _watch_proofs(self, service: Service) -> None:
        failures = 0
        waker = self._waker(service)
        while True:
            wait = self.pace.next_proof(failures)
            with suppress(TimeoutError):
                await asyncio.wait_for(waker.wait(), wait)
            waker.clear()
            fault = await self._reprove(service)
            failures = failures + 1 if fault else 0

    async def _reprove(self, service: Service) -> bool:
        """Proves the examples of a service again; whether that could not be carried out."""
        async with self._proving:
            healths = {name: Health(s.status) not in DOWN for name, s in self.board.states.items()}
            work = partial(self._prove, self.board.snapshot, frozenset((service.name,)), healths)
            try:
                proof = await self._thread(work)
            except (VerificationError, ContractError) as error:
                count(self.counts.faults, service.name)
                self.say(f"honestdocs: {service.name} cannot be proven: {error}")
                return True
            count(self.counts.proofs, service.name)
            self._publish(proof)
            return False

    def _prove(self, snapshot: Snapshot, only: frozenset[str], healthy: dict[str, bool]) -> Proof:
        """The outcomes of all examples, those of the services in ``only`` run anew."""
        around = replace(
            self.around,
            serve=lambda service, transport: self.kept.fresh(
                service, transport, healthy=healthy.get(service.name, True)
            ),
        )
        with Store.open(snapshot.database, now=self.around.now()) as store:
            prover = Prover(
                snapshot.services,
                store,
                around,
                options=Options(all=True, only=only),
                changeset=snapshot.changeset,
            )
            return prover.prove(snapshot.contract)

    def _waker(self, service: Service) -> asyncio.Event:
        return self._wake.setdefault(service.name, asyncio.Event())

    def _breathe(self, seconds: float) -> None:
        """Says that the watcher will be heard of within some seconds."""
        self.alive_until = max(self.alive_until, self.around.now() + seconds)

    async def _thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)


def count(counts: dict[str, int], name: str) -> None:
    """Adds one."""
    counts[name] = counts.get(name, 0) + 1


def _stamp(path: Path) -> tuple[int, int]:
    """What tells one build from another."""
    try:
        facts = path.stat()
    except OSError:
        return 0, 0
    return facts.st_mtime_ns, facts.st_size
