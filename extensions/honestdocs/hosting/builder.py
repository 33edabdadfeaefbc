"""The resident builder: one process for a host, which everything that publishes goes through.

Owns the lock, the socket, and the order in which things happen. Must not judge anything.
"""

from __future__ import annotations

import os
import select
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from honestdocs.hosting.attempt import Attempt
from honestdocs.hosting.beside import Beside
from honestdocs.hosting.conversation import Conversation, conversing
from honestdocs.hosting.errors import HostError
from honestdocs.hosting.gate import Gate
from honestdocs.hosting.home import Home
from honestdocs.hosting.recipe import Build
from honestdocs.hosting.resident import Stopped, end_on_signal, listen, lock, stop_resident

_HEARING_SECONDS = 60.0
"""How long the other side may be silent while it is its turn."""
_PATIENCE = 2.0
"""Seconds between looks at the repository for a push whose end nobody tells."""


class Builder:
    """Listens at the host's socket until it is stopped, or idle for ``idle`` seconds."""

    def __init__(self, home: Home, build: Build, *, idle: float | None = None) -> None:
        self._home = home
        self._gate = Gate(home, build)
        self._beside = Beside(home, build, self._gate.edition, lambda line: self._say([line]))
        self._idle = idle

    def run(self) -> bool:
        """Serves; returns False at once where another builder does already."""
        held = lock(self._home.lock)
        if held is None:
            return False
        end_on_signal()
        with held, suppress(Stopped), listen(self._home.socket) as listener:
            self._say(self._gate.catch_up())
            self._beside.refresh()
            while self._wait(listener):
                connection, _ = listener.accept()
                connection.settimeout(_HEARING_SECONDS)
                self._converse(Conversation(connection))
        self._home.socket.unlink(missing_ok=True)
        return True

    def _wait(self, listener: socket.socket) -> bool:
        """Returns True once somebody comes, False when nobody came for too long."""
        while self._gate.waiting or self._beside.busy:
            running = self._beside.running
            files: list[socket.socket | Attempt] = [listener]
            files += [running] if running is not None else []
            patience = 0.0 if running is None and not self._gate.waiting else _PATIENCE
            if listener in select.select(files, [], [], patience)[0]:
                return True
            self._beside.go_on()
            if self._gate.waiting and running is None:
                self._gate.look_after()
                self._gate.settle()
        return bool(select.select([listener], [], [], self._idle)[0])

    def _converse(self, conversation: Conversation) -> None:
        try:
            asked = conversation.hear()
            _ANSWERS[str(asked["op"])](self, conversation, asked)
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            self._say([f"a conversation came to no end: {type(error).__name__}: {error}"])
        except HostError as error:
            self._say([f"docs: {error}"])
            with suppress(OSError):
                conversation.tell({"accept": False, "lines": [f"docs: refused: {error}"]})
        finally:
            conversation.close()
        self._gate.settle()

    def _check(self, conversation: Conversation, asked: dict[str, object]) -> None:
        self._gate.check(conversation, str(asked["transaction"]))

    def _publish(self, conversation: Conversation, asked: dict[str, object]) -> None:
        conversation.tell({"lines": self._gate.publish(str(asked["transaction"]))})
        conversation.close()
        if not self._gate.waiting:
            self._gate.settle()
            self._beside.refresh()

    def _stop(self, conversation: Conversation, _asked: dict[str, object]) -> None:
        conversation.tell({"lines": []})
        raise Stopped

    def _ping(self, conversation: Conversation, _asked: dict[str, object]) -> None:
        conversation.tell({"lines": [], "pid": os.getpid()})

    @staticmethod
    def _say(lines: list[str]) -> None:
        at = time.strftime("%Y-%m-%d %H:%M:%S")
        for line in lines:
            print(f"{at} {line}", file=sys.stderr, flush=True)  # noqa: T201 - its log is this


_ANSWERS: dict[str, Callable[[Builder, Conversation, dict[str, object]], None]] = {
    "check": Builder._check,  # noqa: SLF001 - a table of its own methods
    "publish": Builder._publish,  # noqa: SLF001 - the same
    "stop": Builder._stop,  # noqa: SLF001 - the same
    "ping": Builder._ping,  # noqa: SLF001 - the same
}


def is_running(home: Home) -> bool:
    """Whether a host's builder listens."""
    try:
        with conversing(home.socket) as conversation:
            conversation.tell({"op": "ping"})
            return "pid" in conversation.hear()
    except (HostError, EOFError, OSError):
        return False


def publish_once(home: Home, build: Build, node: str, *, again: bool) -> list[str]:
    """Builds and publishes a node here and now; returns the lines.

    A builder that runs is ended first, and comes back with the next push; without ``again``
    nothing is done where the node is published already.
    """
    stop(home)
    end = time.monotonic() + _HEARING_SECONDS
    while (held := lock(home.lock)) is None:
        if time.monotonic() > end:
            raise HostError(f"{home.lock}: another builder holds it and does not end")
        time.sleep(0.05)
    with held:
        gate = Gate(home, build)
        gate.edition().recover()
        if not again and gate.edition().node() == node:
            return [f"docs: {node[:12]} is published already"]
        lines = gate.rebuild(node)
        beside = Beside(home, build, gate.edition, lines.append)
        beside.refresh()
        while beside.busy:
            beside.go_on()
            if beside.running is not None:
                beside.running.wait()
        return lines


def stop(home: Home) -> bool:
    """Ends the builder of a host; whether there was one."""
    return stop_resident(home.socket)
