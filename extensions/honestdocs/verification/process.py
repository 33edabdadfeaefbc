"""A command run in a process group of its own, its last lines kept, ended for certain.

Owns starting, listening to and stopping processes. Must not know HTTP or what a command serves.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress

LINES_KEPT = 50
LONGEST_LINE = 2000
"""Characters of a line that are kept."""

_STRAGGLERS = 1.0
"""Seconds that members of a group may outlive its leader after being asked to end."""


class Process:
    """A running command; ``stop`` ends it and everything that it started in its group.

    Raises ``OSError`` where the command cannot be started.
    """

    def __init__(
        self, arguments: tuple[str, ...], *, cwd: str | None, environment: Mapping[str, str]
    ) -> None:
        self._lines: deque[str] = deque(maxlen=LINES_KEPT)
        source, sink = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the command is the user's own
                arguments,
                cwd=cwd,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
            )
        except BaseException:
            os.close(source)
            raise
        finally:
            os.close(sink)
        self._listener = threading.Thread(target=self._listen, args=(source,), daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        """The id of the process and of its group."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """The exit status, negative for a signal, ``None`` while it runs."""
        return self._process.poll()

    def last_lines(self) -> tuple[str, ...]:
        """The last lines that it wrote to either output, oldest first."""
        if self._process.poll() is not None:
            self._listener.join(0.5)
        return tuple(self._lines)

    def wait(self, seconds: float) -> int | None:
        """The exit status as soon as there is one, ``None`` after some seconds."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds)
        return None

    def stop(self, timeout: float) -> None:
        """Ask the group to end, and kill what is left of it after ``timeout`` seconds."""
        end = time.monotonic() + timeout
        try:
            self._signal(signal.SIGTERM)
            self.wait(timeout)
            end = min(end, time.monotonic() + _STRAGGLERS)
            while self._signal(0) and time.monotonic() < end:
                time.sleep(0.01)
        finally:
            self._signal(signal.SIGKILL)
            self._process.wait()
            self._listener.join(0.5)

    def _signal(self, number: int) -> bool:
        """Send a signal to the group; whether there was anyone to receive it."""
        try:
            os.killpg(self._process.pid, number)
        except (ProcessLookupError, PermissionError):
            return False
        return True

    def _listen(self, source: int) -> None:
        rest = b""
        with open(source, "rb", buffering=0) as stream:
            while piece := stream.read(65536):
                *lines, rest = (rest + piece).split(b"\n")
                self._lines.extend(map(_readable, lines[-LINES_KEPT:]))
                rest = rest[-LONGEST_LINE:]
        if rest:
            self._lines.append(_readable(rest))


def _readable(line: bytes) -> str:
    return line.decode(errors="replace").rstrip("\r")[:LONGEST_LINE]
