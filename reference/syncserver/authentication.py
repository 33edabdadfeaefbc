"""Who sends a request: HTTP Basic credentials, compared with the user that the path names.

Owns reading the Authorization field (RFC 7617) and the two refusals that a service gives when the
credentials do not fit.  Must not know how passwords are kept, nor any service.
"""

from __future__ import annotations

import base64
import binascii
from http import HTTPStatus
from typing import NewType, Protocol

from fastapi import Request
from starlette.exceptions import HTTPException

UserId = NewType("UserId", int)
"""The number of an account; never given to another account, not even after a deletion."""

REALM = "Sync"


class Authenticator(Protocol):
    """Tells whose credentials these are."""

    async def authenticate(self, username: str, password: str) -> UserId | None:
        """Return the user with this name and password, None when there is none.

        Raises `UnavailableError` when that cannot be found out.  An unknown name takes as long
        as a wrong password.
        """


async def require_user(request: Request, authenticator: Authenticator, username: str) -> UserId:
    """Return the user of the path, `username`, when the request carries this user's credentials.

    Raises the refusal 401 otherwise; it asks for credentials (`WWW-Authenticate`) only when there
    were none.
    """
    field = request.headers.get("Authorization")
    if field is None:
        raise HTTPException(
            HTTPStatus.UNAUTHORIZED,
            "This takes the user's name and password.",
            {"WWW-Authenticate": f'Basic realm="{REALM}"'},
        )
    credentials = parse_basic(field)
    if credentials is not None and credentials[0] == username:
        user = await authenticator.authenticate(*credentials)
        if user is not None:
            return user
    raise HTTPException(HTTPStatus.UNAUTHORIZED, "The credentials do not fit the user in the path.")


def parse_basic(field: str) -> tuple[str, str] | None:
    """Return name and password of an Authorization field, None when it does not hold them.

    Both are UTF-8; the first colon divides them, so a password may hold colons.
    """
    scheme, _, token = field.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(token.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    name, colon, password = text.partition(":")
    return (name, password) if colon else None
