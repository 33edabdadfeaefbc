"""Keeping what a check found, so that the next one knows it.

Owns what becomes of results on their way into a store: places become relative to their examples,
and what is gone from the documentation is forgotten. Must not know how results came about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from honestdocs.contract.cause import anchored
from honestdocs.contract.example import Example
from honestdocs.contract.exchange import by_page
from honestdocs.contract.outcome import Result
from honestdocs.verification.duration import pace_of
from honestdocs.verification.store import Run, Store


def keep(  # noqa: PLR0913 - a run and what it was made of
    store: Store,
    run: Run,
    results: Sequence[Result],
    examples: Sequence[Example],
    *,
    latest: Mapping[str, Result],
    others: Iterable[Example] | None = None,
) -> dict[str, bool]:
    """Keeps a run with its results; returns whether examples alternate with nothing changed,
    by their ids, of those that were run again with the cause of their ``latest`` result.

    ``others`` are the examples that the run left to other machines: they are not forgotten. A
    run of the whole tree (None) also says how long each page takes.
    """
    places = {example.id: example.place for example in examples}
    store.save(run, [anchored(result, places[result.example]) for result in results])
    store.prune(known=[*places, *(example.id for example in others or ())])
    if others is None:
        now = {**latest, **{result.example: result for result in results}}
        store.keep_paces({name: pace_of(found, now) for name, found in by_page(examples).items()})
    again = [result.example for result in results if _was_known(result, latest)]
    return {name: kept.flaky for name, kept in store.latest(again).items()} if again else {}


def take_over(store: Store, other: Store) -> int:
    """Keeps what another store knows of examples and services, where this one knows nothing or
    has seen it earlier; returns how many results that were.
    """
    mine, states = store.latest(), tuple(other.services().values())
    found: dict[str, list[Result]] = {}
    for name, result in other.latest().items():
        if name not in mine or result.checked_at > mine[name].checked_at:
            found.setdefault(result.changeset, []).append(result)
    for changeset, results in found.items():
        ends = [result.checked_at for result in results]
        run = Run(started=min(ends), finished=max(ends), docs_changeset=changeset, services=states)
        store.save(run, results)
    return sum(map(len, found.values()))


def _was_known(result: Result, latest: Mapping[str, Result]) -> bool:
    before = latest.get(result.example)
    return before is not None and before.cause == result.cause
