"""What is going away: documentation that says so, against services that announce it.

Owns the comparison of ``:deprecated:`` with the header fields Deprecation (RFC 9745) and Sunset
(RFC 8594) of verified responses. Must not know how either is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from honestdocs.contract.example import Example
from honestdocs.contract.operation import Location, Operation
from honestdocs.contract.outcome import Kind, Lie, Mismatch, Outcome, Result

FIELDS = ("Deprecation", "Sunset")
_TOLD = {name.lower() for name in FIELDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """An operation that its page calls deprecated, or whose service announces that it is.

    ``announced`` names the header fields that a response carried, ``answers`` counts the
    verified responses that were looked at.
    """

    operation: Operation
    announced: tuple[str, ...] = ()
    answers: int = 0

    @property
    def agreed(self) -> bool:
        """Whether page and service say the same, as far as any response has told."""
        return not self.answers or self.documented is bool(self.announced)

    @property
    def documented(self) -> bool:
        """Whether the page tells, by the option of the operation or by one of the fields."""
        named = self.operation.named(Location.RESPONSE_HEADER)
        return self.operation.deprecated or any(p.name.lower() in _TOLD for p in named)


def retirements(
    operations: Iterable[Operation], examples: Iterable[Example], results: Mapping[str, Result]
) -> tuple[Retirement, ...]:
    """The operations that somebody calls deprecated, in the order given."""
    seen: dict[str, list[Result]] = {}
    for example in examples:
        result = results.get(example.id)
        if result is not None and result.outcome in (Outcome.PASSED, Outcome.FAILED):
            seen.setdefault(example.operation, []).append(result)
    found = (_of(operation, seen.get(operation.key, [])) for operation in operations)
    return tuple(one for one in found if one.documented or one.announced)


def _of(operation: Operation, results: list[Result]) -> Retirement:
    sent = {name.lower() for result in results for name in result.observed_headers}
    announced = tuple(name for name in FIELDS if name.lower() in sent & _TOLD)
    return Retirement(operation=operation, announced=announced, answers=len(results))


def disagreements(found: Iterable[Retirement]) -> tuple[Lie, ...]:
    """What page and service tell differently, each at its operation."""
    return tuple(_lie(one) for one in found if not one.agreed)


def _lie(one: Retirement) -> Lie:
    key = one.operation.key
    sent = " and ".join(one.announced)
    if one.documented:
        said = f"{key} is documented as deprecated, and no answer of it carries Deprecation"
        fix = "have the service send Deprecation (RFC 9745), or take :deprecated: away"
    else:
        said = f"{key} answers with {sent}, and is not documented as deprecated"
        fix = "add :deprecated: to the operation and say what replaces it"
    mismatch = Mismatch(
        kind=Kind.OPERATION,
        subject="deprecation",
        documented="deprecated" if one.documented else "",
        observed=sent,
        place=one.operation.place,
        fix=fix,
    )
    return Lie(mismatch=mismatch, message=said, warning=True)
