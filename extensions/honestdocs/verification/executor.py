"""Where work is done: in this process, in threads, in processes, or by a Dask cluster.

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

from honestdocs.verification.cluster import cluster
from honestdocs.verification.errors import ExecutorError

KNOWN = "inline, threads:N, processes:N, and tcp://SCHEDULER:8786 for a Dask cluster"

_POOL = re.compile(r"(threads|processes):([1-9]\d{0,3})")
_ADDRESS = re.compile(r"(?:tcp|tls)://(?:\[[0-9A-Fa-f:.]+\]|[^\s:/@\[\]]+):[1-9]\d{0,4}")


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
    """What a person asks for: ``kind`` is inline, threads, processes or cluster.

    ``count`` is the number of threads or processes, ``address`` that of a cluster's scheduler.
    """

    kind: str = "inline"
    count: int = 1
    address: str = ""

    @property
    def inline(self) -> bool:
        """Whether nobody else is to work."""
        return self.kind == "inline"

    def open(self) -> AbstractContextManager[Workers]:
        """The workers, called to work. Raises ExecutorError where they cannot be had."""
        if self.kind == "cluster":
            return _cluster(self.address)
        return _threads(self.count) if self.kind == "threads" else _processes(self.count)


def parse_executor(text: str) -> Choice:
    """The choice that a text spells; raises ExecutorError for one that it does not."""
    if text == "inline":
        return Choice()
    pool = _POOL.fullmatch(text)
    if pool:
        return Choice(kind=pool[1], count=int(pool[2]))
    if _ADDRESS.fullmatch(text):
        return Choice(kind="cluster", address=text)
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


@contextmanager
def _cluster(address: str) -> Iterator[Workers]:
    with cluster(address) as (executor, width, ailing):
        yield Workers(executor=executor, width=width, remote=True, ailing=ailing)


def _follow(watched: Connection) -> None:
    """Makes a worker process live as long as its pool; Ctrl-C is the pool's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(watched,), daemon=True).start()


def _end_with(watched: Connection) -> None:
    watched.poll(None)
    os._exit(0)
