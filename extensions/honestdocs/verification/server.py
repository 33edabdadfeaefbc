"""A service started by a command for as long as it is needed.

Owns choosing a port, waiting until the service answers, and saying why it does not.
Must not know which examples are run against it.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from honestdocs.contract.wire import Answer, WireRequest, WireResponse
from honestdocs.verification.errors import ServerError
from honestdocs.verification.interruption import Gate, unwinding
from honestdocs.verification.process import Process
from honestdocs.verification.transport import Transport

ADDRESS = "127.0.0.1"
_ATTEMPTS = 3
_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 0.25
_FAILING = 500
_SHORTEST_SECRET = 4
_PORT_TAKEN = re.compile(r"address (is )?already in use|EADDRINUSE|port .*in use", re.IGNORECASE)
_SECRET = re.compile(r"pass|secret|token|key|credential|auth", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCommand:
    """How a service is started; times are in seconds.

    ``{port}`` in the command and in the values of ``env`` becomes the port, which is also in the
    environment as ``PORT``. A command in one string is split as a shell would, but run without
    one. It must stay in the foreground. ``port`` is for servers that know only one; by default a
    free one is taken. The service is ready once a GET of ``ready_path`` is answered below 500;
    a GET that hangs is given up after the transport's own limits.
    """

    command: str | tuple[str, ...]
    cwd: str | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    port: int | None = None
    ready_path: str = "/"
    ready_timeout: float = 30.0
    stop_timeout: float = 5.0

    def arguments(self, port: int) -> tuple[str, ...]:
        """The words of the command; raises ``ServerError`` where there are none."""
        try:
            words = shlex.split(self.command) if isinstance(self.command, str) else self.command
        except ValueError as error:
            raise ServerError(f"The server command {self.shown} cannot be read: {error}.") from None
        if not words:
            raise ServerError("The server command is empty.")
        return tuple(word.replace("{port}", str(port)) for word in words)

    def environment(self, inherited: Mapping[str, str], port: int) -> dict[str, str]:
        """The environment of the server; ``PORT`` is always the port."""
        own = {name: value.replace("{port}", str(port)) for name, value in self.env.items()}
        return {**inherited, **own, "PORT": str(port)}

    @property
    def shown(self) -> str:
        """The command as its author wrote it, in quotes."""
        words = self.command if isinstance(self.command, str) else " ".join(self.command)
        return f"'{words}'"

    def conceal(self, line: str) -> str:
        """A line of output without the values that the environment keeps secret."""
        for name, value in self.env.items():
            if len(value) >= _SHORTEST_SECRET and _SECRET.search(name):
                line = line.replace(value, "***")
        return line


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningServer:
    """A server that has answered, for the length of the ``with`` block that started it."""

    origin: str
    command: ServerCommand
    process: Process

    @property
    def base_url(self) -> str:
        """The same as ``origin``: scheme, host and port, no slash at the end."""
        return self.origin

    @property
    def ready_url(self) -> str:
        """The URL whose answer shows that it is ready."""
        return f"{self.origin}/{self.command.ready_path.removeprefix('/')}"

    @property
    def pid(self) -> int:
        """The id of the server's process, which leads a group of its own."""
        return self.process.pid

    @property
    def exit_code(self) -> int | None:
        """Its exit status, negative for a signal, ``None`` while it runs."""
        return self.process.exit_code

    def last_lines(self) -> tuple[str, ...]:
        """The last 50 lines of its output, oldest first, secrets of ``env`` left out."""
        return tuple(map(self.command.conceal, self.process.last_lines()))


@contextmanager
def serving(
    command: ServerCommand, transport: Transport, *, environment: Mapping[str, str] | None = None
) -> Iterator[RunningServer]:
    """Run a server for the length of a ``with`` block, from its first answer on.

    ``environment`` is what the server inherits, by default that of this process. However the
    block is left, also by Ctrl-C or SIGTERM, nothing of the server's group is left running.
    Raises ``ServerError`` where the server does not start, dies or never becomes ready.
    """
    inherited = os.environ if environment is None else environment
    with unwinding() as gate:
        server = _start(command, transport, inherited, gate)
        try:
            yield server
        finally:
            with gate.held():
                server.process.stop(command.stop_timeout)


def _start(
    command: ServerCommand, transport: Transport, inherited: Mapping[str, str], gate: Gate
) -> RunningServer:
    """A ready server; another port is tried where the chosen one was taken meanwhile."""
    attempts = _ATTEMPTS if command.port is None else 1
    for attempt in range(1, attempts + 1):
        server: RunningServer | None = None
        try:
            with gate.held():
                server = _launch(command, inherited)
            _await(server, transport)
        except BaseException as error:
            if server is None:
                raise
            with gate.held():
                server.process.stop(command.stop_timeout)
            lost = isinstance(error, ServerError) and _lost_its_port(server)
            if not lost or attempt == attempts:
                raise
        else:
            return server
    raise AssertionError  # the last attempt returns or raises


def _launch(command: ServerCommand, inherited: Mapping[str, str]) -> RunningServer:
    port = _choose_port(command)
    arguments = command.arguments(port)
    if command.cwd is not None and not Path(command.cwd).is_dir():
        raise ServerError(f"The server's folder {command.cwd} does not exist.")
    try:
        process = Process(
            arguments, cwd=command.cwd, environment=command.environment(inherited, port)
        )
    except FileNotFoundError:
        raise ServerError(f"The server command {arguments[0]!r} was not found.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ServerError(f"The server command {arguments[0]!r} cannot run: {reason}.") from None
    return RunningServer(origin=f"http://{ADDRESS}:{port}", command=command, process=process)


def _choose_port(command: ServerCommand) -> int:
    """The command's own port where it is free, any free one where it has none."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, command.port or 0))
        except OSError:
            message = f"Port {command.port} is in use: {command.shown} cannot be started on it."
            raise ServerError(message) from None
        return int(probe.getsockname()[1])


def _await(server: RunningServer, transport: Transport) -> None:
    """Return when the server has answered; raise ``ServerError`` where it does not."""
    command = server.command
    request = WireRequest(method="GET", url=server.ready_url)
    end = time.monotonic() + command.ready_timeout
    pause = _FIRST_PAUSE
    while True:
        answer = _ask(transport, request)
        if server.exit_code is not None:
            raise _died(server)
        if isinstance(answer, WireResponse) and answer.status < _FAILING:
            return
        if time.monotonic() + pause > end:
            raise _never_ready(server, answer)
        if server.process.wait(pause) is not None:
            raise _died(server)
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def _ask(transport: Transport, request: WireRequest) -> Answer:
    answers: list[Answer] = []
    transport.send(request, answers.append)
    transport.run()
    return answers[0]


def _lost_its_port(server: RunningServer) -> bool:
    return any(map(_PORT_TAKEN.search, server.last_lines()))


def _died(server: RunningServer) -> ServerError:
    code = server.exit_code or 0
    how = f"ended with exit status {code}" if code >= 0 else f"was ended by {_name(-code)}"
    message = f"The server command {server.command.shown} {how} before it answered."
    return _with_lines(message, server)


def _never_ready(server: RunningServer, answer: Answer) -> ServerError:
    command = server.command
    seen = f"HTTP {answer.status}" if isinstance(answer, WireResponse) else answer.message
    message = (
        f"The server command {command.shown} was not ready within {command.ready_timeout:g} s: "
        f"GET {server.ready_url} gave {seen.rstrip('.')}."
    )
    return _with_lines(message, server)


def _with_lines(message: str, server: RunningServer) -> ServerError:
    lines = server.last_lines()
    told = ["Its last lines:", *(f"  {line}" for line in lines)] if lines else ["It wrote nothing."]
    return ServerError("\n".join([message, *told]), exit_code=server.exit_code, lines=lines)


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
