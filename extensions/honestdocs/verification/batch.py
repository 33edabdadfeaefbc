"""Batches of pages: what is handed to a worker, and what comes back.

Owns the cutting of lanes into batches, and the running of one. A batch is plain data that can
be pickled; what it shows of itself holds no secret. Must not know where it is run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from honestdocs.contract.outcome import Mismatch, Result
from honestdocs.contract.secrecy import Secrets
from honestdocs.verification.reach import Reach, never
from honestdocs.verification.session import Job, Listener, run_lanes

LEAST = 0.05
"""Seconds that a batch is worth at least: less is not worth the way to a worker."""

Lane = tuple[Job, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Lanes to run side by side, so many at a time, and all that is needed for it.

    A page is never parted, nor the pages of a lane: their order is kept.
    """

    lanes: tuple[Lane, ...] = field(repr=False)
    reach: Reach = field(repr=False)
    concurrency: int
    secrets: Secrets = field(repr=False)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All pages of the batch."""
        return tuple(job for lane in self.lanes for job in lane)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What became of a batch: the results of each page, and what a person should know.

    Secrets are blotted out before anything leaves the worker.
    """

    pages: tuple[tuple[str, tuple[Result, ...]], ...] = ()
    notes: tuple[str, ...] = ()


def cut(lanes: Sequence[Lane], seconds: Mapping[str, float]) -> list[tuple[Lane, ...]]:
    """Lanes in groups worth ``LEAST`` each by the seconds that their pages take, the longest
    group first; what is left over joins the last.
    """
    groups: list[tuple[float, list[Lane]]] = []
    lot: list[Lane] = []
    worth = 0.0
    for lane in lanes:
        lot.append(lane)
        worth += sum(seconds.get(job.script.page, 0.0) for job in lane)
        if worth >= LEAST:
            groups.append((worth, lot))
            lot, worth = [], 0.0
    if lot and groups:
        last, lanes_of_last = groups.pop()
        groups.append((last + worth, lanes_of_last + lot))
    elif lot:
        groups.append((worth, lot))
    groups.sort(key=lambda group: -group[0])
    return [tuple(lanes) for _, lanes in groups]


def run_batch(batch: Batch, stopped: Callable[[], bool] = never) -> Ran:
    """Runs a batch in this process; raises ``Stopped`` when it is asked to end early."""
    pages: list[tuple[str, tuple[Result, ...]]] = []
    notes: list[str] = []
    listener = Listener(
        results=lambda page, results: pages.append((page, tuple(results))), note=notes.append
    )
    with batch.reach.connect(stopped) as transport:
        run_lanes(batch.lanes, transport, hiding(listener, batch.secrets), batch.concurrency)
    return Ran(pages=tuple(pages), notes=tuple(notes))


def hiding(listener: Listener, secrets: Secrets) -> Listener:
    """A listener that is told no secrets."""
    if not secrets:
        return listener
    return Listener(
        results=lambda page, results: listener.results(
            page, [redacted(result, secrets) for result in results]
        ),
        note=lambda said: listener.note(secrets.hide(said)),
    )


def redacted(result: Result, secrets: Secrets) -> Result:
    """A result with the secrets in it blotted out."""
    if not secrets:
        return result
    return replace(
        result,
        reason=secrets.hide(result.reason),
        mismatches=tuple(_hidden(one, secrets) for one in result.mismatches),
        further=tuple(_hidden(one, secrets) for one in result.further),
    )


def _hidden(mismatch: Mismatch, secrets: Secrets) -> Mismatch:
    exact = mismatch.exact
    return replace(
        mismatch,
        documented=secrets.hide(mismatch.documented),
        observed=secrets.hide(mismatch.observed),
        fix=secrets.hide(mismatch.fix),
        exact=None if exact is None else replace(exact, text=secrets.hide(exact.text)),
    )
