"""The front of Mercurial's web server, as an ASGI application: who asks, and what may be asked.

Owns authentication and the way to the private socket. Must not know repositories or pages.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote

from honestdocs.hosting.conversation import address
from honestdocs.hosting.door import Door
from honestdocs.hosting.exposure import WRITING, command_of, is_exposed
from honestdocs.hosting.published import MERCURIAL

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

_PASSED = (b"accept", b"content-type", b"content-length", b"user-agent", b"host")
_PASSED_FAMILIES = (b"x-hgarg", b"x-hgproto")
_DROPPED = (b"connection", b"transfer-encoding", b"server", b"keep-alive", b"date")
_BLOCK = 1 << 16
_LONGEST_HEAD = 1 << 17


class _Refusal(Exception):  # noqa: N818 - it is an answer, no fault
    def __init__(self, *, status: int, text: str, challenge: bool = False) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.challenge = challenge


class Front:
    """Passes on what may be asked, to whom the door lets in."""

    def __init__(self, socket: Path, door: Door) -> None:
        self._socket = socket
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI's call, at the prefix and below it."""
        if scope["type"] != "http":
            return
        try:
            await self._pass_on(scope, receive, send)
        except _Refusal as refusal:
            await _say(send, refusal)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope["path"]).removeprefix(MERCURIAL)
        query = bytes(scope["query_string"]).decode("latin-1")
        if not is_exposed(scope["method"], path, query):
            raise _Refusal(status=404, text="Mercurial is here for clone, pull and push only.")
        headers = [(name.lower(), value) for name, value in scope["headers"]]
        user = await self._user(headers, scope)
        if command_of(query) in WRITING:
            self._may_write(user, scope)
        try:
            with address(self._socket) as place:
                back, to = await asyncio.open_unix_connection(place, limit=_LONGEST_HEAD)
        except OSError:
            raise _Refusal(status=502, text="Mercurial is not there; try again soon.") from None
        try:
            await self._exchange(
                _request(scope, path, query, headers, user), receive, send, back, to
            )
        finally:
            to.close()
            with suppress(OSError):
                await to.wait_closed()

    async def _user(self, headers: Iterable[tuple[bytes, bytes]], scope: Scope) -> str:
        given = [value for name, value in headers if name == b"authorization"]
        if not given:
            return ""
        if not self._door.is_safe(str(scope.get("scheme"))):
            raise _Refusal(status=403, text="Passwords are taken over https only.")
        name, password = _basic(given[0])
        if not await self._door.opens(name, password):
            raise _Refusal(status=401, text="Wrong name or password.", challenge=True)
        return name

    def _may_write(self, user: str, scope: Scope) -> None:
        if not self._door.is_safe(str(scope.get("scheme"))):
            raise _Refusal(status=403, text="Pushes are taken over https only.")
        if not user:
            raise _Refusal(status=401, text="Say who pushes.", challenge=True)

    @staticmethod
    async def _exchange(
        head: bytes,
        receive: Receive,
        send: Send,
        back: asyncio.StreamReader,
        to: asyncio.StreamWriter,
    ) -> None:
        sending = asyncio.create_task(_forward(head, receive, to))
        try:
            status, fields = await _response(back)
            await send({"type": "http.response.start", "status": status, "headers": fields})
            while block := await back.read(_BLOCK):
                await send({"type": "http.response.body", "body": block, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError, OSError):
                await sending


def _basic(field: bytes) -> tuple[str, str]:
    """Name and password of an ``Authorization`` field (RFC 7617)."""
    scheme, _, rest = field.partition(b" ")
    with suppress(binascii.Error, UnicodeDecodeError):
        name, colon, password = (
            base64.b64decode(rest.strip(), validate=True).decode().partition(":")
        )
        if scheme.lower() == b"basic" and colon:
            return name, password
    raise _Refusal(status=401, text="Name and password are expected.", challenge=True)


def _request(
    scope: Scope, path: str, query: str, headers: Iterable[tuple[bytes, bytes]], user: str
) -> bytes:
    """The head of the request to Mercurial: HTTP/1.0, so that the end of the answer is its end."""
    passed = [
        (name, value)
        for name, value in headers
        if name in _PASSED or name.startswith(_PASSED_FAMILIES)
    ]
    if scope["method"] == "POST" and b"content-length" not in dict(passed):
        raise _Refusal(status=411, text="The length of the body is missing.")
    peer = scope.get("client") or ("", 0)
    passed += [
        (b"x-honestdocs-user", user.encode("ascii")),
        (b"x-honestdocs-scheme", str(scope.get("scheme", "http")).encode("ascii")),
        (b"x-honestdocs-address", str(peer[0]).encode("ascii")),
    ]
    target = quote(path or "/") + (f"?{query}" if query else "")
    lines = [f"{scope['method']} {target} HTTP/1.0".encode("latin-1")]
    lines += [name + b": " + value for name, value in passed]
    return b"\r\n".join(lines) + b"\r\n\r\n"


async def _forward(head: bytes, receive: Receive, to: asyncio.StreamWriter) -> None:
    to.write(head)
    async for block in _body(receive):
        to.write(block)
        await to.drain()
    await to.drain()


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return
        yield message.get("body", b"")
        if not message.get("more_body"):
            return


async def _response(back: asyncio.StreamReader) -> tuple[int, list[tuple[bytes, bytes]]]:
    try:
        head = await back.readuntil(b"\r\n\r\n")
        first, *lines = head[:-4].split(b"\r\n")
        status = int(first.split(b" ", 2)[1])
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, IndexError):
        raise _Refusal(status=502, text="Mercurial gave no answer; try again soon.") from None
    fields = [
        (name.strip().lower(), value.strip())
        for name, _, value in (line.partition(b":") for line in lines)
    ]
    kept = [(name, value) for name, value in fields if name not in _DROPPED]
    if status == 401:  # noqa: PLR2004 - RFC 9110
        kept.append((b"www-authenticate", b'Basic realm="documentation", charset="UTF-8"'))
    return status, kept


async def _say(send: Send, refusal: _Refusal) -> None:
    body = refusal.text.encode() + b"\n"
    fields = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    if refusal.challenge:
        fields.append((b"www-authenticate", b'Basic realm="documentation", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": refusal.status, "headers": fields})
    await send({"type": "http.response.body", "body": body})
