"""When to come back: what a server's answer says of the next try.

Owns ``Retry-After`` (RFC 9110, section 10.2.3) and the waits where nothing is said. Must not know
the queue, nor the clock: the time is an argument.
"""

from __future__ import annotations

from honestdocs.contract.wire import Headers

FIRST_WAIT = 1.0
LONGEST_WAIT = 30.0


def field(headers: Headers, name: str) -> str:
    """The value of a header field, or the empty text; ``name`` is in lower case."""
    length = len(name)
    for key, value in headers:
        if len(key) == length and key.lower() == name:
            return value
    return ""


def retry_after(headers: Headers, now: float) -> float | None:
    """The seconds that ``Retry-After`` asks to wait, None where it is not there or says nothing.

    ``now`` is in seconds since the epoch.
    """
    value = field(headers, "retry-after").strip()
    if not value:
        return None
    if value.isdigit():
        return float(value)
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - dates are rare

    try:
        return max(parsedate_to_datetime(value).timestamp() - now, 0.0)
    except ValueError:
        return None


def wait_after(tries: int) -> float:
    """The seconds to wait after so many tries that failed."""
    return float(min(FIRST_WAIT * 2**tries, LONGEST_WAIT))
