"""Where work is done: in this process, in threads, or in processes.

Owns the spelling of the choice, and the making of executors as ``concurrent.futures`` has them.
Must not know what work is done.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

from honestdocs.verification.errors import ExecutorError

KNOWN = "inline, threads:N and processes:N"

_POOL = re.compile(r"(threads|processes):([1-9]\d{0,3})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """An executor with what has to be known of it.

    ``width`` tells how much it does at once. ``remote`` tells that its workers may be on other
    machines. ``stopped`` is handed to work that shares this process. ``ailing`` gives the
    reason, in one sentence, why nothing more will come of it; empty while all is well.
    """

    executor: Executor
    width: int
    remote: bool = False
    stopped: Callable[[], bool] | None = None
    ailing: Callable[[], str] = lambda: ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person asks for: ``kind`` is inline, threads or processes."""

    kind: str = "inline"
    count: int = 1

    @property
    def inline(self) -> bool:
        """Whether nobody else is to work."""
        return self.kind == "inline"

    def open(self) -> AbstractContextManager[Workers]:
        """The workers, called to work."""
        return _threads(self.count) if self.kind == "threads" else _processes(self.count)


def parse_executor(text: str) -> Choice:
    """The choice that a text spells; raises ExecutorError for one that it does not."""
    if text == "inline":
        return Choice()
    pool = _POOL.fullmatch(text)
    if pool:
        return Choice(kind=pool[1], count=int(pool[2]))
    raise ExecutorError(f"{text!r} names no executor; known are {KNOWN}")


@contextmanager
def _threads(count: int) -> Iterator[Workers]:
    ended = threading.Event()
    executor = ThreadPoolExecutor(count, thread_name_prefix="honestdocs")
    try:
        yield Workers(executor=executor, width=count, stopped=ended.is_set)
    finally:
        ended.set()
        executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _processes(count: int) -> Iterator[Workers]:
    """Processes that are forked from a clean one: this process may have threads and files.

    They hold the reading end of a pipe, and end at once when its other end is closed, also by
    the death of this process.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "honestdocs.verification.batch"])
    watched, held = context.Pipe(duplex=False)
    executor = ProcessPoolExecutor(
        count, mp_context=context, initializer=_follow, initargs=(watched,)
    )
    try:
        yield Workers(executor=executor, width=count)
        executor.shutdown(wait=True, cancel_futures=True)
    finally:
        held.close()
        executor.shutdown(wait=True, cancel_futures=True)
        watched.close()


def _follow(watched: Connection) -> None:
    """Makes a worker process live as long as its pool; Ctrl-C is the pool's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(watched,), daemon=True).start()


def _end_with(watched: Connection) -> None:
    watched.poll(None)
    os._exit(0)
