"""Who may push: names, with Argon2id hashes of their passwords.

Owns the file of users, and telling a right password from a wrong one. A password is never kept
or told. Must not know what a user may do.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from honestdocs.hosting import durable
from honestdocs.hosting.errors import HostError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")
SHORTEST = 8
"""Characters of a password (NIST SP 800-63B, section 3.1.1.2)."""
_REMEMBERED_SECONDS = 300.0
_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_hex(16))
"""Checked for a name that is not there, so that it takes as long as for one that is."""


class Accounts:
    """The users of a host, in a file that only the host may read."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._right: dict[bytes, float] = {}
        self._turn = threading.Lock()

    def names(self) -> tuple[str, ...]:
        """All users, in order."""
        return tuple(sorted(self._read()))

    def put(self, name: str, password: str) -> bool:
        """Adds a user or changes a password; whether the user is new. Raises HostError."""
        if not _NAME.fullmatch(name):
            raise HostError(f"{name!r} is no user's name: letters, digits and ._@+- are, up to 64")
        if len(password) < SHORTEST:
            raise HostError(f"the password of {name} is too short: give at least {SHORTEST} signs")
        with self._changing():
            users = self._read()
            new = name not in users
            durable.write_json(self._path, {**users, name: _HASHER.hash(password)}, mode=0o600)
        return new

    def remove(self, name: str) -> None:
        """Takes a user away. Raises HostError where there is none."""
        with self._changing():
            users = self._read()
            if name not in users:
                raise HostError(
                    f"there is no user {name!r}; there are {', '.join(users) or 'none'}"
                )
            del users[name]
            durable.write_json(self._path, users, mode=0o600)

    def check(self, name: str, password: str) -> bool:
        """Whether the password is the user's. It takes a while, for a right one only at first."""
        found = self._read().get(name)
        known = self._digest(name, password, found or "")
        with self._turn:
            if found and self._right.get(known, 0.0) > self._clock():
                return True
        try:
            _HASHER.verify(found or _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
        if not found:
            return False
        with self._turn:
            now = self._clock()
            self._right = {one: end for one, end in self._right.items() if end > now}
            self._right[known] = now + _REMEMBERED_SECONDS
        return True

    def _digest(self, name: str, password: str, hashed: str) -> bytes:
        """A right answer as it is remembered: bound to this process and to the hash."""
        said = f"{name}\x00{hashed}\x00{password}".encode("utf-8", "replace")
        return hmac.new(self._key, said, hashlib.sha256).digest()

    def _read(self) -> dict[str, str]:
        found = durable.read_json(self._path)
        return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One change at a time, whichever process makes it."""
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
