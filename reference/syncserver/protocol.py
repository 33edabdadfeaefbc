"""HTTP on one connection, with limits on the head of a request.

Owns the limits that have to hold before there is a request: bytes and seconds of its head.  Must
not know what is served.  The engine's own parser has neither limit.
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_MALFORMED = (HTTPStatus.BAD_REQUEST, "This is not a request of HTTP/1.1.")
_TOO_LARGE = (HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The head of the request is too large.")
_TOO_SLOW = (HTTPStatus.REQUEST_TIMEOUT, "The head of the request took too long.")


class HeadError(Exception):
    """The head of a request exceeds a limit."""


class LimitedProtocol(HttpToolsProtocol):
    """The engine's protocol; a head beyond the limits ends the connection with a problem answer."""

    def __init__(self, *arguments: Any, max_head: int, head_timeout: float, **more: Any) -> None:  # noqa: ANN401 - the engine's own arguments
        """Allow heads of `max_head` bytes that take `head_timeout` seconds."""
        super().__init__(*arguments, **more)
        self._max_head = max_head
        self._head_timeout = head_timeout
        self._head_timer: asyncio.TimerHandle | None = None
        self._in_head = False
        self._size = 0
        self._refusal = _MALFORMED

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Await the first head."""
        super().connection_made(transport)  # type: ignore[arg-type] # always a stream
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Await nothing any more."""
        self._forget_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse; a head that has not ended yet counts with all that came of it."""
        super().data_received(data)
        if not self._in_head or self.transport.is_closing():
            return
        self._size += len(data)
        if self._size > self._max_head:
            self._refuse(*_TOO_LARGE)
        elif self._head_timer is None:
            self._await_head()

    def on_message_begin(self) -> None:
        """Begin to count anew."""
        super().on_message_begin()
        self._in_head = True
        self._size = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header field; those after the body are not asked for and not taken."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Let the request through if its head as a whole keeps the limit."""
        self._in_head = False
        self._forget_timer()
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > self._max_head:
            self._refusal = _TOO_LARGE
            raise HeadError
        try:
            super().on_headers_complete()
        except (httptools.HttpParserInvalidURLError, UnicodeDecodeError):
            self._refusal = _MALFORMED
            raise

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the engine's own sentence
        """Answer what the parser refuses in the form of all other refusals."""
        self._refuse(*self._refusal)

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(self._head_timeout, self._end_waiting)

    def _forget_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _end_waiting(self) -> None:
        """End the connection, silently if nothing ever came on it."""
        self._head_timer = None
        if self.transport.is_closing():
            return
        if self._in_head:
            self._refuse(*_TOO_SLOW)
        else:
            self.transport.close()

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        title = status.phrase
        body = json.dumps({"title": title, "status": int(status), "detail": detail}).encode()
        head = (
            f"HTTP/1.1 {int(status)} {title}\r\n"
            "Content-Type: application/problem+json\r\n"
            "Cache-Control: no-store\r\n"
            f"Content-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
