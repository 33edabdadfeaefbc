"""The workers of a Dask cluster that runs already, as an executor.

Owns the way to the scheduler, what its workers must have, and the signs that none will come any
more. Must not know what work is done.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, cast

from honestdocs.verification.errors import ExecutorError

if TYPE_CHECKING:
    from distributed import Client

PATIENCE = 10.0
"""Seconds that a scheduler may take to answer, and a cluster may be without workers."""

_LOGGERS = ("distributed", "distributed.client", "tornado", "tornado.application")

_FAREWELL = 3.0
"""Seconds for letting go of a cluster."""


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int, Callable[[], str]]]:
    """An executor, how many tasks it does at once, and what tells why nothing more will come of
    it, in one sentence, or the empty text.

    Raises ExecutorError where there is no scheduler, no worker, or one without this release.
    """
    kind = _import(address)
    with _quiet():
        client = _connect(kind, address)
        try:
            width = _demand_workers(client, address)
            executor = client.get_executor(pure=False)
            yield cast("Executor", executor), width, _Watch(client=client)
        finally:
            with suppress(OSError, TimeoutError):
                client.close(timeout=_FAREWELL)


def _import(address: str) -> type[Client]:
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, and half a second to import
    except ImportError as error:
        raise ExecutorError(
            f"--executor {address}: Dask is not installed; install honestdocs[cluster]"
        ) from error
    return Client


def _connect(kind: type[Client], address: str) -> Client:
    try:
        return kind(address, timeout=PATIENCE, set_as_default=False, name="honestdocs")
    except (OSError, TimeoutError, ValueError) as error:
        raise ExecutorError(
            f"--executor {address}: no Dask scheduler answers there; start one with "
            "dask scheduler, or correct the address"
        ) from error


def _demand_workers(client: Client, address: str) -> int:
    """The number of threads of all workers, at least one."""
    found = client.run(version, "honestdocs", on_error="return")
    ours = version("honestdocs")
    for worker, theirs in sorted(found.items()):
        if theirs != ours:
            has = f"honestdocs {theirs}" if isinstance(theirs, str) else "no honestdocs"
            raise ExecutorError(
                f"--executor {address}: worker {worker} has {has}; install honestdocs {ours} there"
            )
    width = sum(client.nthreads().values())
    if not width:
        raise ExecutorError(
            f"--executor {address}: the cluster has no workers; start one with "
            f"dask worker {address}"
        )
    return int(width)


@dataclass(slots=True, kw_only=True)
class _Watch:
    """Looks at a cluster that tells nothing, and loses patience with one that is gone."""

    client: Client
    since: float | None = None

    def __call__(self) -> str:
        trouble = self._trouble()
        if not trouble:
            self.since = None
            return ""
        now = time.monotonic()
        if self.since is None:
            self.since = now
        return trouble if now - self.since > PATIENCE else ""

    def _trouble(self) -> str:
        if self.client.status != "running":
            return "the scheduler of the cluster cannot be reached any more"
        try:
            threads = self.client.nthreads()
        except (OSError, TimeoutError):
            return "the scheduler of the cluster cannot be reached any more"
        return "" if threads else "the cluster has lost all its workers"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps Dask from telling on standard error what is told as outcomes.

    It gives its loggers levels when it is imported.
    """
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
