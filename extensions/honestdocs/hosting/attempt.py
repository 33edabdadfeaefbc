"""A piece of work in a process of its own: it may take long, hang or die.

Owns the fork, the time limit and the way back of its result. Must not know what the work is.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

_GRACE = 2.0
"""Seconds to tidy up after being asked to end."""
_BLOCK = 1 << 16
_PDEATHSIG = 1


class Attempt:
    """Work that has begun; ``result`` is what it returned, None while it runs or where it died."""

    def __init__(self, work: Callable[[], dict[str, Any]], *, seconds: float) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        self._source, sink = os.pipe()
        self._end = time.monotonic() + seconds
        self._said = b""
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._source)
            _work(work, sink, parent)
        os.close(sink)
        self.result: dict[str, Any] | None = None
        self.late = False
        self.over = False

    def fileno(self) -> int:
        """Readable once there is something to ``feed`` on."""
        return self._source

    @property
    def left(self) -> float:
        """Seconds until it is too late."""
        return max(0.0, self._end - time.monotonic())

    def feed(self) -> None:
        """Takes in what it says; ``over`` once that was all, or once it took too long."""
        if self.over:
            return
        if not self.left:
            self.late = True
            self.stop()
        elif select.select([self._source], [], [], 0)[0]:
            block = os.read(self._source, _BLOCK)
            self._said += block
            if not block:
                self._finish()

    def wait(self, gone: Callable[[], bool] = lambda: False, watched: int | None = None) -> None:
        """Returns when it is over; stops it when ``gone`` says that nobody waits for it any more.

        ``watched`` is a file that becomes readable then.
        """
        while not self.over:
            files = [self._source] if watched is None else [self._source, watched]
            ready, _, _ = select.select(files, [], [], self.left)
            if watched in ready and gone():
                self.stop()
            else:
                self.feed()

    def stop(self) -> None:
        """Ends it and everything in its group."""
        for number, seconds in ((signal.SIGTERM, _GRACE), (signal.SIGKILL, _GRACE)):
            with suppress(ProcessLookupError):
                os.killpg(self.pid, number)
            select.select([self._source], [], [], seconds)
            if self._reaped(seconds):
                break
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._close()

    def _reaped(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with suppress(ChildProcessError):
                if os.waitpid(self.pid, os.WNOHANG)[0] == 0:
                    time.sleep(0.005)
                    continue
            return True
        return False

    def _finish(self) -> None:
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        with suppress(ValueError):
            self.result = json.loads(self._said)
        self._close()

    def _close(self) -> None:
        if not self.over:
            os.close(self._source)
            self.over = True


def _die_with(parent: int) -> None:
    """Makes the end of the parent this process's end too: nobody else would stop it.

    Linux only (``man 2 PR_SET_PDEATHSIG``); elsewhere the time limit of the next build holds.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _end_others() -> None:
    """Ends what the work has started and left running: it would hold the way back open."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)


def _work(work: Callable[[], dict[str, Any]], sink: int, parent: int) -> NoReturn:
    """The child: works, says what came of it, and ends without tidying up what is the parent's."""
    status = 1
    try:
        os.setsid()
        _die_with(parent)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        said = json.dumps(work()).encode()
        with os.fdopen(sink, "wb") as stream:
            stream.write(said)
        status = 0
    except BaseException:  # noqa: BLE001 - whatever it was, it is told in the log
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        _end_others()
        os._exit(status)
