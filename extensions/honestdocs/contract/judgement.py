"""Judging the examples of one request by the response that came.

Owns the choice among alternative responses and the making of results. Must not know what
was sent before or comes after.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import parse_qsl, unquote

from honestdocs.contract.binding import Bindings
from honestdocs.contract.body import compare_body, decode
from honestdocs.contract.comparison import Context, compare_status
from honestdocs.contract.document import parse_observed
from honestdocs.contract.example import Example, MarkVerb
from honestdocs.contract.headers import compare_headers
from honestdocs.contract.outcome import Grade, Kind, Lie, Mismatch, Outcome, Result
from honestdocs.contract.path import local_target, origin_of
from honestdocs.contract.pointer import resolve
from honestdocs.contract.reference import parse_reference
from honestdocs.contract.structure import members
from honestdocs.contract.usage import Usage
from honestdocs.contract.wire import WireResponse

_GRAVITY = {grade: at for at, grade in enumerate(Grade)}
_FAILING = frozenset((Kind.PARSE, Kind.OPERATION))
"""Static lies that fail their example: the others are told beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The results of an exchange, and what it taught: values bound and captured."""

    results: tuple[Result, ...]
    bound: tuple[tuple[str, str], ...] = ()
    captured: tuple[tuple[str, str], ...] = ()


def failing(lies: Sequence[Lie]) -> tuple[Lie, ...]:
    """The lies that fail the example they belong to."""
    return tuple(lie for lie in lies if not lie.warning and lie.mismatch.kind in _FAILING)


def standing(lies: Sequence[Lie], results: Mapping[str, Result]) -> tuple[Lie, ...]:
    """The static lies that say more than the results do: a status that the server did not
    send need not be listed.
    """
    return tuple(lie for lie in lies if not _is_told(lie, results.get(lie.example)))


def _is_told(lie: Lie, result: Result | None) -> bool:
    if lie.mismatch.kind is not Kind.UNLISTED_STATUS or result is None:
        return False
    return any(mismatch.kind is Kind.STATUS for mismatch in result.mismatches)


def judge(  # noqa: PLR0913 - the facts of one exchange
    examples: Sequence[Example],
    answer: WireResponse,
    *,
    bindings: Bindings,
    usage: Usage,
    origins: tuple[str, ...] = (),
    lies: Mapping[str, tuple[Lie, ...]],
) -> Judgement:
    """Compares every documented response with the one that came.

    Of several responses documented for one request, the one that fits best is judged; the
    others are skipped, since the server can only answer once.
    """
    facts = _Facts(answer)
    contexts = [_compare(example, answer, facts, bindings, usage, origins) for example in examples]
    several = len(examples) > 1
    chosen = min(range(len(examples)), key=lambda at: _distance(contexts[at])) if several else 0
    results = []
    for at, (example, context) in enumerate(zip(examples, contexts, strict=True)):
        static = lies.get(example.id, ())
        if context is None:
            results.append(_unclaimed(example, answer, static))
        elif at == chosen:
            results.append(_result(example, context, facts, static))
        else:
            results.append(_other(example, answer))
    winner = contexts[chosen]
    bound = _bound(winner) if winner is not None else ()
    captured = _captured(examples[chosen], facts)
    return Judgement(results=tuple(results), bound=bound, captured=captured)


class _Facts:
    """What the results tell of the observed response; worked out once, when asked for."""

    def __init__(self, answer: WireResponse) -> None:
        self.answer = answer
        self.content_type = next(
            (value for name, value in answer.headers if name.lower() == "content-type"), ""
        )

    @property
    def headers(self) -> tuple[str, ...]:
        return _shared(tuple(dict.fromkeys([name for name, _ in self.answer.headers])))

    def value(self) -> object:
        if "json" not in self.content_type.lower() and self.answer.body[:1] not in (b"{", b"["):
            return None
        text = decode(self.answer.body, self.content_type)
        return parse_observed(text).value if text else None

    def members(self) -> tuple[str, ...]:
        value = self.value()
        if not isinstance(value, (dict, list)):
            return ()
        return _shared(members(value))


@lru_cache(maxsize=1024)
def _shared(names: tuple[str, ...]) -> tuple[str, ...]:
    """One tuple for all equal ones: results are kept, and repeat few."""
    return names


def _compare(  # noqa: PLR0913, PLR0917 - the facts of one exchange
    example: Example,
    answer: WireResponse,
    facts: _Facts,
    bindings: Bindings,
    usage: Usage,
    origins: tuple[str, ...],
) -> Context | None:
    if example.response is None:
        return None
    context = Context(
        place=example.response_block or example.request_block,
        response=example.response,
        marks=example.marks,
        bindings=bindings,
        usage=usage,
        origins=origins,
        creates=example.request is not None and example.request.method == "POST",
    )
    headless = example.request is not None and example.request.method == "HEAD"
    if compare_status(context, answer.status, answer.reason):
        _compare_rest(context, answer, facts, headless=headless)
    else:
        _look_all_the_same(context, answer, facts, headless=headless)
    return context


def _compare_rest(context: Context, answer: WireResponse, facts: _Facts, *, headless: bool) -> None:
    compare_headers(context, answer.headers)
    if not headless:
        compare_body(context, answer.body, facts.content_type)


def _look_all_the_same(
    context: Context, answer: WireResponse, facts: _Facts, *, headless: bool
) -> None:
    """Notes what else is wrong with a response of the wrong status, without telling it.

    Of one whose status alone is wrong, the generated values are bound, so that one lie does
    not make every later example of the page look like another.
    """
    shadow = replace(context, mismatches=[], matched=[], found=[], moved={})
    _compare_rest(shadow, answer, facts, headless=headless)
    context.further.extend(shadow.mismatches)
    if (context.response.status or 0) // 100 == answer.status // 100:
        context.found.extend(shadow.found)


def _distance(context: Context | None) -> tuple[int, int]:
    if context is None:
        return (2, 0)
    wrong_status = any(m.kind is Kind.STATUS for m in context.mismatches)
    return (int(wrong_status), len(context.mismatches))


def _result(example: Example, context: Context, facts: _Facts, static: tuple[Lie, ...]) -> Result:
    found = tuple(lie.mismatch for lie in failing(static)) + tuple(context.mismatches)
    return Result(
        example=example.id,
        outcome=Outcome.FAILED if found else Outcome.PASSED,
        mismatches=tuple(sorted(found, key=_gravity)) if found else (),
        matched=tuple(context.matched),
        status=facts.answer.status,
        observed_headers=facts.headers,
        observed_members=facts.members() if example.operation else (),
        seconds=facts.answer.seconds,
        further=tuple(context.further),
    )


def _gravity(mismatch: Mismatch) -> int:
    return _GRAVITY[mismatch.grade]


def _unclaimed(example: Example, answer: WireResponse, static: tuple[Lie, ...]) -> Result:
    """A request without a documented response: sent, since later ones may need it."""
    found = tuple(lie.mismatch for lie in failing(static))
    return Result(
        example=example.id,
        outcome=Outcome.FAILED if found else Outcome.SKIPPED,
        mismatches=found,
        reason=f"no response is documented (sent; the service answered {answer.status})",
        status=answer.status,
        seconds=answer.seconds,
    )


def _other(example: Example, answer: WireResponse) -> Result:
    assert example.response is not None  # noqa: S101 - contexts without one are unclaimed
    return Result(
        example=example.id,
        outcome=Outcome.SKIPPED,
        reason="another response documented for the same request was observed "
        f"({answer.status}): give this one a request of its own",
    )


def _bound(context: Context) -> tuple[tuple[str, str], ...]:
    """Pairs to remember; of two references also what differs in them."""
    pairs: list[tuple[str, str]] = []
    for documented, observed in context.found:
        pairs.append((documented, observed))
        if "/" in documented and "/" in observed:
            pairs.extend(_parts(documented, observed))
    return tuple(pairs)


def _parts(documented: str, observed: str) -> list[tuple[str, str]]:
    """Of two URLs or paths the local part, and the segments and query values that differ."""
    if not origin_of(documented) and not documented.startswith("/"):
        return []
    ours, theirs = parse_reference(documented), parse_reference(observed)
    pairs = [(local_target(documented), local_target(observed))]
    pairs += _differing(ours.path.split("/"), theirs.path.split("/"))
    ours_query, theirs_query = (dict(parse_qsl(one.query or "")) for one in (ours, theirs))
    pairs += [(ours_query[key], theirs_query.get(key, "")) for key in ours_query]
    return [(a, b) for a, b in pairs if a not in ("", "/", b) and b]


def _differing(ours: list[str], theirs: list[str]) -> list[tuple[str, str]]:
    """Segments side by side, not encoded; nothing of paths with another number of them."""
    if len(ours) != len(theirs):
        return []
    return [(unquote(a), unquote(b)) for a, b in zip(ours, theirs, strict=True)]


def _captured(example: Example, facts: _Facts) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for mark in example.marks:
        if mark.verb is MarkVerb.CAPTURE:
            value = _subject(mark.subject, facts)
            if value is not None:
                found.append((mark.argument, value))
    return tuple(found)


def subject_of(answer: WireResponse, subject: str) -> str | None:
    """The text that an observed response has at a subject, None where there is nothing."""
    return _subject(subject, _Facts(answer))


def _subject(subject: str, facts: _Facts) -> str | None:
    if subject == "status":
        return str(facts.answer.status)
    if subject == "body":
        return decode(facts.answer.body, facts.content_type)
    if subject.startswith("header "):
        wanted = subject[7:].lower()
        return next((v for n, v in facts.answer.headers if n.lower() == wanted), None)
    value = resolve(facts.value(), subject)
    return value if value is None or isinstance(value, str) else json.dumps(value)
