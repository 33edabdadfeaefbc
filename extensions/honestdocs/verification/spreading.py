"""Spreading work over the workers of an executor.

Owns what is under way, and what is done when a worker dies: work is done again elsewhere, twice
at most, and what cannot be done is told. Must not know what the work is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from honestdocs.verification.errors import ExecutorError
from honestdocs.verification.executor import Choice, Workers
from honestdocs.verification.interruption import unwinding
from honestdocs.verification.reach import never

T = TypeVar("T")
R = TypeVar("R")
T_contra = TypeVar("T_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)

_GLANCE = 1.0
"""Seconds after which workers that tell nothing are looked at."""

_DIED = "the worker process that checked it ended unexpectedly, twice"
_CALLED_OFF = "the cluster has called it off: its scheduler ended or cannot be reached any more"


class Work(Protocol[T_contra, R_co]):
    """A function of a module that does one task, and gives up once ``stopped`` says so."""

    def __call__(self, task: T_contra, /, stopped: Callable[[], bool] = never) -> R_co:
        """What became of the task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Work that nobody could do; ``reason`` is a sentence."""

    reason: str


class Crew:
    """Workers that are called when there is work, and anew when they broke down.

    ``remote`` tells that they may be on other machines.
    """

    def __init__(self, choice: Choice) -> None:
        self._choice = choice
        self._stack = ExitStack()
        self._workers: Workers | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._workers = None
        self._stack.__exit__(kind, error, trace)

    @property
    def inline(self) -> bool:
        """Whether there are no workers: who asks does the work."""
        return self._choice.inline

    def workers(self) -> Workers:
        """The workers; raises ExecutorError where they cannot be had."""
        if self._workers is None:
            self._workers = self._stack.enter_context(self._choice.open())
        return self._workers

    def renew(self) -> None:
        """Lets workers go that broke down."""
        self._workers = None
        self._stack.close()

    def spread(
        self, work: Work[T, R], tasks: Sequence[T], most: int
    ) -> Generator[tuple[T, R | Lost]]:
        """Each task with what ``work`` made of it, as they are done, ``most`` at a time.

        ``work``, tasks and what is made of them must be picklable. No task is told twice, and
        none is left out.
        """
        with _Spread(self, work, most) as spread:
            yield from spread.run(tasks)


class _Spread(Generic[T, R]):
    """The tasks of one call: waiting, under way, and suspected to have killed a worker."""

    def __init__(self, crew: Crew, work: Work[T, R], most: int) -> None:
        self._crew = crew
        self._work = work
        self._most = most
        self._waiting: deque[T] = deque()
        self._suspects: deque[T] = deque()
        self._under_way: dict[Future[R], tuple[T, bool]] = {}
        self._ailing = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for future in self._under_way:
            future.cancel()

    def run(self, tasks: Sequence[T]) -> Generator[tuple[T, R | Lost]]:
        self._waiting.extend(tasks)
        while self._waiting or self._suspects or self._under_way:
            workers = self._crew.workers()
            self._hand_out(workers)
            done, _ = wait(self._under_way, timeout=_GLANCE, return_when=FIRST_COMPLETED)
            for future in done:
                yield from self._take(future)
            ailing = self._ailing or ("" if done else workers.ailing())
            if ailing:
                yield from self._give_up(ailing)

    def _hand_out(self, workers: Workers) -> None:
        """Hands out enough that no worker waits; what is suspected is handed out alone."""
        work: Callable[[T], R] = self._work
        if workers.stopped is not None:
            work = partial(self._work, stopped=workers.stopped)
        room = 2 * workers.width if workers.width <= self._most else self._most
        while self._waiting and len(self._under_way) < room:
            if not self._submit(workers, work, self._waiting, suspected=False):
                return
        if self._suspects and not self._under_way:
            self._submit(workers, work, self._suspects, suspected=True)

    def _submit(
        self, workers: Workers, work: Callable[[T], R], queue: deque[T], *, suspected: bool
    ) -> bool:
        try:
            # A signal in the middle of this would leave a process that nobody knows of.
            with unwinding() as gate, gate.held():
                future = workers.executor.submit(work, queue[0])
        except BrokenExecutor:
            if not self._under_way:
                self._crew.renew()
            return False
        except OSError as error:
            raise ExecutorError(f"no worker can be started: {error.strerror or error}") from error
        self._under_way[future] = (queue.popleft(), suspected)
        return True

    def _take(self, future: Future[R]) -> Generator[tuple[T, R | Lost]]:
        task, suspected = self._under_way.pop(future)
        try:
            found = future.result()
        except BrokenExecutor:
            if suspected:
                yield task, Lost(reason=_DIED)
            else:
                self._suspects.append(task)
            if not self._under_way:
                self._crew.renew()
        except CancelledError:
            self._ailing = _CALLED_OFF
            yield task, Lost(reason=_CALLED_OFF)
        except Exception as error:  # noqa: BLE001 - whatever a worker met must not end the check
            yield task, Lost(reason=f"its worker could not check it: {_told(error)}")
        else:
            yield task, found

    def _give_up(self, reason: str) -> Generator[tuple[T, R | Lost]]:
        left = [task for task, _ in self._under_way.values()]
        for future in self._under_way:
            future.cancel()
        self._under_way.clear()
        left += [*self._waiting, *self._suspects]
        self._waiting.clear()
        self._suspects.clear()
        for task in left:
            yield task, Lost(reason=reason)


def _told(error: Exception) -> str:
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
