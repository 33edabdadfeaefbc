"""Cookies, as far as a check of links needs them.

Owns the names and values that each host has set: some pages redirect to themselves until a cookie
comes back (RFC 6265). They live as long as the check. Must not know what is asked.
"""

from __future__ import annotations

from honestdocs.contract.wire import Headers


class Jar:
    """The cookies of all hosts."""

    def __init__(self) -> None:
        self._hosts: dict[str, dict[str, str]] = {}

    def __bool__(self) -> bool:
        """Whether any host has set one."""
        return bool(self._hosts)

    def take(self, host: str, headers: Headers) -> None:
        """Keep what an answer sets."""
        for name, value in headers:
            if name.lower() == "set-cookie":
                key, equals, rest = value.partition(";")[0].partition("=")
                if equals and key.strip():
                    self._hosts.setdefault(host, {})[key.strip()] = rest.strip()

    def header(self, host: str) -> str:
        """The value of ``Cookie`` for a host, or the empty text."""
        if host not in self._hosts:
            return ""
        return "; ".join(f"{name}={value}" for name, value in self._hosts[host].items())
