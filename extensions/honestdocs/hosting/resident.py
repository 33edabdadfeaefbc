"""A process that stays and listens at a socket of its own: one for each lock.

Owns the lock, the listening and the ways to end it. Must not know what it is asked.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
from pathlib import Path
from types import FrameType
from typing import IO

from honestdocs.hosting.conversation import address, conversing
from honestdocs.hosting.errors import HostError

_BACKLOG = 64


class Stopped(Exception):  # noqa: N818 - it is no error
    """Somebody asked the process to end."""


def end_on_signal() -> None:
    """Makes SIGTERM raise Stopped."""
    signal.signal(signal.SIGTERM, _stop)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def lock(path: Path) -> IO[str] | None:
    """The lock, held until it is closed; None where another process holds it."""
    file = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def listen(path: Path) -> socket.socket:
    """A socket that only the host's own user reaches."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with address(path) as place:
        listener.bind(place)
    path.chmod(0o600)
    listener.listen(_BACKLOG)
    return listener


def stop_resident(path: Path) -> bool:
    """Asks who listens at a socket to end; whether there was one."""
    try:
        with conversing(path) as conversation:
            conversation.tell({"op": "stop"})
            conversation.hear()
    except (HostError, EOFError, OSError):
        return False
    return True
