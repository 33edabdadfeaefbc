"""Listening: one socket, one process, until a signal ends it.

Owns the socket, the HTTP engine and signals.  Must not know what is served.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

KEEP_ALIVE = 75
BACKLOG = 1024


class ListenError(Exception):
    """The address cannot be listened on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A bound socket and what is said of it."""

    sock: socket.socket
    url: str


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


def create_engine(app: ASGIApp, *, shutdown_timeout: int) -> uvicorn.Server:
    """Return the HTTP engine; it gives open requests `shutdown_timeout` seconds at the end."""
    config = uvicorn.Config(
        app,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=shutdown_timeout,
    )
    return uvicorn.Server(config)


def serve(engine: uvicorn.Server, listener: Listener, announce: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT, then finish open requests and return.

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
