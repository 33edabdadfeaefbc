"""The web server: a socket, and uvicorn on it.

Owns listening and the orderly end. Must not know what is served.
"""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from honestdocs.portal.errors import PortalError

_BACKLOG = 512
_GRACE = 2
"""Seconds that open requests have to end in when the server is asked to."""


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises PortalError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise PortalError(f"{host}: is no address to listen on: {error.strerror}") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        said = f"port {port} on {host} cannot be listened on: {error.strerror}"
        raise PortalError(f"{said}; give another with --port") from error
    return listener


def url_of(listener: socket.socket) -> str:
    """The URL of what a socket listens for, as a person would open it."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - it is replaced
    return f"http://{shown}:{port}/"


class Server(uvicorn.Server):
    """Uvicorn, with something to do when it ends: streams are asked to end first."""

    closing: Callable[[], None] = staticmethod(lambda: None)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends the streams, then what uvicorn ends."""
        self.closing()
        await super().shutdown(sockets)


def make_server(app: ASGIApp, closing: Callable[[], None] = lambda: None) -> Server:
    """A server of an application; ``closing`` is called when it is about to end."""
    server = Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE,
            h11_max_incomplete_event_size=32 * 1024,
        )
    )
    server.closing = closing
    return server


def serve(
    app: ASGIApp,
    listener: socket.socket,
    *,
    tell: Callable[[str], None],
    closing: Callable[[], None] = lambda: None,
) -> None:
    """Serves until SIGINT or SIGTERM; ``tell`` is given one line with the URL."""
    tell(f"Serving on {url_of(listener)} (Ctrl-C ends it)")
    make_server(app, closing).run(sockets=[listener])
