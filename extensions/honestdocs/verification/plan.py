"""What has to run: the pages of a service, and which of their examples have a new cause.

Owns the choice between running an example and keeping its last outcome. Must not know how
examples are run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from honestdocs.contract.cause import RULES, digest, page_causes, placed
from honestdocs.contract.configuration import Service
from honestdocs.contract.example import Example
from honestdocs.contract.exchange import Exchange, exchanges
from honestdocs.contract.outcome import Outcome, Result

ELSEWHERE = "the command goes to another host than the service's"
CHANGED = "changed since it was last checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a person asks for: ``all`` runs everything, ``changed`` only what the page's own
    text changed, ``max_age`` (seconds) what was proven longer ago; ``offline`` runs nothing.
    ``only`` names the services to ask, None for all: of others the last outcomes are kept.
    """

    all: bool = False
    changed: bool = False
    max_age: float = 0.0
    offline: bool = False
    only: frozenset[str] | None = None

    def asks(self, service: str) -> bool:
        """Whether a service is asked at all."""
        return not self.offline and (self.only is None or service in self.only)


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePlan:
    """One page: its examples with their causes, what is kept, and what is to be run.

    ``run`` holds the exchanges to send, from the first of the page to the last that is
    needed, so that everything an example depends on is there. ``skipped`` are the examples
    that are neither run nor have an outcome to keep.
    """

    page: str
    causes: Mapping[str, str]
    kept: tuple[Result, ...]
    skipped: tuple[Result, ...]
    run: tuple[Exchange, ...]


def plan_page(  # noqa: PLR0913 - the facts that decide
    page: str,
    examples: Sequence[Example],
    *,
    service: Service,
    setup: str,
    version: str,
    latest: Mapping[str, Result],
    options: Options,
    now: float,
    foreign: frozenset[str] = frozenset(),
) -> PagePlan:
    """Decides for each exchange of a page whether it runs; ``setup`` is the text of the setup
    requests that come before it, ``foreign`` are the examples that go elsewhere.
    """
    groups = exchanges(examples)
    setting = digest(RULES, service.identity(), setup, version)
    causes = {name: f"{text}:{setting}" for name, text in _texts(groups).items()}
    limit = options.max_age or service.freshness
    rule = _Rule(options=options, known=bool(version), since=now - limit if limit else 0.0)
    due = (
        at
        for at, group in enumerate(groups)
        if _asks(group, foreign) and rule.wants(causes[group.first.id], _last(group, latest))
    )
    end = max(due, default=-1) + 1
    rest = [_left(group, latest, foreign) for group in groups[end:]]
    return PagePlan(
        page=page,
        causes=causes,
        kept=tuple(result for kept, _ in rest for result in kept),
        skipped=tuple(result for _, skipped in rest for result in skipped),
        run=groups[:end],
    )


def _texts(groups: Iterable[Exchange]) -> dict[str, str]:
    """The textual part of each example's cause. The examples of one exchange share it, since
    a change of one can change which of them is observed.
    """
    found: dict[str, str] = {}
    causes = iter(page_causes([example for group in groups for example in group.examples]))
    for group in groups:
        *_, text = (next(causes) for _ in group.examples)
        found.update({example.id: text for example in group.examples})
    return found


def _asks(group: Exchange, foreign: frozenset[str]) -> bool:
    """Whether an exchange is run for its own sake, and not only for what comes after it."""
    claims = any(example.response is not None for example in group.examples)
    return claims and not group.skip and group.first.id not in foreign


def _last(group: Exchange, latest: Mapping[str, Result]) -> Result | None:
    """The last result of an exchange: of its examples only one at a time is observed."""
    found = (latest[example.id] for example in group.examples if example.id in latest)
    return max(found, key=lambda result: result.checked_at, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """When an exchange has to run. ``known`` tells whether the server says its version, and
    ``since`` is the time before which an outcome is too old.
    """

    options: Options
    known: bool
    since: float

    def wants(self, cause: str, last: Result | None) -> bool:
        """Whether the exchange has to run for its cause and what was last seen of it."""
        if self.options.all or last is None or last.outcome is Outcome.ERROR:
            return True
        if self.options.changed:
            return cause.partition(":")[0] != last.cause.partition(":")[0]
        return not self.known or last.cause != cause or last.checked_at < self.since


def _left(
    group: Exchange, latest: Mapping[str, Result], foreign: frozenset[str]
) -> tuple[list[Result], list[Result]]:
    """The results that an exchange keeps when it does not run, and those it has for want of
    one to keep.
    """
    last = _last(group, latest)
    kept: list[Result] = []
    skipped: list[Result] = []
    for example in group.examples:
        if last is not None and last.example == example.id:
            kept.append(placed(last, example.place))
        else:
            reason = group.skip or (ELSEWHERE if group.first.id in foreign else _unseen(example))
            skipped.append(Result(example=example.id, outcome=Outcome.SKIPPED, reason=reason))
    return kept, skipped


def _unseen(example: Example) -> str:
    if example.response is None:
        return "no response is documented"
    return "another response documented for the same request was observed"


def last_known(
    examples: Sequence[Example], latest: Mapping[str, Result], reason: str
) -> tuple[Result, ...]:
    """The last outcome of each example, for a build that asks nobody.

    An example whose text changed since has none: its outcome was another text's.
    """
    results: list[Result] = []
    texts = _texts(exchanges(examples))
    for example in examples:
        known = latest.get(example.id)
        if known is not None and known.cause.partition(":")[0] == texts[example.id]:
            results.append(placed(known, example.place))
        else:
            said = reason if known is None else CHANGED
            results.append(Result(example=example.id, outcome=Outcome.SKIPPED, reason=said))
    return tuple(results)
