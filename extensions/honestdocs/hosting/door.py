"""The door of a host: who comes in by name and password.

Owns how many passwords are checked side by side, what a wrong one costs, and whether one may be
said at all. Every way in shares one door. Must not know what is behind it.
"""

from __future__ import annotations

import asyncio

from honestdocs.hosting.accounts import Accounts

_CHECKS = 2
"""Passwords that are checked side by side: each takes tens of milliseconds and megabytes."""
_PENALTY = 1.0
"""Seconds that a wrong password waits for its answer."""


class Door:
    """Checks names and passwords. ``plain`` lets passwords come without TLS."""

    def __init__(self, accounts: Accounts, *, plain: bool = False) -> None:
        self.accounts = accounts
        self._plain = plain
        self._checks = asyncio.Semaphore(_CHECKS)

    def is_safe(self, scheme: str) -> bool:
        """Whether a password may be said over a scheme, as the server or its proxy tells it."""
        return self._plain or scheme == "https"

    async def opens(self, name: str, password: str) -> bool:
        """Whether the password is the user's; a wrong one takes a while."""
        async with self._checks:
            right = await asyncio.to_thread(self.accounts.check, name, password)
        if not right:
            await asyncio.sleep(_PENALTY)
        return right
