"""Times of the storage: decimal seconds since 1970 with exactly two places.

Pure.  Owns reading and writing them.  Inside the service a time is a whole number of hundredths of
a second, so that comparing and counting on are exact.
"""

from __future__ import annotations

import math

PER_SECOND = 100
_LAST = 2**62


def read_clock(seconds: float) -> int:
    """Return the hundredths that have passed at `seconds` since 1970."""
    return int(seconds * PER_SECOND)


def parse_time(text: str) -> int:
    """Return the time that the text tells, rounded to two places.

    Raises `ValueError` when it is no number.  What no clock will ever tell becomes the last time
    there is.
    """
    return round_time(parse_number(text))


def parse_number(text: str) -> float:
    """Return the number; raises `ValueError` for what is none, infinite ones included."""
    number = float(text)
    if not math.isfinite(number) or "_" in text:
        raise ValueError(text)
    return number


def round_time(seconds: float) -> int:
    """Return the nearest hundredth, within what a database can hold."""
    return int(max(-_LAST, min(_LAST, round(seconds * PER_SECOND, 0))))


def render_time(hundredths: int) -> str:
    """Return decimal seconds with two places."""
    return f"{hundredths // PER_SECOND}.{hundredths % PER_SECOND:02d}"
