"""Work in a process of its own: what comes back, and that nothing of it stays behind."""

from __future__ import annotations

import multiprocessing
import os
import time

from honestdocs.hosting.attempt import Attempt


def test_what_the_work_returns_comes_back() -> None:
    attempt = Attempt(lambda: {"pages": 3}, seconds=30)
    attempt.wait()
    assert attempt.result == {"pages": 3}
    assert not attempt.late


def test_work_that_leaves_a_process_behind_is_over_when_it_is() -> None:
    def work() -> dict[str, object]:
        manager = multiprocessing.get_context("fork").Manager()
        address = manager.address  # type: ignore[attr-defined] # of every manager
        return {"address": str(address), "pid": manager._process.pid}  # type: ignore[attr-defined] # noqa: SLF001 - nothing else tells it

    began = time.monotonic()
    attempt = Attempt(work, seconds=60)
    attempt.wait()
    assert attempt.result is not None
    assert not attempt.late
    assert time.monotonic() - began < 30
    assert not _runs(attempt.result["pid"])


def test_work_that_takes_too_long_is_ended() -> None:
    attempt = Attempt(lambda: time.sleep(60) or {}, seconds=0.5)
    attempt.wait()
    assert attempt.late
    assert attempt.result is None


def test_work_that_fails_gives_nothing() -> None:
    def work() -> dict[str, object]:
        raise ValueError("no")

    attempt = Attempt(work, seconds=30)
    attempt.wait()
    assert attempt.result is None
    assert not attempt.late


def _runs(pid: int) -> bool:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.05)
    return True
