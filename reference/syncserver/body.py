"""Request bodies of limited size.

Owns the limit's enforcement.  Must not know which limit a service has.
"""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request
from starlette.exceptions import HTTPException


async def read_body(request: Request, limit: int) -> bytes:
    """Return the body, of at most `limit` bytes; raise the refusal 413 for a longer one.

    A body that says beforehand how long it is is refused unread, another one as soon as it has
    grown too long, so no request takes more memory than it may.
    """
    declared = request.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise _create_refusal(limit)
    chunks = bytearray()
    async for chunk in request.stream():
        chunks += chunk
        if len(chunks) > limit:
            raise _create_refusal(limit)
    return bytes(chunks)


def _create_refusal(limit: int) -> HTTPException:
    detail = f"The body must not have more than {limit} bytes."
    return HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
