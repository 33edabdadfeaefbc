"""Where services are found: own host names, aliases of roots, slashes at the end of a path.

Owns rewriting the path of a request before it is routed.  Must not know what is served there.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from syncserver.service import Service


class Addressing:
    """Rewrites paths to the one under which the routes know them.

    A service with an own host is served at the root of it, by putting its prefix before the path.
    The server's own pages, whose names begin with two underscores, stay where they are.
    """

    def __init__(self, app: ASGIApp, services: Sequence[Service]) -> None:
        """Serve `services` by way of `app`."""
        self._app = app
        self._hosts = {
            item.own_host.lower().encode(): item.prefix
            for item in services
            if item.own_host and item.prefix
        }
        self._aliases = [
            (f"{alias}/", f"{root}/") for item in services for alias, root in item.aliases.items()
        ]
        self._stripped = tuple(
            f"{root}/"
            for item in services
            if item.strips_slashes
            for root in item.roots or (item.prefix,)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; the scope is changed in place, so that others see what was found."""
        if scope["type"] == "http" and not scope["path"].startswith("/__"):
            self._rewrite(scope)
        await self._app(scope, receive, send)

    def _rewrite(self, scope: Scope) -> None:
        if self._hosts:
            prefix = self._hosts.get(_read_host(scope), "")
            if prefix:
                _replace(scope, "", prefix)
        for alias, root in self._aliases:
            if scope["path"].startswith(alias):
                _replace(scope, alias, root)
                break
        path: str = scope["path"]
        if path.endswith("/") and path.startswith(self._stripped):
            scope["path"] = path.rstrip("/")
            scope["raw_path"] = scope["raw_path"].rstrip(b"/")


def _read_host(scope: Scope) -> bytes:
    for name, value in scope["headers"]:
        if name == b"host":
            host: bytes = value
            return host.partition(b":")[0].lower()
    return b""


def _replace(scope: Scope, old: str, new: str) -> None:
    """Put `new` in the place of `old`, with which the path begins."""
    raw: bytes = scope["raw_path"]
    scope["path"] = new + scope["path"][len(old) :]
    if raw.startswith(old.encode()):
        scope["raw_path"] = new.encode() + raw[len(old) :]
