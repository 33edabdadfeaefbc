"""The application factory: services are data given to it.

Owns how services are put together into one ASGI application: prefixes, own hosts, error
answers, health pages, the OpenAPI document.  Must not know what any service does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from syncserver.heartbeat import Version, install_heartbeat
from syncserver.problem import install_problems
from syncserver.service import Service


def create_application(services: Sequence[Service], version: Version) -> FastAPI:
    """Return the ASGI application that serves `services`.

    The interactive pages of the framework are left out: they load scripts from third parties.
    """
    app = FastAPI(
        title="Sync services",
        version=version.version,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    install_problems(app)
    install_heartbeat(app, services, version)
    for service in services:
        app.include_router(service.router, prefix=service.prefix)
    prefixes = {item.own_host.lower(): item.prefix for item in services if item.own_host}
    app.add_middleware(OwnHost, prefixes=prefixes)
    return app


class OwnHost:
    """Serve a service at the root of its own host name, by putting its prefix before the path.

    The server's own pages, whose names begin with two underscores, stay where they are.
    """

    def __init__(self, app: ASGIApp, prefixes: Mapping[str, str]) -> None:
        self._app = app
        self._prefixes = prefixes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its path rewritten where its host is a service's own."""
        if scope["type"] == "http" and not scope["path"].startswith("/__"):
            scope = self._rewrite(scope)
        await self._app(scope, receive, send)

    def _rewrite(self, scope: Scope) -> Scope:
        name = Headers(scope=scope).get("host", "").partition(":")[0].lower()
        prefix = self._prefixes.get(name)
        if not prefix:
            return scope
        raw_path = prefix.encode() + scope["raw_path"]
        return {**scope, "path": prefix + scope["path"], "raw_path": raw_path}
