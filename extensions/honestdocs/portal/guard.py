"""What every answer of the portal carries, and which hosts it answers for.

Owns the security policy. Must not know what is answered.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
POLICY = "; ".join(f"{name} {sources}" for name, sources in _SOURCES.items())
"""No script stands in a page, and nothing is asked of anybody else. Styles may stand in pages:
Sphinx writes the widths of columns there. WebAssembly is how the search runs."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class Guard:
    """Wraps an application: adds ``HEADERS``, and refuses requests for hosts not its own.

    Without ``hosts`` any is answered. A portal on the loopback address has to refuse others, or a
    foreign page could have its own name point here.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = ()) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI's call."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if self.hosts and host_of(Headers(scope=scope).get("host", "")) not in self.hosts:
            refusal = PlainTextResponse("This portal has another name.\n", 421)
            await refusal(scope, receive, guarded)
            return
        await self.app(scope, receive, guarded)


def host_of(field: str) -> str:
    """The name in a ``Host`` field, without its port (RFC 9110, section 7.2)."""
    host, colon, port = field.rpartition(":")
    return (host if colon and port.isdigit() else field).lower()


def hosts_for(address: str, named: Iterable[str]) -> tuple[str, ...]:
    """The hosts to answer for when listening on an address: those named, or on a loopback
    address its own names, or any.
    """
    given = tuple(named)
    local = address in ("localhost", "::1") or address.startswith("127.")
    return (*LOOPBACK, *given) if local else given
