"""What happens to every request first and last: its number, its client's address, its log line.

Owns request ids and what is told of a request.  Must not know routes, services nor the form of
the log.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syncserver.client import Networks, resolve_client

CLOSED_BY_CLIENT = 499
"""Logged as the status when a client went away before it was answered."""

_SANE_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_KIND = re.compile(r":\w+(?=})")


class LogRequest(Protocol):
    """Takes what is to be logged of one request."""

    def __call__(self, **fields: object) -> None:
        """Log the fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """What the entrance needs from outside; `clock` counts seconds from anywhere."""

    clock: Callable[[], float]
    create_id: Callable[[], str]
    trusted: Networks = ()
    log: LogRequest | None = None


class Entrance:
    """Gives each request an id, which the answer carries, and logs what became of it.

    An id that the request brings in X-Request-Id is kept if it is short and plain, so that the
    logs of several servers can be joined.  From here on the scope tells the address of the client
    itself, not of the last proxy.
    """

    def __init__(
        self, app: ASGIApp, reception: Reception, prefixes: Mapping[int, str] | None = None
    ) -> None:
        """Let requests in to `app`; `prefixes` are those of its routes, by their identity."""
        self._app = app
        self._reception = reception
        self._prefixes = prefixes or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        reception = self._reception
        started = reception.clock()
        request_id = _read_id(scope) or reception.create_id().encode()
        scope.setdefault("state", {})["request_id"] = request_id.decode()
        if reception.trusted:
            scope["client"] = (resolve_client(scope, reception.trusted), 0)
        status = CLOSED_BY_CLIENT

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id)]
            await send(message)

        try:
            await self._app(scope, receive, answer)
        finally:
            if reception.log is not None:
                reception.log(
                    method=scope["method"],
                    path=self._read_template(scope),
                    code=status,
                    t=round((reception.clock() - started) * 1000),
                    rid=request_id.decode(),
                    client=resolve_client(scope, ()),
                )

    def _read_template(self, scope: Scope) -> str:
        """Return the path of the route that the request found, `-` when it found none.

        The path itself is never told: it holds names of users and may hold secrets.
        """
        route: Any = scope.get("route")
        if route is None:
            return "-"
        return self._prefixes.get(id(route), "") + _KIND.sub("", route.path)


def _read_id(scope: Scope) -> bytes | None:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            found: bytes = value
            return found if _SANE_ID.fullmatch(found) else None
    return None
