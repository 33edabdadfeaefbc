"""Work for workers of every kind: some of it fails, and some of it is deadly.

Owns functions that a worker process can import. Must not know who calls them.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path


def double(number: int, stopped: Callable[[], bool] = bool) -> int:
    """Twice the number."""
    del stopped
    return 2 * number


def fail(number: int, stopped: Callable[[], bool] = bool) -> int:
    """Twice the number, but for 3."""
    if number == 3:
        raise ValueError("three is\n too much")
    return double(number, stopped)


def die_once(task: tuple[str, int], stopped: Callable[[], bool] = bool) -> int:
    """Twice the number; for 3 the process is killed unless a file tells that it was already."""
    folder, number = task
    flag = Path(folder) / "killed"
    if number == 3 and not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return double(number, stopped)


def die(number: int, stopped: Callable[[], bool] = bool) -> int:
    """Twice the number; for 3 the process is killed."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return double(number, stopped)


def doze(seconds: float, stopped: Callable[[], bool] = bool) -> bool:
    """Sleeps until it is asked to end, or has slept enough; tells whether it was asked."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if stopped():
            return True
        time.sleep(0.005)
    return False
