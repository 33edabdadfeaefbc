"""Basic credentials as a header field carries them (RFC 7617).

Owns their encoding. Must not know where they come from or whether they are secret.
"""

from __future__ import annotations

import base64
import binascii


def basic(credentials: str) -> str:
    """The value of ``Authorization`` for ``user:password``; the colon may be left out."""
    user, _, password = credentials.partition(":")
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def basic_parts(value: str) -> tuple[str | None, str]:
    """User and password of a value of ``Authorization``; None for any other scheme."""
    scheme, _, token = value.partition(" ")
    if scheme.lower() != "basic":
        return None, ""
    try:
        user, _, password = base64.b64decode(token.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None, ""
    return user, password
