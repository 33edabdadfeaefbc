"""One conversation over the builder's socket: lines of JSON, and files between them.

Owns the framing. Must not know what is said. Its other side is in ``glue/gate.py``.
"""

from __future__ import annotations

import json
import os
import select
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from honestdocs.hosting.errors import HostError

_LONGEST_ADDRESS = 100
_LONGEST_LINE = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file that differs; ``content`` is None for one that is gone."""

    path: str
    flags: str
    content: bytes | None


class Conversation:
    """What is said over a connected socket. Raises EOFError where the other side goes away."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._stream = connection.makefile("rwb")

    def tell(self, value: Mapping[str, object]) -> None:
        """Says one thing."""
        self._stream.write(json.dumps(value).encode() + b"\n")
        self._stream.flush()

    def hear(self) -> dict[str, Any]:
        """What the other side says. Raises ValueError where it is no object of JSON."""
        line = self._stream.readline(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            raise EOFError("the other side went away")
        found = json.loads(line)
        if not isinstance(found, dict):
            raise ValueError(f"{line[:60]!r} is no object")  # noqa: TRY004 - it came from outside
        return found

    def files(self) -> Iterator[Sent]:
        """The files that the other side gives."""
        while head := self.hear():
            size = int(head["size"])
            content = self._stream.read(size) if size >= 0 else None
            if content is not None and len(content) != size:
                raise EOFError("the other side went away")
            yield Sent(path=str(head["path"]), flags=str(head["flags"]), content=content)

    def gone(self) -> bool:
        """Whether the other side has left; true too once it says something unasked."""
        return bool(select.select([self._connection], [], [], 0)[0])

    def fileno(self) -> int:
        """The socket's, to wait for its end."""
        return self._connection.fileno()

    def close(self) -> None:
        """Ends it."""
        with suppress(OSError):
            self._stream.close()
        self._connection.close()


@contextmanager
def address(path: Path) -> Iterator[str]:
    """The address of a socket in a folder; a way around where the path is too long for one."""
    if len(os.fsencode(path)) <= _LONGEST_ADDRESS:
        yield str(path)
        return
    opened = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{opened}/{path.name}"
    finally:
        os.close(opened)


@contextmanager
def conversing(path: Path) -> Iterator[Conversation]:
    """A conversation with whoever listens at a socket. Raises HostError where nobody does."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with address(path) as place:
            connection.connect(place)
    except OSError as error:
        connection.close()
        raise HostError(f"{path}: nobody listens there: {error.strerror or error}") from error
    conversation = Conversation(connection)
    try:
        yield conversation
    finally:
        conversation.close()
