"""The application factory: services are data given to it.

Owns how services are put together into one ASGI application: prefixes, own hosts, limits, request
logs, error answers, health pages, the OpenAPI document.  Must not know what any service does.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from syncserver.addressing import Addressing
from syncserver.entrance import Entrance, Reception
from syncserver.heartbeat import Version, install_heartbeat
from syncserver.limits import BodyLimits
from syncserver.problem import install_problems
from syncserver.service import Lifespan, Service

GuardMaker = Callable[[ASGIApp], ASGIApp]
"""Puts something before an application that may answer in its place."""


def _create_reception() -> Reception:
    return Reception(clock=time.monotonic, create_id=lambda: uuid.uuid4().hex)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """What all services have in common, whichever they are.

    `max_body` is in bytes, `body_timeout` and `retry_after` in seconds, the latter the advice that
    goes with 503 (0: none).  `is_draining` tells whether the server is about to end.  `lifespans`
    belong to what several services share and are entered before those of services.
    """

    reception: Reception = field(default_factory=_create_reception)
    max_body: int = 16777216
    body_timeout: float = 30
    retry_after: int = 0
    is_draining: Callable[[], bool] = bool
    guards: Sequence[GuardMaker] = ()
    lifespans: Sequence[Lifespan] = ()


def create_application(
    services: Sequence[Service],
    version: Version,
    standard: Standard | None = None,
) -> ASGIApp:
    """Return the ASGI application that serves `services`.

    The interactive pages of the framework are left out: they load scripts from third parties.
    """
    standard = standard or Standard()
    app = FastAPI(
        title="Sync services",
        version=version.version,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_create_lifespan([*standard.lifespans, *(item.lifespan for item in services)]),
    )
    app.openapi = partial(_describe, app)  # type: ignore[method-assign]
    install_problems(app, standard.retry_after)
    install_heartbeat(app, services, version, standard.is_draining)
    for service in services:
        app.include_router(service.router, prefix=service.prefix)
    inner: ASGIApp = Addressing(app, services)
    inner = BodyLimits(inner, max_body=standard.max_body, timeout=standard.body_timeout)
    for guard in standard.guards:
        inner = guard(inner)
    # What the framework tells of a route that was found is the route without its prefix.
    prefixes = {id(route): item.prefix for item in services for route in item.router.routes}
    return Entrance(inner, standard.reception, prefixes)


def _describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, made once; services name the scheme `basic` in it."""
    if app.openapi_schema is None:
        document = FastAPI.openapi(app)
        scheme = {"type": "http", "scheme": "basic"}
        document.setdefault("components", {})["securitySchemes"] = {"basic": scheme}
    return app.openapi_schema or {}


def _create_lifespan(
    lifespans: Sequence[Lifespan],
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def live(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for lifespan in lifespans:
                await stack.enter_async_context(lifespan())
            yield

    return live
