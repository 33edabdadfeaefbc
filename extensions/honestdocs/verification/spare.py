"""Servers started before they are needed, each for one proof.

Owns how they are offered in a folder, claimed by a build, and given back or used up. While pages
are edited a build then finds a server as new as one of its own, and waits for none. Must not know
what is proven.

A file ``KEY.ready`` offers a server and holds its origin; who renames it has it. ``KEY.wanted``
holds the command of a server that somebody would have liked to find.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from honestdocs.verification.errors import VerificationError
from honestdocs.verification.server import ServerCommand, serving
from honestdocs.verification.transport import CurlTransport

VARIABLE = "HONESTDOCS_SPARES"
"""The environment variable that names the folder."""

_LOOK = 0.05


@dataclass(slots=True)
class Spare:
    """A claimed server; ``used`` tells that it is no longer as new."""

    origin: str
    path: Path
    used: bool = False


def claim(folder: Path, command: ServerCommand) -> Spare | None:
    """A server of a command, which nobody else has then; None where none is ready."""
    key = _key(command)
    ready, taken = folder / f"{key}.ready", folder / f"{key}.taken-{os.getpid()}"
    try:
        ready.replace(taken)
        return Spare(taken.read_text("ascii"), taken)
    except OSError:
        with suppress(OSError):
            _write(folder / f"{key}.wanted", pickle.dumps(command))
        return None


def release(spare: Spare) -> None:
    """Gives a server back, or says that it is used up."""
    key = spare.path.name.partition(".")[0]
    name = f"{key}.used-{os.getpid()}" if spare.used else f"{key}.ready"
    with suppress(OSError):
        spare.path.replace(spare.path.with_name(name))


def _key(command: ServerCommand) -> str:
    env = sorted((name, value) for name, value in command.env.items() if name != VARIABLE)
    whole = repr((command.command, command.cwd, env, command.ready_path))
    return hashlib.blake2b(whole.encode(), digest_size=12).hexdigest()


def _write(path: Path, content: bytes) -> None:
    beside = path.with_name(f"{path.name}-{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


@contextmanager
def spares(folder: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Keeps a server ready for every command that was wanted, for the length of a ``with``
    block; ``say`` is told of commands that cannot be run.
    """
    ending = threading.Event()
    keeper = _Keeper(folder, say)
    thread = threading.Thread(target=keeper.run, args=(ending,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


class _Keeper:
    """The one that starts and ends the servers, all on its own thread."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self._folder, self._say = folder, say
        self._running: dict[str, ExitStack] = {}
        self._failed: set[str] = set()

    def run(self, ending: threading.Event) -> None:
        """Looks again and again until it is told to end."""
        try:
            while not ending.wait(_LOOK):
                for path in self._folder.glob("*.used-*"):
                    self._end(path.name.partition(".")[0])
                    path.unlink()
                for path in self._folder.glob("*.wanted"):
                    key = path.name.partition(".")[0]
                    if key not in self._running and key not in self._failed:
                        self._start(key, path)
        finally:
            for key in tuple(self._running):
                self._end(key)

    def _start(self, key: str, path: Path) -> None:
        command = pickle.loads(path.read_bytes())  # noqa: S301 - written by claim above
        try:
            with ExitStack() as stack:
                transport = stack.enter_context(CurlTransport(environment={}))
                server = stack.enter_context(serving(command, transport, environment={}))
                _write(self._folder / f"{key}.ready", server.origin.encode("ascii"))
                self._running[key] = stack.pop_all()
        except VerificationError as error:
            self._failed.add(key)
            self._say(str(error))

    def _end(self, key: str) -> None:
        stack = self._running.pop(key, None)
        if stack is not None:
            stack.close()
