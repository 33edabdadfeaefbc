"""Which address a request comes from, also through proxies.

Pure.  Owns whom to believe about that.  Must not know what the address is used for.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import Scope

Networks = tuple[IPv4Network | IPv6Network, ...]

UNKNOWN = "unknown"


def parse_networks(texts: Sequence[str]) -> Networks:
    """Return the networks, each an address or one with a prefix length.

    Raises `ValueError` with a sentence for a text that is neither.
    """
    return tuple(ip_network(text.strip(), strict=False) for text in texts if text.strip())


def is_within(address: str, networks: Networks) -> bool:
    """Tell whether the address lies in one of the networks; what is no address lies in none."""
    parsed = _parse(address)
    return parsed is not None and any(parsed in network for network in networks)


@lru_cache(maxsize=4096)
def _parse(address: str) -> object:
    """Return the parsed address, an IPv4 one that was mapped to IPv6 as what it is."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed


def resolve_client(scope: Scope, trusted: Networks) -> str:
    """Return the address of the client.

    X-Forwarded-For counts only as far as trusted proxies wrote it: from the right, each address
    is the peer of the one that follows, and the first that is no trusted proxy is the client.
    Everything to the left of it is what that client claims.  An entry that is no address ends the
    walk at the proxy that wrote it.
    """
    peer = str(scope["client"][0]) if scope.get("client") else UNKNOWN
    if not trusted or not is_within(peer, trusted):
        return peer
    client = peer
    for entry in reversed(_read_forwarded(scope)):
        if _parse(entry) is None:
            break
        client = entry
        if not is_within(entry, trusted):
            break
    return client


def _read_forwarded(scope: Scope) -> list[str]:
    lines = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return [entry.strip() for entry in b",".join(lines).decode("latin-1").split(",")]
