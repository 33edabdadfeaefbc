"""What a service gives to the application: routes, a place to serve them, a health check.

Owns the words that services and the application share.  Must not know any service, nor how the
server listens.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field

from fastapi import APIRouter


class UnavailableError(Exception):
    """Something that a service needs, such as its store, does not answer now (HTTP 503)."""


Lifespan = Callable[[], AbstractAsyncContextManager[None]]
"""Makes what is entered before the first request and left after the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One API, ready to be mounted.

    `prefix` is where it is served on every host, `own_host` the host name on which it is served
    at the root as well (empty: none).  `check` raises `UnavailableError` when the service cannot
    do its work.

    `roots` are the paths, prefix included, below which the service lives, where they are not just
    its prefix.  `aliases` are further roots, each with the one it stands for; `strips_slashes`
    says that a slash at the end of a path below a root makes no difference.  `lifespan` opens what
    the service needs, such as connections, and closes it at the end.
    """

    name: str
    prefix: str
    router: APIRouter
    check: Callable[[], Awaitable[None]]
    own_host: str = ""
    roots: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    strips_slashes: bool = False
    lifespan: Lifespan = nullcontext
