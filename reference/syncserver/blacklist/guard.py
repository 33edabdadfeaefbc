"""Shutting addresses out: before any service is asked, and after it has answered.

Owns what counts against an address.  Must not know services, nor how counts are kept.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syncserver.blacklist.store import BlacklistStore, Reason, Threshold
from syncserver.client import Networks, is_within, resolve_client
from syncserver.problem import create_problem
from syncserver.service import UnavailableError

OWN_PAGES = ("/__heartbeat__", "/__lbheartbeat__", "/__version__")
"""Pages that are there for everybody: whoever watches the server is no client."""

_IPV6_NETWORK = 64
_log = logging.getLogger("syncserver.blacklist")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Which addresses are shut out; with `observe` they are only logged."""

    flood: Threshold
    bad: Threshold
    never: Networks = ()
    observe: bool = False


class Guard:
    """Answers 403 to addresses that are shut out, and counts what the others do.

    Every request counts towards a flood, and one that is answered 400 counts as bad.  While the
    store does not answer, nobody is shut out: a lost list must not take the services with it.
    """

    def __init__(self, app: ASGIApp, store: BlacklistStore, policy: Policy) -> None:
        """Guard `app`."""
        self._app = app
        self._store = store
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, unless its address is shut out."""
        address = resolve_client(scope, ()) if scope["type"] == "http" else ""
        if not address or self._is_exempt(scope["path"], address):
            await self._app(scope, receive, send)
            return
        key = name_source(address)
        if await self._admit(key):
            await self._app(scope, receive, self._watch(key, send))
        else:
            detail = "Too much has come from your address. Try again later."
            await create_problem(HTTPStatus.FORBIDDEN, detail)(scope, receive, send)

    def _is_exempt(self, path: str, address: str) -> bool:
        return path in OWN_PAGES or is_within(address, self._policy.never)

    async def _admit(self, key: str) -> bool:
        try:
            if not self._policy.observe and await self._store.is_blocked(key):
                return False
        except UnavailableError:
            return True
        await self._count(key, Reason.FLOOD, self._policy.flood)
        return True

    def _watch(self, key: str, send: Send) -> Send:
        async def answer(message: Message) -> None:
            # Counted before the answer is sent: the next request must find it counted.
            if message.get("status") == HTTPStatus.BAD_REQUEST:
                await self._count(key, Reason.BAD, self._policy.bad)
            await send(message)

        return answer

    async def _count(self, key: str, reason: Reason, threshold: Threshold) -> None:
        if not threshold.count:
            return
        try:
            blocked = await self._store.count(key, reason, threshold)
        except UnavailableError:
            return
        if blocked:
            told = "would be" if self._policy.observe else "is"
            _log.warning("%s %s shut out for %d s: %s", key, told, threshold.block, reason)


@lru_cache(maxsize=4096)
def name_source(address: str) -> str:
    """Return what is counted and shut out: the address, of IPv6 the network of its connection."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, _IPV6_NETWORK), strict=False))
