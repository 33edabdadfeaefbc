"""The way to a host: proxies and certificate authorities.

Owns what the environment says about both, in libcurl's own terms. Must not know requests.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from honestdocs.verification.framing import RequestError

_PORTS = {"http": 80, "https": 443}
_PLAIN = re.compile(r"(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}")
"""Names that are sent as they are; what knows the others takes long to load."""


class Proxies(NamedTuple):
    """Proxies by scheme (empty: none), and the hosts that are reached without one."""

    http: str = ""
    https: str = ""
    bypass: tuple[str, ...] = ()

    def choose(self, scheme: str, name: str) -> str:
        """The proxy to ask for a host, empty for none; this machine is never behind one."""
        if is_loopback(name) or any(_covers(entry, name) for entry in self.bypass):
            return ""
        return self.https if scheme == "https" else self.http


def read_proxies(environment: Mapping[str, str]) -> Proxies:
    """What the environment says about proxies, by the names that libcurl reads."""
    anywhere = environment.get("all_proxy") or environment.get("ALL_PROXY") or ""
    secure = environment.get("https_proxy") or environment.get("HTTPS_PROXY") or anywhere
    bypass = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    return Proxies(
        http=environment.get("http_proxy") or anywhere,
        https=secure,
        bypass=tuple(bypass.lower().replace(",", " ").split()),
    )


def is_loopback(name: str) -> bool:
    """Whether a host name stands for this machine (RFC 6761, section 6.3; RFC 1122, 3.2.1.3)."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _covers(entry: str, name: str) -> bool:
    """Whether an entry of ``no_proxy`` (a domain, an address, a network or *) covers a host."""
    if entry == "*":
        return True
    try:
        return ip_address(name) in ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        domain = entry.strip(".")
        return name == domain or name.endswith("." + domain)


@dataclass(slots=True, kw_only=True, eq=False)  # nobody compares it
class Host:
    """A host as the engine knows it (``origin``) and as people are told (``place``).

    ``origin`` may hold credentials, ``place`` never does. ``prefix`` precedes every target that
    is sent to it (RFC 9112, section 3.2.2). ``waiting`` are the requests held back while
    ``in_flight`` is at its limit.
    """

    origin: str
    place: str
    secure: bool
    proxy: str = ""
    prefix: str = ""
    proxy_place: str = ""
    answered: bool = False
    in_flight: int = 0
    waiting: deque[Any] = field(default_factory=deque)


def read_host(origin: str, proxies: Proxies) -> Host:
    """The host of an origin; raises ``RequestError`` where its name or port cannot be read."""
    try:
        parts = urlsplit(origin)
        port = parts.port or _PORTS[parts.scheme]
        name = parts.hostname or ""
        if not _PLAIN.fullmatch(name):
            name = name.encode("idna").decode()
    except ValueError as error:
        raise RequestError("The URL has a host or a port that cannot be read.") from error
    if not name:
        raise RequestError("The URL names no host.")
    userinfo, at, _ = parts.netloc.rpartition("@")
    authority = f"[{name}]:{port}" if ":" in name else f"{name}:{port}"
    proxy = proxies.choose(parts.scheme, name)
    return Host(
        origin=f"{parts.scheme}://{userinfo}{at}{authority}",
        place=authority,
        secure=parts.scheme == "https",
        proxy=proxy,
        proxy_place=proxy.rpartition("@")[2].rpartition("//")[2].rstrip("/"),
        prefix=_prefix(parts.scheme, authority, proxy),
    )


def _prefix(scheme: str, authority: str, proxy: str) -> str:
    """What makes a target absolute, as a proxy for plain HTTP wants it; else nothing."""
    if scheme != "http" or not proxy or proxy.startswith("socks"):
        return ""
    return f"http://{authority.removesuffix(':80')}"


def find_authorities(ca_file: str | None) -> str | None:
    """The file of certificate authorities to trust: the given one, the system's, certifi's.

    The engine's own default is the path of the machine it was built on, which need not exist.
    """
    if ca_file is not None:
        return ca_file
    import ssl  # noqa: PLC0415 - takes long to load, and is needed for https only

    system = ssl.get_default_verify_paths().cafile
    if system and Path(system).is_file():
        return system
    import certifi  # noqa: PLC0415 - only where the system has none

    return certifi.where()
