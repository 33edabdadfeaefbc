"""One page is one session: its examples run in order, and what they bind is remembered.

Owns the order of sending and judging, as a generator that yields requests and is sent
answers. Must not know the network or the clock: the caller has both.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from honestdocs.contract.binding import Bindings
from honestdocs.contract.example import Example, MarkVerb, Request
from honestdocs.contract.judgement import Judgement, judge
from honestdocs.contract.outcome import Lie, Outcome, Result
from honestdocs.contract.place import Place
from honestdocs.contract.preparation import Target, Unprovable, prepare
from honestdocs.contract.usage import Usage, Uses, request_text
from honestdocs.contract.volatile import kind_of
from honestdocs.contract.wire import Answer, WireFault, WireRequest, WireResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request of a page with all the examples that it can prove."""

    examples: tuple[Example, ...]

    @property
    def first(self) -> Example:
        """The example whose request is sent."""
        return self.examples[0]

    @property
    def skip(self) -> str:
        """The author's reason not to run it, or why nothing can be sent; else empty."""
        for mark in self.first.marks:
            if mark.verb is MarkVerb.SKIP:
                return mark.argument
        if self.first.request is None:
            return "no documented request goes with this response"
        return ""


def exchanges(examples: Iterable[Example]) -> tuple[Exchange, ...]:
    """The exchanges of one page, in order."""
    groups: list[list[Example]] = []
    for example in examples:
        if example.alternative and groups:
            groups[-1].append(example)
        else:
            groups.append([example])
    return tuple(Exchange(examples=tuple(group)) for group in groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A page ready to be played: its exchanges and the static lies of its examples.

    ``sendable`` decides, for a request read from a command line alone, whether it is meant
    for this service.
    """

    page: str
    exchanges: tuple[Exchange, ...]
    lies: Mapping[str, tuple[Lie, ...]] = field(default_factory=dict)
    target: Target
    origins: tuple[str, ...] = ()
    captures: Mapping[str, str] = field(default_factory=dict)
    foreign: frozenset[str] = frozenset()


@dataclass(slots=True)
class _State:
    """What a session has learnt so far."""

    bindings: Bindings = field(default_factory=Bindings)
    unbound: dict[str, Place] = field(default_factory=dict)


Play = Generator[WireRequest, Answer, tuple[Result, ...]]


def play(script: Script) -> Play:
    """Plays a page: yields each request, takes its answer, returns all results in order."""
    state = _State()
    for name, observed in script.captures.items():
        state.bindings.capture(name, observed)
    uses = Uses([exchange.first.request for exchange in script.exchanges])
    results: list[Result] = []
    for at, exchange in enumerate(script.exchanges):
        reason = exchange.skip or _foreign(script, exchange)
        if reason:
            results.extend(_static(script, exchange, Outcome.SKIPPED, reason))
            continue
        request = exchange.first.request
        assert request is not None  # noqa: S101 - an exchange without one is skipped
        needed = _needs(request, state)
        wire = prepare(request, script.target, state.bindings)
        if isinstance(wire, Unprovable):
            results.extend(_static(script, exchange, Outcome.ERROR, wire.reason))
            _forget(exchange.examples, state, uses.at(at))
            continue
        if needed is not None:
            reason = f"it needs a value that the example at {needed} should have given"
            results.extend(_static(script, exchange, Outcome.ERROR, reason))
            _forget(exchange.examples, state, uses.at(at))
            continue
        answer = yield wire
        if isinstance(answer, WireFault):
            results.extend(_static(script, exchange, Outcome.ERROR, answer.message))
            _forget(exchange.examples, state, uses.at(at))
            continue
        judgement = judge(
            exchange.examples,
            answer,
            bindings=state.bindings,
            usage=uses.at(at),
            origins=script.origins,
            lies=script.lies,
        )
        _learn(judgement, exchange, answer, state, uses.at(at))
        results.extend(judgement.results)
    return tuple(results)


def _foreign(script: Script, exchange: Exchange) -> str:
    if exchange.first.id in script.foreign:
        return "the command goes to another host than the service's"
    return ""


def _static(
    script: Script, exchange: Exchange, outcome: Outcome, reason: str
) -> Iterable[Result]:
    """Results of examples that were not judged: their static lies fail them all the same."""
    for example in exchange.examples:
        lies = tuple(lie.mismatch for lie in script.lies.get(example.id, ()))
        failed = lies and outcome is not Outcome.SKIPPED
        yield Result(
            example=example.id,
            outcome=Outcome.FAILED if failed else outcome,
            mismatches=lies if failed else (),
            reason=reason,
        )


def _needs(request: Request, state: _State) -> Place | None:
    """The example whose failure left a value unbound that the request sends, if any."""
    if not state.unbound:
        return None
    text = request_text(request)
    for value, place in state.unbound.items():
        if value in text and value not in state.bindings:
            return place
    return None


def _learn(
    judgement: Judgement,
    exchange: Exchange,
    answer: WireResponse,
    state: _State,
    usage: Usage,
) -> None:
    for documented, observed in judgement.bound:
        state.bindings.bind(documented, observed)
        state.unbound.pop(documented, None)
    for name, observed in judgement.captured:
        state.bindings.capture(name, observed)
    if any(result.outcome is Outcome.FAILED for result in judgement.results):
        _forget(exchange.examples, state, usage, seen=_observed_text(answer))


def _observed_text(answer: WireResponse) -> str:
    headers = "\n".join(value for _, value in answer.headers)
    return f"{headers}\n{answer.body.decode('utf-8', 'replace')}"


def _forget(
    examples: Sequence[Example], state: _State, usage: Usage, *, seen: str = ""
) -> None:
    """Remembers which generated values a failed example leaves without a counterpart; those
    that were ``seen`` as documented need none."""
    for example in examples:
        for value in _texts(example):
            known = value in state.bindings or (seen and value in seen)
            if not known and _is_made_up(value, example, usage):
                state.unbound.setdefault(value, example.place)


def _is_made_up(value: str, example: Example, usage: Usage) -> bool:
    """Whether only a server can have made up a documented text."""
    if kind_of(value) is not None and value not in request_text(example.request):
        return True
    return usage.generated(value)


_WORD = re.compile(r"[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+)*")
_SCALAR = re.compile(r'"((?:[^"\\\s]|\\.){1,200})"|(?<![\w.])(\d+)(?![\w.])')


def _texts(example: Example) -> Iterable[str]:
    """The single values of a documented response, each once."""
    response = example.response
    if response is None:
        return ()
    found: dict[str, None] = {}
    for header in response.headers:
        if header.name.lower() != "date":
            found.update(dict.fromkeys((header.value, *_WORD.findall(header.value))))
    found.update(dict.fromkeys(_WORD.findall(response.body)))
    found.update(dict.fromkeys(m[1] or m[2] for m in _SCALAR.finditer(response.body)))
    return found


def by_page(examples: Iterable[Example]) -> dict[str, tuple[Example, ...]]:
    """Examples by their page, in order."""
    return {page: tuple(group) for page, group in groupby(examples, key=lambda e: e.page)}
