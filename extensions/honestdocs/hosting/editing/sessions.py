"""Who is signed in: sessions, each with a token that its forms carry.

Owns how long one lasts and what ends it. They are in memory: after a restart one signs in again.
Must not know passwords or HTTP.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from honestdocs.hosting.accounts import Accounts

IDLE_SECONDS = 4 * 3600.0
LONGEST_SECONDS = 12 * 3600.0
_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A user who is signed in; ``token`` is in every form that changes something."""

    user: str
    token: str
    stamp: str
    began: float
    seen: float


@dataclass(slots=True, kw_only=True)
class Sessions:
    """The sessions of a host, by a digest of their secret."""

    accounts: Accounts
    clock: Callable[[], float] = time.monotonic
    _open: dict[str, Session] = field(default_factory=dict)

    def begin(self, user: str) -> str:
        """Signs a user in; returns the secret that the browser keeps."""
        now = self.clock()
        self._open = {key: one for key, one in self._open.items() if _lasts(one, now)}
        while len(self._open) >= _MOST:
            del self._open[next(iter(self._open))]
        secret = secrets.token_urlsafe(32)
        self._open[_digest(secret)] = Session(
            user=user,
            token=secrets.token_urlsafe(32),
            stamp=self.accounts.stamp(user),
            began=now,
            seen=now,
        )
        return secret

    def find(self, secret: str) -> Session | None:
        """The session of a secret; None once it is over, or its user gone or another password."""
        key, now = _digest(secret), self.clock()
        found = self._open.get(key)
        if found is None:
            return None
        if not _lasts(found, now) or self.accounts.stamp(found.user) != found.stamp:
            del self._open[key]
            return None
        self._open[key] = replace(found, seen=now)
        return found

    def end(self, secret: str) -> None:
        """Signs out."""
        self._open.pop(_digest(secret), None)


def is_token(session: Session, given: str) -> bool:
    """Whether a form carries the token of a session."""
    return hmac.compare_digest(session.token.encode(), given.encode("utf-8", "replace"))


def _lasts(session: Session, now: float) -> bool:
    return now < min(session.seen + IDLE_SECONDS, session.began + LONGEST_SECONDS)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
