"""Running the sessions of a service: lanes side by side, the pages of a lane in order.

Owns the sending of setup requests and the driving of sessions over a transport. Must not
know why a page is run, nor what becomes of its results.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace

from honestdocs.contract.binding import Bindings
from honestdocs.contract.judgement import subject_of
from honestdocs.contract.outcome import Outcome, Result
from honestdocs.contract.preparation import Unprovable, prepare
from honestdocs.contract.session import Script, play
from honestdocs.contract.setupfile import SetupRequest
from honestdocs.contract.wire import Answer, WireFault, WireRequest, WireResponse
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
        return any(
            exchange.first.request is not None and exchange.first.request.method in _UNSAFE
            for exchange in self.script.exchanges
        )


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
    ready: tuple[SetupRequest, ...] = ()
    captures: dict[str, str] = {}
    for job in jobs:
        fault = ""
        if job.setup != ready:
            captures = {}
            fault = yield from _set_up(job, captures, listener)
        if fault:
            listener.results(job.script.page, _unchecked(job.script, fault))
            ready = ()
            continue
        ready = () if job.changes else job.setup
        results = yield from play(replace(job.script, captures=captures))
        listener.results(job.script.page, results)


def _set_up(
    job: Job, captures: dict[str, str], listener: Listener
) -> Generator[WireRequest, Answer, str]:
    """Sends the setup; returns why it failed, or the empty text."""
    bindings = Bindings()
    for step in job.setup:
        wire = prepare(step.request, job.script.target, bindings)
        said = f"setup request {step.request.method} {step.request.target} at {step.place}"
        if isinstance(wire, Unprovable):
            return f"{said}: {wire.reason}"
        answer = yield wire
        if isinstance(answer, WireFault):
            return f"{said}: {answer.message}"
        if answer.status >= 500:  # noqa: PLR2004 - RFC 9110, section 15.6
            return f"{said} was answered {answer.status}"
        if answer.status >= 400:  # noqa: PLR2004 - RFC 9110, section 15.5
            listener.note(f"{said} was answered {answer.status}")
        _capture(step, answer, bindings, captures)
    return ""


def _capture(
    step: SetupRequest, answer: WireResponse, bindings: Bindings, captures: dict[str, str]
) -> None:
    for name, subject in step.captures:
        value = subject_of(answer, subject)
        if value is not None:
            bindings.capture(name, value)
            captures[name] = value


def _unchecked(script: Script, reason: str) -> tuple[Result, ...]:
    return tuple(
        Result(example=example.id, outcome=Outcome.ERROR, reason=reason)
        for exchange in script.exchanges
        for example in exchange.examples
    )
