"""Asking a studio for a build: it is started where there is none, and few wait for it at once.

Owns its start, its end and the queue before it. Must not know what is built.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from honestdocs.hosting.conversation import conversing
from honestdocs.hosting.editing.errors import EditError
from honestdocs.hosting.editing.studio import socket_of
from honestdocs.hosting.errors import HostError
from honestdocs.hosting.home import Home

_START_SECONDS = 30.0
_IDLE_SECONDS = 900
_GRACE = 5.0
_SPARE = 4
"""Threads beyond those that wait for a build: they say that there are too many."""
T = TypeVar("T")


class Orders:
    """What one studio is asked; at most ``most`` orders wait at a time.

    They wait in threads of their own, so that passwords are checked whoever waits for what.
    """

    def __init__(self, home: Home, kind: str, *, most: int) -> None:
        self._home = home
        self._kind = kind
        self._places = threading.BoundedSemaphore(most)
        self._threads = ThreadPoolExecutor(most + _SPARE, thread_name_prefix=kind)
        self._starting = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    async def aside(self, work: Callable[[], T]) -> T:
        """What a piece of work returns that asks the studio."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def ask(self, order: Mapping[str, object]) -> dict[str, Any]:
        """The studio's answer. Raises EditError where there is none, or too many wait."""
        if not self._places.acquire(blocking=False):
            raise EditError(
                503, "Too many pages are being built at the moment; try again soon.", wait=5
            )
        try:
            return self._asked(order)
        except (OSError, EOFError, ValueError, HostError) as error:
            raise EditError(503, f"The page cannot be built at the moment: {error}.") from error
        finally:
            self._places.release()

    def _asked(self, order: Mapping[str, object]) -> dict[str, Any]:
        self._start()
        with conversing(socket_of(self._home, self._kind)) as conversation:
            conversation.tell(order)
            answer = conversation.hear()
        if "error" in answer:
            status = 504 if answer.get("late") else 502
            raise EditError(status, f"The page could not be built: {answer['error']}.")
        return answer

    def _start(self) -> None:
        """Starts a studio where none listens, and waits until it does."""
        place = socket_of(self._home, self._kind)
        with self._starting:
            end = time.monotonic() + _START_SECONDS
            while not (self._lives() and place.exists()):
                if not self._lives():
                    place.unlink(missing_ok=True)
                    self._process = self._started()
                if time.monotonic() > end:
                    raise HostError(f"no studio comes to life: see {self._log}")
                time.sleep(0.02)

    def _lives(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def _log(self) -> str:
        return str(self._home.editing / f"{self._kind}.log")

    def _started(self) -> subprocess.Popen[bytes]:
        self._home.editing.mkdir(mode=0o750, exist_ok=True)
        command = (sys.executable, "-m", "honestdocs", "host", "builder", str(self._home.root))
        options = ("--for", self._kind, "--idle", str(_IDLE_SECONDS))
        with open(self._log, "ab") as log:  # noqa: PTH123 - it is a text already
            return subprocess.Popen(  # noqa: S603 - our own command
                (*command, *options),
                cwd=self._home.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def close(self) -> None:
        """Ends the studio."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
            return
        process.kill()
        process.wait()
