"""One cause, one line: the same mismatch in many examples is told once.

Owns the grouping of mismatches, and the digest that says when an example must run again.
Must not know how a group is shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from honestdocs.contract.example import Example
from honestdocs.contract.outcome import GRADES, Grade, Kind, Mismatch, Result
from honestdocs.contract.place import Place
from honestdocs.contract.volatile import list_difference

RULES = "4"
"""Raised when comparing changes its mind, so that earlier outcomes are looked at again."""
_ORDER = {grade: position for position, grade in enumerate(Grade)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A mismatch with all the examples that show it: ``places`` and ``examples`` run
    alongside each other.
    """

    kind: Kind
    subject: str
    documented: str
    observed: str
    fix: str
    places: tuple[Place, ...]
    examples: tuple[str, ...]

    @property
    def grade(self) -> Grade:
        """How grave the mismatch is."""
        return GRADES[self.kind]


CauseKey: TypeAlias = tuple[str, str, str, str]
_ONE_SIDED = frozenset((Kind.MISSING_MEMBER, Kind.MISSING_HEADER, Kind.UNDOCUMENTED_MEMBER))


def cause_key(mismatch: Mismatch) -> CauseKey:
    """What makes two mismatches one cause: kind, subject and both values.

    Values count only where both sides have one of the same type: a member that is missing is
    missing, whatever it would have held. Of two lists only the difference counts. What does
    not parse is mended line by line.
    """
    kind, subject = mismatch.kind, mismatch.subject
    if kind is Kind.PARSE:
        return kind.value, subject, str(mismatch.place), mismatch.documented
    if kind is Kind.TYPE:
        return kind.value, subject, "", mismatch.fix
    if kind in _ONE_SIDED:
        return kind.value, subject, "", ""
    if kind is Kind.HEADER:
        name = subject.removeprefix("header ")
        difference = list_difference(name, mismatch.documented, mismatch.observed)
        if difference is not None:
            return kind.value, subject, ",".join(difference[0]), ",".join(difference[1])
    return kind.value, subject, mismatch.documented, mismatch.observed


def group(results: Iterable[Result]) -> tuple[Cause, ...]:
    """The causes behind all mismatches: gravest first, then the most frequent."""
    groups: dict[CauseKey, list[tuple[Mismatch, str]]] = {}
    for result in results:
        for found in result.mismatches:
            groups.setdefault(cause_key(found), []).append((found, result.example))
    causes = [_cause(members) for members in groups.values()]
    return tuple(sorted(causes, key=lambda c: (_ORDER[c.grade], -len(c.places))))


def _cause(members: list[tuple[Mismatch, str]]) -> Cause:
    first = members[0][0]
    return Cause(
        kind=first.kind,
        subject=first.subject,
        documented=first.documented,
        observed=first.observed,
        fix=first.fix,
        places=tuple(mismatch.place for mismatch, _ in members),
        examples=tuple(example for _, example in members),
    )


def digest(*parts: str) -> str:
    """A digest of texts in their order: equal for equal parts only.

    Python's notation of the texts is hashed: it is the same for the same texts alone, and is
    written in one step.
    """
    return hashlib.blake2b(ascii(parts).encode("ascii"), digest_size=16).hexdigest()


def example_texts(example: Example) -> tuple[str, ...]:
    """All that an example says, without where it stands: what its outcome depends on."""
    texts = [example.operation, str(example.alternative)]
    request, response = example.request, example.response
    if request is not None:
        texts += [request.method, request.target, request.body]
        texts += [f"{h.name}:{h.value}" for h in request.headers]
    texts.append("\0")
    if response is not None:
        texts += [str(response.status), response.body, str(response.open_headers)]
        texts += [f"{h.name}:{h.value}" for h in response.headers]
    texts += [f"{m.verb} {m.subject} {m.argument}" for m in example.marks]
    return tuple(texts)


def page_causes(examples: Sequence[Example]) -> tuple[str, ...]:
    """The textual part of each example's cause: its own text, and all before it on its page."""
    causes: list[str] = []
    chain = ""
    for example in examples:
        chain = digest(chain, *example_texts(example))
        causes.append(chain)
    return tuple(causes)


def anchored(result: Result, place: Place) -> Result:
    """A result whose mismatches are placed relative to its example, fit to be kept: when text
    moves, they move with it.
    """
    if not result.mismatches:
        return result
    return replace(
        result,
        mismatches=tuple(
            replace(m, place=Place("", (m.place.line or 0) - place.line))
            if m.place.file == place.file and m.place.line is not None and place.line is not None
            else m
            for m in result.mismatches
        ),
    )


def placed(result: Result, place: Place) -> Result:
    """A kept result with its mismatches where its example stands now."""
    if not result.mismatches:
        return result
    return replace(
        result,
        mismatches=tuple(
            m if m.place.file else replace(m, place=place.below(m.place.line or 0))
            for m in result.mismatches
        ),
    )
