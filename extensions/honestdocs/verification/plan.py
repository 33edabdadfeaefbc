"""What has to run: the pages of a service, and which of their examples have a new cause.

Owns the choice between running an example and keeping its last outcome. Must not know how
examples are run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from honestdocs.contract.cause import RULES, digest, page_causes, placed
from honestdocs.contract.configuration import Service
from honestdocs.contract.example import Example
from honestdocs.contract.outcome import Outcome, Result
from honestdocs.contract.exchange import Exchange, exchanges


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a person asks for: ``all`` runs everything, ``changed`` only what the page's own
    text changed, ``max_age`` (seconds) what was proven longer ago; ``offline`` runs nothing.
    """

    all: bool = False
    changed: bool = False
    max_age: float = 0.0
    offline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePlan:
    """One page: its examples with their causes, what is kept, and what is to be run.

    ``run`` holds the exchanges to send, from the first of the page to the last that is
    needed, so that everything an example depends on is there.
    """

    page: str
    examples: tuple[Example, ...]
    causes: Mapping[str, str]
    kept: tuple[Result, ...]
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
) -> PagePlan:
    """Decides for each example of a page whether it runs; ``setup`` is the text of the setup
    requests that come before it."""
    texts = page_causes(examples)
    setting = digest(RULES, service.identity(), setup, version)
    causes = {e.id: f"{text}:{setting}" for e, text in zip(examples, texts, strict=True)}
    needed = {
        e.id
        for e in examples
        if _is_due(causes[e.id], latest.get(e.id), service, version, options, now)
    }
    groups = exchanges(examples)
    last = max((at for at, g in enumerate(groups) if _any(g, needed)), default=-1)
    run = groups[: last + 1]
    sent = {e.id for group in run for e in group.examples}
    kept = tuple(
        placed(latest[e.id], e.place) for e in examples if e.id not in sent and e.id in latest
    )
    return PagePlan(page=page, examples=tuple(examples), causes=causes, kept=kept, run=run)


def _any(group: Exchange, needed: set[str]) -> bool:
    return any(e.id in needed and not group.skip for e in group.examples)


def _is_due(  # noqa: PLR0913, PLR0917 - the facts that decide
    cause: str,
    known: Result | None,
    service: Service,
    version: str,
    options: Options,
    now: float,
) -> bool:
    if options.all or known is None or known.outcome is Outcome.ERROR:
        return True
    if options.changed:
        return cause.partition(":")[0] != known.cause.partition(":")[0]
    if not version or known.cause != cause:
        return True
    limit = options.max_age or service.freshness
    return bool(limit) and now - known.checked_at > limit


def last_known(
    examples: Sequence[Example], latest: Mapping[str, Result], reason: str
) -> tuple[Result, ...]:
    """The last outcome of each example, for a build that asks nobody.

    An example whose text changed since has none: its outcome was another text's.
    """
    results: list[Result] = []
    for example, text in zip(examples, page_causes(examples), strict=True):
        known = latest.get(example.id)
        if known is not None and known.cause.partition(":")[0] == text:
            results.append(placed(known, example.place))
        else:
            said = reason if known is None else "changed since it was last checked"
            results.append(Result(example=example.id, outcome=Outcome.SKIPPED, reason=said))
    return tuple(results)
