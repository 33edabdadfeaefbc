"""The three pages of Dockerflow: is the server well, is it there, which version is it.

Owns health and version.  Must not know what a service checks: it calls the check it is given.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path

from dockerflow import checks
from dockerflow.fastapi import router as dockerflow_router
from fastapi import APIRouter, FastAPI

from syncserver.service import Service, UnavailableError

PATIENCE = 5
"""Seconds that the check of a service may take."""

# Dockerflow's own version page reads a file at every request and its error page lets anybody
# raise a fault, so of its router the two heartbeats are served and the version is ours.
_HEARTBEATS = ("/__heartbeat__", "/__lbheartbeat__")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What `/__version__` tells, with the members of Dockerflow's version.json."""

    source: str
    version: str
    commit: str
    build: str


def install_heartbeat(
    app: FastAPI,
    services: Sequence[Service],
    version: Version,
    is_draining: Callable[[], bool] = bool,
) -> None:
    """Serve the Dockerflow pages on `app`.

    The heartbeat is 503 while a service's check fails, and once the server is about to end.
    """
    # Dockerflow keeps its checks for the whole process: the newest application's count.
    checks.clear_checks()
    for service in services:
        checks.register(_create_check(service), name=service.name)
    checks.register(_create_end_check(is_draining), name="server")
    app.state.DOCKERFLOW_HEARTBEAT_FAILED_STATUS_CODE = int(HTTPStatus.SERVICE_UNAVAILABLE)
    heartbeats = [route for route in dockerflow_router.routes if route.path in _HEARTBEATS]
    app.include_router(APIRouter(routes=heartbeats), include_in_schema=False)
    app.add_api_route("/__version__", lambda: asdict(version), include_in_schema=False)


def _create_check(service: Service) -> Callable[[], Awaitable[list[checks.CheckMessage]]]:
    async def check() -> list[checks.CheckMessage]:
        try:
            async with asyncio.timeout(PATIENCE):
                await service.check()
        except TimeoutError:
            detail = f"No answer within {PATIENCE} seconds."
            return [checks.Error(detail, id=f"{service.name}.slow")]
        except UnavailableError as error:
            return [checks.Error(str(error), id=f"{service.name}.unavailable")]
        return []

    return check


def _create_end_check(
    is_draining: Callable[[], bool],
) -> Callable[[], Awaitable[list[checks.CheckMessage]]]:
    async def check() -> list[checks.CheckMessage]:
        return [checks.Error("The server is about to end.", id="server.end")] * is_draining()

    return check


def read_build(root: Path) -> str:
    """Return a digest of the files under `root`: an edited server is another build.

    Only source counts; what Python compiles or editors leave behind does not.
    """
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:20]
