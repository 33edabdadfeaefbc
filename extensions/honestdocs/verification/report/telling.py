"""What is worth telling of the failed examples and of static lies, each thing once.

Owns the choice between telling a cause for many examples and telling an example by itself, and
the order of telling. Must not know how a finding is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from honestdocs.contract.cause import CauseKey, cause_key
from honestdocs.contract.example import Example
from honestdocs.contract.outcome import Grade, Lie, Mismatch, Outcome, Result, worst
from honestdocs.contract.place import Place
from honestdocs.verification.report.model import Report

Seen: TypeAlias = tuple[Example, Mismatch]

_ORDER = {grade: position for position, grade in enumerate(Grade)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One thing to tell: the mismatches of one example, or those that many examples share.

    ``mismatches`` stand in the first example, gravest first. ``message`` is the sentence for
    the first of them where a static rule has one of its own, or what is known when there is no
    mismatch at all. ``places`` has one entry per example, more than one only where the cause is
    shared. ``elsewhere`` counts differences of the example that are told with other examples.
    """

    grade: Grade | None
    place: Place
    mismatches: tuple[Mismatch, ...]
    message: str = ""
    example: Example | None = None
    places: tuple[tuple[Place, Example | None], ...] = ()
    elsewhere: int = 0
    flaky: bool = False


def failures(report: Report) -> tuple[Telling, ...]:
    """What is to be told of the failed examples, gravest first, then the most frequent."""
    pairs = report.ended(Outcome.FAILED)
    seen: dict[CauseKey, list[Seen]] = {}
    for example, result in pairs:
        for mismatch in result.mismatches:
            seen.setdefault(cause_key(mismatch), []).append((example, mismatch))
    shared = {key: found for key, found in seen.items() if len({e.id for e, _ in found}) > 1}
    messages = {lie.mismatch: lie.message for lie in report.lies}
    findings = [*_shared(shared, messages, report), *_single(pairs, shared, messages)]
    return tuple(sorted(findings, key=_rank))


def false_claims(report: Report) -> tuple[Telling, ...]:
    """What is to be told of the lies found without a server, gravest first."""
    return _claims(report, report.false_claims)


def mistakes(report: Report) -> tuple[Telling, ...]:
    """What is wrong with how the tree is written rather than with what it says."""
    return _claims(report, report.mistakes)


def warnings(report: Report) -> tuple[Telling, ...]:
    """What is to be told of the other warnings, gravest first."""
    return _claims(report, [lie for lie in report.warnings if not lie.usage])


def _claims(report: Report, lies: Sequence[Lie]) -> tuple[Telling, ...]:
    examples = {example.id: example for example in report.examples}
    groups: dict[tuple[CauseKey, str], list[Lie]] = {}
    for lie in lies:
        groups.setdefault((cause_key(lie.mismatch), lie.message), []).append(lie)
    findings = [_claim(group, examples) for group in groups.values()]
    return tuple(sorted(findings, key=_rank))


def _claim(lies: Sequence[Lie], examples: Mapping[str, Example]) -> Telling:
    first = lies[0]
    return Telling(
        grade=first.mismatch.grade,
        place=first.mismatch.place,
        mismatches=(first.mismatch,),
        message=first.message,
        example=examples.get(first.example),
        places=tuple((lie.mismatch.place, examples.get(lie.example)) for lie in lies),
    )


def _shared(
    shared: Mapping[CauseKey, list[Seen]], messages: Mapping[Mismatch, str], report: Report
) -> Iterable[Telling]:
    """One finding for all causes that show in just the same examples."""
    alike: dict[tuple[str, ...], list[list[Seen]]] = {}
    for found in shared.values():
        alike.setdefault(tuple(dict.fromkeys(e.id for e, _ in found)), []).append(found)
    for causes in alike.values():
        mismatches = _gravest_first(found[0][1] for found in causes)
        told = next(found for found in causes if found[0][1] is mismatches[0])
        places = {example.id: (mismatch.place, example) for example, mismatch in reversed(told)}
        yield Telling(
            grade=mismatches[0].grade,
            place=mismatches[0].place,
            mismatches=mismatches,
            message=messages.get(mismatches[0], ""),
            example=told[0][0],
            places=tuple(reversed(places.values())),
            flaky=any(report.result(example).flaky for example, _ in told),
        )


def _single(
    pairs: Iterable[tuple[Example, Result]],
    shared: Mapping[CauseKey, list[Seen]],
    messages: Mapping[Mismatch, str],
) -> Iterable[Telling]:
    for example, result in pairs:
        own = _gravest_first(m for m in result.mismatches if cause_key(m) not in shared)
        if result.mismatches and not own:
            continue
        place = own[0].place if own else example.place
        yield Telling(
            grade=worst(m.grade for m in own),
            place=place,
            mismatches=own,
            message=messages.get(own[0], "") if own else result.reason,
            example=example,
            places=((place, example),),
            elsewhere=len(result.mismatches) - len(own),
            flaky=result.flaky,
        )


def _gravest_first(mismatches: Iterable[Mismatch]) -> tuple[Mismatch, ...]:
    return tuple(sorted(mismatches, key=lambda mismatch: _ORDER[mismatch.grade]))


def _rank(finding: Telling) -> tuple[int, int]:
    grave = len(_ORDER) if finding.grade is None else _ORDER[finding.grade]
    return grave, -len(finding.places)
