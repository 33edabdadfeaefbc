"""How long and how much an exchange may take.

Owns the bounds and their defaults. Must not know how they are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

MOST_HEADER = 300 * 1024
"""Bytes of header fields at which libcurl itself gives up."""

MOST_IN_FLIGHT = 256
"""Requests at once for which waiting with select(2) still makes sense."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # nobody compares it
class Limits:
    """Bounds of an exchange and of a transport.

    Times are in seconds, sizes in bytes after decoding. ``total_timeout`` runs from sending to
    the last byte and includes connecting. Raises ``ValueError`` where a bound makes no sense.
    """

    connect_timeout: float = 5.0
    total_timeout: float = 10.0
    max_body: int = 8 * 1024 * 1024
    max_header: int = 128 * 1024
    max_in_flight: int = 16
    max_per_host: int = 16

    def __post_init__(self) -> None:
        for each in fields(self):
            if getattr(self, each.name) <= 0:
                raise ValueError(f"{each.name} must be more than 0")
        if self.max_header > MOST_HEADER:
            raise ValueError(f"max_header can be at most {MOST_HEADER} bytes")
        if self.max_in_flight > MOST_IN_FLIGHT:
            raise ValueError(f"max_in_flight can be at most {MOST_IN_FLIGHT}")
