"""The status of the storage node: whether it is served, and whether clients are to hold back.

Owns what a status means for a request, before any record is asked for.  Must not know records, nor
who set the status.
"""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syncserver.problem import create_problem
from syncserver.service import UnavailableError

SECONDS = 1800
"""So long clients stay away when nothing else is said."""

STATUS_PATTERN = r"^(working|((down|draining|unhealthy|backoff)(:[1-9][0-9]{0,5})?))$"
_REMEMBERED = 1.0
"""Seconds for which a status that was read is not read again."""


class NodeState(StrEnum):
    """What an operator can say of a node."""

    WORKING = "working"
    DOWN = "down"
    DRAINING = "draining"
    UNHEALTHY = "unhealthy"
    BACKOFF = "backoff"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeStatus:
    """A state, and the seconds that clients are asked to stay away."""

    state: NodeState = NodeState.WORKING
    seconds: int = SECONDS

    @property
    def serves(self) -> bool:
        """Whether requests are answered."""
        return self.state in (NodeState.WORKING, NodeState.BACKOFF)


def parse_status(text: str) -> NodeStatus:
    """Return the status that a text names, as in `down` or `backoff:600`.

    Raises ValueError for any other text.
    """
    if re.fullmatch(STATUS_PATTERN, text) is None:
        raise ValueError(f"{text!r} is no status of a node, as in down, draining or backoff:600")
    state, _, seconds = text.partition(":")
    return NodeStatus(state=NodeState(state), seconds=int(seconds or SECONDS))


ReadStatus = Callable[[], Awaitable[NodeStatus]]


class RecentStatus:
    """A status that is read at most once a second, and kept while it cannot be read."""

    def __init__(self, read: ReadStatus, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember what `read` tells; `clock` counts seconds."""
        self._read = read
        self._clock = clock
        self._known = NodeStatus()
        self._until = -1.0

    async def __call__(self) -> NodeStatus:
        """Return the status."""
        if self._clock() >= self._until:
            self._until = self._clock() + _REMEMBERED
            with suppress(UnavailableError):
                self._known = await self._read()
        return self._known


class NodeGuard:
    """Answers 503 in place of the storage while it is not served; asks clients to hold back."""

    def __init__(self, app: ASGIApp, roots: tuple[str, ...], status: ReadStatus) -> None:
        """Guard what `app` serves below the paths `roots`."""
        self._app = app
        self._below = tuple(root + "/" for root in roots)
        self._status = status

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or not scope["path"].startswith(self._below):
            await self._app(scope, receive, send)
            return
        status = await self._status()
        if status.state is NodeState.WORKING:
            await self._app(scope, receive, send)
        elif status.serves:
            await self._app(scope, receive, _advising(send, status.seconds))
        else:
            await _refuse(status)(scope, receive, send)


def _refuse(status: NodeStatus) -> ASGIApp:
    wait = str(status.seconds)
    return create_problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        f"The node is {status.state}; try again later.",
        {"Retry-After": wait, "X-Weave-Backoff": wait},
    )


def _advising(send: Send, seconds: int) -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["X-Weave-Backoff"] = str(seconds)
        await send(message)

    return answer
