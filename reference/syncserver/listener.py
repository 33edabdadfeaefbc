"""Listening: one socket, one process, until a signal ends it.

Owns the socket, the HTTP engine, signals and the order of the end.  Must not know what is served.
"""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from syncserver.protocol import LimitedProtocol

KEEP_ALIVE = 75
BACKLOG = 1024


class ListenError(Exception):
    """The address cannot be listened on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A bound socket and what is said of it."""

    sock: socket.socket
    url: str


@dataclass(slots=True, kw_only=True)
class Draining:
    """Whether the server is about to end; `since` is when it was told so, in monotonic seconds."""

    since: float | None = None

    def __bool__(self) -> bool:
        """Tell whether the end has begun."""
        return self.since is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSettings:
    """How the engine treats connections; times in seconds, `max_head` in bytes.

    For `grace` seconds after SIGTERM everything is served as before, only the heartbeat tells that
    the server is about to end; then open requests get `shutdown_timeout` seconds.
    """

    grace: float = 0
    shutdown_timeout: int = 5
    max_head: int = 16384
    head_timeout: float = 30


def listen(host: str, port: int) -> Listener:
    """Bind `host` and `port` (0: a free one) and return the listener.  Raises `ListenError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        sock = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ListenError(f"cannot listen on {host} port {port}: {reason}") from None
    name = f"[{host}]" if ":" in host else host
    return Listener(sock=sock, url=f"http://{name}:{sock.getsockname()[1]}")


class Engine(uvicorn.Server):
    """The HTTP engine, which after SIGTERM first drains and then ends."""

    def __init__(self, config: uvicorn.Config, draining: Draining, grace: float) -> None:
        """Tell `draining` when the end begins, `grace` seconds before it comes."""
        super().__init__(config)
        self._draining = draining
        self._grace = grace

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain at the first SIGTERM; end at any other signal and at the second."""
        if sig != signal.SIGTERM or self._draining or self._grace <= 0:
            super().handle_exit(sig, frame)
        self._draining.since = time.monotonic()

    async def on_tick(self, counter: int) -> bool:
        """Tell whether it is time to end; the engine asks ten times a second."""
        since = self._draining.since
        if since is not None and time.monotonic() - since >= self._grace:
            self.should_exit = True
        return await super().on_tick(counter)


def create_engine(
    app: ASGIApp,
    settings: EngineSettings = EngineSettings(),
    draining: Draining | None = None,
) -> Engine:
    """Return the HTTP engine that serves `app`."""
    protocol: Any = partial(
        LimitedProtocol, max_head=settings.max_head, head_timeout=settings.head_timeout
    )
    config = uvicorn.Config(
        app,
        http=protocol,
        loop="uvloop",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=settings.shutdown_timeout,
    )
    return Engine(config, Draining() if draining is None else draining, settings.grace)


def serve(engine: Engine, listener: Listener, announce: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT, then drain, finish open requests and return.

    `announce` is told the URL as soon as requests and signals are heard.
    """

    def stop(_number: int, _frame: object) -> None:
        engine.should_exit = True

    # The engine listens to signals only while it runs, and raises them again once it is done, for
    # a parent that counts on it.  A signal before that must not be lost, one after it not kill.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    announce(listener.url)
    engine.run(sockets=[listener.sock])
