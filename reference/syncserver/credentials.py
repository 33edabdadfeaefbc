"""Credentials that fit an account, remembered for a short time so that not each request hashes.

Owns the cache and the authenticator on top of it.  Must not know HTTP.
"""

from __future__ import annotations

import hmac
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from syncserver.accounts import Accounts
from syncserver.authentication import UserId
from syncserver.password import Hasher


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    digest: bytes
    user: UserId
    deadline: float


class CredentialCache:
    """The last right password of each user, as a keyed digest that is worthless elsewhere.

    The key is the process's own: what is in memory tells nothing of a password to anybody who
    does not have the key as well, and nothing of it outlives the process.
    """

    def __init__(
        self, *, key: bytes, clock: Callable[[], float], seconds: float, size: int
    ) -> None:
        """Remember at most `size` users for `seconds` of `clock` each."""
        self._key = key
        self._clock = clock
        self._seconds = seconds
        self._size = size
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self.epoch = 0
        """Counts what was forgotten: what was found out in an earlier epoch may be wrong now."""

    def __len__(self) -> int:
        """Return how many users are remembered."""
        return len(self._entries)

    def find(self, username: str, password: str) -> UserId | None:
        """Return the user if this password was right a short time ago."""
        entry = self._entries.get(username)
        if entry is None:
            return None
        if entry.deadline <= self._clock():
            del self._entries[username]
            return None
        fits = hmac.compare_digest(entry.digest, self._digest(username, password))
        return entry.user if fits else None

    def add(self, username: str, password: str, user: UserId, epoch: int) -> None:
        """Remember that the password is right, unless something was forgotten since `epoch`."""
        if epoch != self.epoch or self._seconds <= 0:
            return
        self._entries.pop(username, None)
        while len(self._entries) >= self._size:
            self._entries.popitem(last=False)
        self._entries[username] = _Entry(
            digest=self._digest(username, password),
            user=user,
            deadline=self._clock() + self._seconds,
        )

    def forget(self, username: str) -> None:
        """Have the next request of the user looked at anew."""
        self.epoch += 1
        self._entries.pop(username, None)

    def _digest(self, username: str, password: str) -> bytes:
        return hmac.digest(self._key, f"{username}:{password}".encode(), "sha256")


class PasswordAuthenticator:
    """Knows users by the hashes of their passwords."""

    def __init__(self, accounts: Accounts, hasher: Hasher, cache: CredentialCache) -> None:
        """Ask `cache` first, then `accounts`."""
        self._accounts = accounts
        self._hasher = hasher
        self._cache = cache

    async def authenticate(self, username: str, password: str) -> UserId | None:
        """Return the user with this name and password, None when there is none."""
        known = self._cache.find(username, password)
        if known is not None:
            return known
        epoch = self._cache.epoch
        account = await self._accounts.find(username)
        fits = await self._hasher.verify(account.password if account else None, password)
        if account is None or not fits:
            return None
        if self._hasher.is_outdated(account.password):
            renewed = await self._hasher.hash(password)
            await self._accounts.renew_password(account.user, account.password, renewed)
        self._cache.add(username, password, account.user, epoch)
        return account.user

    def forget(self, username: str) -> None:
        """Take note that the user's password was changed, or the account removed."""
        self._cache.forget(username)
