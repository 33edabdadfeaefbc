"""Running setup requests before a page, or before a section of it.

Owns what their answers mean: nothing is compared, but a request that does not get through
leaves nothing to build on. Must not know the network: it is a generator that yields requests
and is sent answers.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from honestdocs.contract.binding import Bindings
from honestdocs.contract.judgement import subject_of
from honestdocs.contract.preparation import Target, Unprovable, prepare
from honestdocs.contract.setupfile import SetupRequest
from honestdocs.contract.wire import Answer, WireFault, WireRequest, WireResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """What setup left: why it failed, or nothing; what a person should know; captures."""

    fault: str = ""
    notes: tuple[str, ...] = ()
    captures: tuple[tuple[str, str], ...] = ()


def set_up(
    steps: Sequence[SetupRequest], target: Target, bindings: Bindings
) -> Generator[WireRequest, Answer, SetUp]:
    """Sends setup requests in order and captures into ``bindings``.

    A server error or no answer ends it; a refusal (4xx) is noted, since what it asks for is
    often there already.
    """
    notes: list[str] = []
    captures: list[tuple[str, str]] = []
    for step in steps:
        said = f"setup request {step.request.method} {step.request.target} at {step.place}"
        wire = prepare(step.request, target, bindings)
        if isinstance(wire, Unprovable):
            return SetUp(fault=f"{said}: {wire.reason}", notes=tuple(notes))
        answer = yield wire
        if isinstance(answer, WireFault):
            return SetUp(fault=f"{said}: {answer.message}", notes=tuple(notes))
        if answer.status // 100 == 5:  # noqa: PLR2004 - RFC 9110, section 15.6
            return SetUp(fault=f"{said} was answered {answer.status}", notes=tuple(notes))
        if answer.status // 100 == 4:  # noqa: PLR2004 - RFC 9110, section 15.5
            notes.append(f"{said} was answered {answer.status}")
        captures += _captured(step, answer)
        for name, value in captures:
            bindings.capture(name, value)
    return SetUp(notes=tuple(notes), captures=tuple(captures))


def _captured(step: SetupRequest, answer: WireResponse) -> list[tuple[str, str]]:
    values = ((name, subject_of(answer, subject)) for name, subject in step.captures)
    return [(name, value) for name, value in values if value is not None]
