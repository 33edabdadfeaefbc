"""One page is one session: its examples run in order, and what they bind is remembered.

Owns the order of sending and judging, as a generator that yields requests and is sent
answers. Must not know the network or the clock: the caller has both.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field

from honestdocs.contract.exchange import Exchange
from honestdocs.contract.judgement import judge
from honestdocs.contract.memory import Memory
from honestdocs.contract.outcome import Lie, Outcome, Result
from honestdocs.contract.preparation import Target, Unprovable, prepare
from honestdocs.contract.setup import set_up
from honestdocs.contract.setupfile import SetupRequest
from honestdocs.contract.usage import Usage, Uses
from honestdocs.contract.wire import Answer, WireFault, WireRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A page ready to be played: its exchanges and the static lies of its examples.

    ``origins`` stand for the service in documented URLs; ``foreign`` are examples whose
    command goes elsewhere. ``captures`` are values named by the page's setup; ``sections``
    gives, by section id, what is sent before the first exchange of that section.
    """

    page: str
    exchanges: tuple[Exchange, ...]
    lies: Mapping[str, tuple[Lie, ...]] = field(default_factory=dict)
    target: Target
    origins: tuple[str, ...] = ()
    captures: Mapping[str, str] = field(default_factory=dict)
    foreign: frozenset[str] = frozenset()
    sections: Mapping[str, tuple[SetupRequest, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """The results of a page in order, and what a person should know of its setup."""

    results: tuple[Result, ...]
    notes: tuple[str, ...] = ()


def play(script: Script) -> Generator[WireRequest, Answer, Played]:
    """Plays a page: yields each request, takes its answer, returns all results in order."""
    memory = Memory()
    for name, observed in script.captures.items():
        memory.bindings.capture(name, observed)
    uses = Uses([exchange.request for exchange in script.exchanges])
    results: list[Result] = []
    notes: list[str] = []
    section, fault = "", ""
    for at, exchange in enumerate(script.exchanges):
        if exchange.first.section != section:
            section = exchange.first.section
            left = yield from set_up(
                script.sections.get(section, ()), script.target, memory.bindings
            )
            fault = left.fault
            notes.extend(left.notes)
        results.extend((yield from _run(script, exchange, memory, uses.at(at), fault)))
    return Played(results=tuple(results), notes=tuple(notes))


def _run(
    script: Script, exchange: Exchange, memory: Memory, usage: Usage, fault: str
) -> Generator[WireRequest, Answer, Iterable[Result]]:
    """Sends and judges one exchange, unless there is a reason not to."""
    request = exchange.request
    skip = exchange.skip or _foreign(script, exchange)
    if skip or request is None:
        return unjudged(script, exchange, Outcome.SKIPPED, skip)
    wire = prepare(request, script.target, memory.bindings)
    needed = memory.needs(request)
    if isinstance(wire, Unprovable):
        fault = fault or wire.reason
    elif needed is not None:
        fault = fault or f"it needs a value that the example at {needed} should have given"
    if fault or isinstance(wire, Unprovable):
        memory.forget(exchange.examples, usage)
        return unjudged(script, exchange, Outcome.ERROR, fault)
    answer = yield wire
    if isinstance(answer, WireFault):
        memory.forget(exchange.examples, usage)
        return unjudged(script, exchange, Outcome.ERROR, answer.message)
    judgement = judge(
        exchange.examples,
        answer,
        bindings=memory.bindings,
        usage=usage,
        origins=script.origins,
        lies=script.lies,
    )
    memory.learn(judgement.bound, judgement.captured)
    if any(result.outcome is Outcome.FAILED for result in judgement.results):
        memory.forget(exchange.examples, usage, answer)
    return judgement.results


def _foreign(script: Script, exchange: Exchange) -> str:
    if exchange.first.id in script.foreign:
        return "the command goes to another host than the service's"
    return ""


def unjudged(
    script: Script, exchange: Exchange, outcome: Outcome, reason: str
) -> tuple[Result, ...]:
    """Results of examples that were not judged: their static lies fail them all the same,
    unless they are skipped.
    """
    results: list[Result] = []
    for example in exchange.examples:
        lies = tuple(lie.mismatch for lie in script.lies.get(example.id, ()))
        failed = bool(lies) and outcome is not Outcome.SKIPPED
        results.append(
            Result(
                example=example.id,
                outcome=Outcome.FAILED if failed else outcome,
                mismatches=lies if failed else (),
                reason=reason,
            )
        )
    return tuple(results)
