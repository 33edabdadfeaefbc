"""Messages as they cross the wire: what is sent and what comes back.

Owns the values that a transport exchanges with the rest of the product (RFC 9110, section 6).
Must not know how they travel. They are tuples since thousands are made in a second.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, TypeAlias

Headers: TypeAlias = tuple[tuple[str, str], ...]


class Fault(StrEnum):
    """Why an exchange gave no response that could be judged."""

    REFUSED = "refused"
    UNRESOLVED = "unresolved"
    TIMEOUT = "timeout"
    TLS = "tls"
    MALFORMED = "malformed"
    TOO_LARGE = "too large"
    DISCONNECTED = "disconnected"
    OTHER = "other"


class WireRequest(NamedTuple):
    """A request ready to be sent: an absolute URL, and nothing that was not asked for."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes | None = None


class WireResponse(NamedTuple):
    """A final response as it was received; ``seconds`` is the time from send to last byte."""

    status: int
    reason: str = ""
    headers: Headers = ()
    body: bytes = b""
    seconds: float = 0.0


class WireFault(NamedTuple):
    """An exchange that failed below HTTP; ``message`` is one sentence for a person, ``status`` the
    status of the response if its head had come, else 0.
    """

    fault: Fault
    message: str
    seconds: float = 0.0
    status: int = 0


Answer: TypeAlias = WireResponse | WireFault
