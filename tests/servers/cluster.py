"""A Dask cluster on this machine: a scheduler and workers, each a real process.

Owns their starting and ending. Must not know what work they are given.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SECONDS = 60
"""A process that takes longer to start hangs."""


@dataclass(slots=True, kw_only=True)
class Cluster:
    """A scheduler at ``address``, with its workers by their names."""

    folder: Path
    address: str = ""
    scheduler: subprocess.Popen[bytes] | None = None
    workers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def log(self, name: str) -> str:
        """What a process has said."""
        return (self.folder / f"{name}.log").read_text("utf-8")

    def start_scheduler(self) -> None:
        """Starts the scheduler on a free port and waits for its address."""
        file = self.folder / "scheduler.json"
        words = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
        self.scheduler = self._start("scheduler", *words, "--scheduler-file", str(file))
        _await(file.is_file)
        self.address = json.loads(file.read_text("utf-8"))["address"]

    def start_worker(self, name: str, **environ: str) -> None:
        """Starts a worker of one thread and waits until the scheduler knows it."""
        words = (self.address, "--host", "127.0.0.1", "--no-nanny", "--no-dashboard")
        more = ("--nthreads", "1", "--name", name, "--local-directory", str(self.folder / name))
        self.workers[name] = self._start("worker", *words, *more, log=name, environ=environ)
        _await(lambda: "Registered to" in self.log(name))

    def kill(self, name: str) -> None:
        """Kills a worker, or the ``scheduler``, with no chance to say so."""
        process = self.scheduler if name == "scheduler" else self.workers[name]
        assert process is not None
        process.kill()
        process.wait(SECONDS)

    def end(self) -> None:
        """Ends all processes."""
        processes = [*self.workers.values(), *([self.scheduler] if self.scheduler else [])]
        for process in processes:
            process.kill()
            process.wait(SECONDS)

    def _start(
        self, kind: str, *words: str, log: str = "", environ: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        with (self.folder / f"{log or kind}.log").open("wb") as file:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{kind}", *words],
                stdout=file,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=self.folder,
                env={**os.environ, **(environ or {})},
            )


@contextmanager
def serving_cluster(folder: Path, *workers: str) -> Iterator[Cluster]:
    """A cluster with workers of some names for the length of a ``with`` block."""
    folder.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(folder=folder)
    try:
        cluster.start_scheduler()
        for name in workers:
            cluster.start_worker(name)
        yield cluster
    finally:
        cluster.end()


def _await(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if ready():
            return
        time.sleep(0.05)
    raise AssertionError("the cluster did not start")
