"""What a service gives to the application: routes, a place to serve them, a health check.

Owns the words that services and the application share.  Must not know any service, nor how the
server listens.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import APIRouter


class UnavailableError(Exception):
    """Something that a service needs, such as its store, does not answer now (HTTP 503)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One API, ready to be mounted.

    `prefix` is where it is served on every host, `own_host` the host name on which it is served
    at the root as well (empty: none).  `check` raises `UnavailableError` when the service cannot
    do its work.
    """

    name: str
    prefix: str
    router: APIRouter
    check: Callable[[], Awaitable[None]]
    own_host: str = ""
