"""Who may push: names, with Argon2id hashes of their passwords and how changesets name them.

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
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from honestdocs.hosting import durable
from honestdocs.hosting.errors import HostError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")
_LONGEST_AUTHOR = 200
SHORTEST = 8
"""Characters of a password (NIST SP 800-63B, section 3.1.1.2)."""
_REMEMBERED_SECONDS = 300.0
_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_hex(16))
"""Checked for a name that is not there, so that it takes as long as for one that is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _User:
    hash: str
    author: str = ""


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

    def author(self, name: str) -> str:
        """Who the changesets are by that a user makes here: ``Name <address>``, else the name."""
        return self._read().get(name, _User(hash="")).author or name

    def stamp(self, name: str) -> str:
        """What changes with a user's password; empty for a user who is not there."""
        found = self._read().get(name)
        return self._digest(name, "", found.hash).hex() if found else ""

    def put(self, name: str, password: str, *, author: str = "") -> bool:
        """Adds a user or changes a password; whether the user is new. Raises HostError.

        Without an ``author`` the one that is known stays.
        """
        if not _NAME.fullmatch(name):
            raise HostError(f"{name!r} is no user's name: letters, digits and ._@+- are, up to 64")
        if len(password) < SHORTEST:
            raise HostError(f"the password of {name} is too short: give at least {SHORTEST} signs")
        _check_author(author)
        with self._changing():
            users = self._read()
            known = users.get(name)
            author = author or (known.author if known else "")
            self._write({**users, name: _User(hash=_HASHER.hash(password), author=author)})
        return known is None

    def name_author(self, name: str, author: str) -> None:
        """Says who a user's changesets are by. Raises HostError where there is no such user."""
        _check_author(author)
        with self._changing():
            users = self._known(name)
            self._write({**users, name: _User(hash=users[name].hash, author=author)})

    def remove(self, name: str) -> None:
        """Takes a user away. Raises HostError where there is none."""
        with self._changing():
            users = self._known(name)
            del users[name]
            self._write(users)

    def check(self, name: str, password: str) -> bool:
        """Whether the password is the user's. It takes a while, for a right one only at first."""
        user = self._read().get(name)
        found = user.hash if user else None
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

    def _known(self, name: str) -> dict[str, _User]:
        users = self._read()
        if name not in users:
            raise HostError(f"there is no user {name!r}; there are {', '.join(users) or 'none'}")
        return users

    def _read(self) -> dict[str, _User]:
        found = durable.read_json(self._path)
        if not isinstance(found, dict):
            return {}
        return {str(name): _user(value) for name, value in found.items()}

    def _write(self, users: dict[str, _User]) -> None:
        """A user without an author is a hash alone."""
        said = {
            name: {"hash": user.hash, "author": user.author} if user.author else user.hash
            for name, user in users.items()
        }
        durable.write_json(self._path, said, mode=0o600)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One change at a time, whichever process makes it."""
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _user(value: object) -> _User:
    if isinstance(value, dict):
        return _User(hash=str(value.get("hash", "")), author=str(value.get("author", "")))
    return _User(hash=str(value))


def _check_author(author: str) -> None:
    if len(author) > _LONGEST_AUTHOR or not author.isprintable() or author != author.strip():
        raise HostError(
            f"{author[:60]!r} is no author: give one line such as 'Alice Ann <alice@example.org>'"
        )
