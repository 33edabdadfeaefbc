"""Running the sessions of a service: lanes side by side, the pages of a lane in order.

Owns the sending of setup requests and the driving of sessions over a transport. Must not
know why a page is run, nor what becomes of its results.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace

from honestdocs.contract.binding import Bindings
from honestdocs.contract.outcome import Outcome, Result
from honestdocs.contract.session import Script, play, unjudged
from honestdocs.contract.setup import set_up
from honestdocs.contract.setupfile import SetupRequest
from honestdocs.contract.wire import Answer, WireRequest
from honestdocs.verification.transport import Transport

_UNSAFE = frozenset(("POST", "PUT", "PATCH", "DELETE"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A page to run with the setup that comes before it."""

    script: Script
    setup: tuple[SetupRequest, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether the page may change what its setup made."""
        requests = (exchange.request for exchange in self.script.exchanges)
        unsafe = any(request is not None and request.method in _UNSAFE for request in requests)
        return unsafe or bool(self.script.sections)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who is told of results as they come, and of what a setup request met."""

    results: Callable[[str, Sequence[Result]], None]
    note: Callable[[str], None]


_Lane = Generator[WireRequest, Answer, None]


def run_lanes(
    lanes: Sequence[Sequence[Job]], transport: Transport, listener: Listener, concurrency: int
) -> None:
    """Runs all jobs, so many lanes at a time, and returns when every result was told."""
    waiting = deque(lanes)

    def start() -> None:
        if waiting:
            advance(_lane(waiting.popleft(), listener), None)

    def advance(lane: _Lane, answer: Answer | None) -> None:
        try:
            request = next(lane) if answer is None else lane.send(answer)
        except StopIteration:
            start()
            return
        transport.send(request, lambda came: advance(lane, came))

    for _ in range(min(concurrency, len(lanes))):
        start()
    transport.run()


def _lane(jobs: Sequence[Job], listener: Listener) -> _Lane:
    """The pages of a lane. Setup runs before a page unless the one before it had the same
    setup and left it alone.
    """
    ready: tuple[SetupRequest, ...] | None = None
    captures: dict[str, str] = {}
    for job in jobs:
        fault = ""
        if job.setup != ready:
            left = yield from set_up(job.setup, job.script.target, Bindings())
            fault, captures = left.fault, dict(left.captures)
            _note(left.notes, listener)
        if fault:
            listener.results(job.script.page, unchecked(job.script, fault))
            ready = None
            continue
        ready = None if job.changes else job.setup
        played = yield from play(replace(job.script, captures=captures))
        _note(played.notes, listener)
        listener.results(job.script.page, played.results)


def _note(notes: Sequence[str], listener: Listener) -> None:
    for note in notes:
        listener.note(note)


def unchecked(script: Script, reason: str) -> tuple[Result, ...]:
    """Results of a page that could not be run: what would not have run is skipped as ever."""
    results: list[Result] = []
    for exchange in script.exchanges:
        outcome = Outcome.SKIPPED if exchange.skip else Outcome.ERROR
        results.extend(unjudged(script, exchange, outcome, exchange.skip or reason))
    return tuple(results)
