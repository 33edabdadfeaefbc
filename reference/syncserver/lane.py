"""A lane: one thread with one database connection, which does the work that is queued for it.

Owns that blocking work happens off the event loop, that works which wait together share one
transaction (group commit), and that each is acknowledged only after its commit.  Must not know
what a work does.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from syncserver.service import UnavailableError

T = TypeVar("T")
Work = Callable[[Connection], T]
"""What is to be done with a connection, in a transaction that the lane begins and ends.

It may be done again after it was undone, so it has no effects but those on the database; and it
raises nothing but faults: what it refuses it returns.
"""

TRIES = 5
"""How often a work is tried that the database undid for the sake of another one."""

_CONFLICTS = ("40001", "40P01")
_log = logging.getLogger("syncserver.database")


@dataclass(frozen=True, slots=True)
class Failure:
    """What became of a work that could not be done."""

    error: Exception


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    work: Work[Any]
    key: int
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]


class Lane:
    """A thread that takes up to `max_batch` works at a time, each batch one transaction.

    Within a batch the works are ordered by their keys, so that several lanes, also of several
    processes, lock the rows of several keys in the same order.
    """

    def __init__(
        self, engine: Engine, jobs: queue.SimpleQueue[_Job | None], *, max_batch: int
    ) -> None:
        """Take jobs from `jobs`, which several lanes may share."""
        self._engine = engine
        self._jobs = jobs
        self._max_batch = max_batch
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._live, name="database", daemon=True)
        self._thread.start()

    def join(self) -> None:
        """Return when the thread has ended, which it does at a None among the jobs."""
        self._thread.join()

    def _live(self) -> None:
        while (batch := self._take()) is not None:
            _deliver(batch, self._settle(batch))
        self._disconnect()

    def _take(self) -> list[_Job] | None:
        """Return what is waiting, at least one job; None when this is the end."""
        first = self._jobs.get()
        if first is None:
            return None
        batch = [first]
        while len(batch) < self._max_batch:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                self._jobs.put(None)
                break
            batch.append(job)
        if len(batch) > 1:
            batch.sort(key=lambda job: job.key)
        return batch

    def _settle(self, batch: Sequence[_Job]) -> list[Any]:
        """Return a result or a `Failure` for each job.

        When a batch fails its jobs are done one by one, so that a fault meets only its own.
        """
        try:
            return self._transact(batch)
        except _CommitError as error:
            return [Failure(_translate(error.cause))] * len(batch)
        except Exception as error:  # noqa: BLE001 - a fault belongs to whoever asked
            if len(batch) > 1:
                return [self._settle_alone(job) for job in batch]
            return [self._settle_alone(batch[0], error)]

    def _settle_alone(self, job: _Job, error: Exception | None = None) -> Any:  # noqa: ANN401 - whatever the work returns
        """Do one job, several times where the database undid it for the sake of another one."""
        for _ in range(TRIES):
            if error is not None and not _is_passing(error):
                break
            try:
                return self._transact([job])[0]
            except _CommitError as failure:
                error = failure.cause
                break
            except Exception as failure:  # noqa: BLE001 - as above
                error = failure
        return Failure(_translate(error))

    def _transact(self, batch: Sequence[_Job]) -> list[Any]:
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            connection = self._connection
            results = [job.work(connection) for job in batch]
        except BaseException:
            self._disconnect()
            raise
        try:
            connection.commit()
        except Exception as error:
            self._disconnect()
            raise _CommitError(error) from error
        return results

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except SQLAlchemyError:
                _log.debug("a broken connection could not be closed", exc_info=True)


class _CommitError(Exception):
    """The commit failed: whether the works were done is not known, so they are not done again."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


def _is_passing(error: Exception) -> bool:
    """Tell whether the next try may do better: a conflict, or a connection that had died."""
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _CONFLICTS


def _translate(error: Exception | None) -> Exception:
    if isinstance(error, OperationalError | InterfaceError | PoolTimeoutError):
        _log.error("the database does not answer: %s", type(error.__cause__ or error).__name__)
        return UnavailableError("The database does not answer now; try again later.")
    return error or UnavailableError("The database is busy; try again later.")


def _deliver(batch: Sequence[_Job], results: Sequence[Any]) -> None:
    """Hand the results over to the event loops that wait for them, with one wake-up for each."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
    for job, result in zip(batch, results, strict=True):
        loops.setdefault(job.loop, []).append((job.future, result))
    for loop, settled in loops.items():
        try:
            loop.call_soon_threadsafe(_resolve, settled)
        except RuntimeError:
            # The loop has ended and with it whoever waited; what was written stays written.
            _log.debug("nobody waits for a result any more")


def _resolve(settled: Sequence[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, result in settled:
        if future.done():
            continue
        if isinstance(result, Failure):
            future.set_exception(result.error)
        else:
            future.set_result(result)


class Crew:
    """Lanes that share one queue."""

    def __init__(self, engine: Engine, *, lanes: int, max_batch: int) -> None:
        """Start `lanes` lanes on connections of `engine`."""
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lanes = [Lane(engine, self._jobs, max_batch=max_batch) for _ in range(lanes)]

    async def run(self, work: Work[T], key: int = 0) -> T:
        """Return what `work` returns, after its transaction was committed.

        Raises `UnavailableError` when the database does not answer.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put(_Job(work=work, key=key, loop=loop, future=future))
        return await future

    def close(self) -> None:
        """Finish what is queued and end the threads."""
        for _ in self._lanes:
            self._jobs.put(None)
        for lane in self._lanes:
            lane.join()
