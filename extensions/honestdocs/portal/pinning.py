"""The addresses of declared hosts, held fast.

Owns which addresses may be reached under a name: a name that stood for a public address must not
come to stand for a private one, whatever its DNS says later. Must not know what is sent there.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from honestdocs.portal.attempt import RefusedError

Resolve = Callable[[str, int], Sequence[str]]
_KEEP = 60.0
"""Seconds for which an answer of the DNS is used."""


def system_resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host by the system's resolver. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


class Pinning:
    """Remembers what each origin has stood for; ``now`` is a clock in seconds."""

    def __init__(self, now: Callable[[], float], resolve: Resolve = system_resolve) -> None:
        self._now, self._resolve = now, resolve
        self._known: dict[str, tuple[float, tuple[str, ...]]] = {}
        self._public: dict[str, bool] = {}

    def pins(self, origin: str) -> tuple[str, ...]:
        """The addresses to reach an origin at, as libcurl's RESOLVE wants them; none where the
        origin is an address itself.

        Raises RefusedError where the name has no address, or a private one that it did not have.
        """
        parts = urlsplit(origin)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        addresses = self._addresses(origin, host, port)
        public = all(ip_address(address).is_global for address in addresses)
        if self._public.setdefault(origin, public) and not public:
            raise RefusedError("the service's name has come to stand for a private address", 502)
        if addresses == (host,):
            return ()
        shown = ",".join(f"[{one}]" if ":" in one else one for one in addresses)
        return (f"{host}:{port}:{shown}",)

    def _addresses(self, origin: str, host: str, port: int) -> tuple[str, ...]:
        known = self._known.get(origin)
        if known is not None and self._now() - known[0] < _KEEP:
            return known[1]
        try:
            found = tuple(self._resolve(host, port))
        except OSError:
            found = ()
        if not found:
            raise RefusedError("the service's name cannot be resolved", 502)
        self._known[origin] = (self._now(), found)
        return found
