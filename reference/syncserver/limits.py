"""Limits of every request body, whichever service it is for: its size and the time it takes.

Owns enforcing both.  Must not know services, which may set smaller sizes of their own.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syncserver.problem import create_problem


class BodyLimits:
    """Refuses bodies of more than `max_body` bytes (413) or `timeout` seconds (408)."""

    def __init__(self, app: ASGIApp, *, max_body: int, timeout: float) -> None:
        """Guard `app`."""
        self._app = app
        self._max_body = max_body
        self._timeout = timeout

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with a body that cannot exceed the limits."""
        length = _read_length(scope) if scope["type"] == "http" else 0
        if length == 0:
            await self._app(scope, receive, send)
        elif length is not None and length > self._max_body:
            await create_problem(*self._describe_size())(scope, receive, send)
        else:
            await self._app(scope, self._limit(receive), send)

    def _limit(self, receive: Receive) -> Receive:
        deadline = asyncio.get_running_loop().time() + self._timeout
        left = self._max_body
        more = True

        async def receive_limited() -> Message:
            nonlocal left, more
            if not more:
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise self._refuse_time() from None
            more = message.get("more_body", False)
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(*self._describe_size())
            return message

        return receive_limited

    def _describe_size(self) -> tuple[int, str]:
        detail = f"The body must not have more than {self._max_body} bytes."
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail

    def _refuse_time(self) -> HTTPException:
        detail = f"The body did not arrive within {self._timeout:g} seconds."
        # What may still come is no further request.
        return HTTPException(HTTPStatus.REQUEST_TIMEOUT, detail, {"Connection": "close"})


def _read_length(scope: Scope) -> int | None:
    """Return the length of the body, None when only its end will tell."""
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return None
        if name == b"content-length":
            return int(value)
    return 0
