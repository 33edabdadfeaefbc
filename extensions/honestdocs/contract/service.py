"""What is known of a service: its state as the last heartbeat told it.

Owns ServiceState and the words of health. Must not know how a heartbeat is asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_USERINFO = re.compile(r"(?<=://)[^/?#]*@")


class Health(StrEnum):
    """The words of ``ServiceState.status``: Dockerflow's three, and two of ours."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceState:
    """One service as it was at ``checked_at`` (seconds since the epoch, 0 when never).

    ``url`` never holds credentials: they are taken out when the value is made. ``status`` is
    a word of ``Health``; ``healthy`` tells whether examples may be sent. ``message`` is a
    sentence for a person, empty when all is well; ``checks`` are the heartbeat's own checks,
    each with its status; ``version`` is what the service says of itself; ``latency`` is the
    time that the heartbeat took, in seconds.
    """

    name: str
    url: str = ""
    title: str = ""
    owner: str = ""
    healthy: bool = False
    status: str = Health.UNKNOWN
    message: str = ""
    checks: tuple[tuple[str, str], ...] = ()
    version: str = ""
    latency: float = 0.0
    checked_at: float = 0.0

    def __post_init__(self) -> None:
        """Take user name and password (RFC 3986, section 3.2.1) out of the URL."""
        object.__setattr__(self, "url", without_credentials(self.url))


def without_credentials(url: str) -> str:
    """The URL without its user information (RFC 3986, section 3.2.1)."""
    return _USERINFO.sub("", url)
