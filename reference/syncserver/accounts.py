"""Accounts as the database keeps them.

Owns reading and changing them, each change one atomic act.  Must not know how passwords are hashed,
which are allowed, nor HTTP.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Executable, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from syncserver.authentication import UserId
from syncserver.database import Database
from syncserver.schema import USERS

_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account; `password` is its hash, `reset_expires` in seconds since 1970."""

    user: UserId
    name: str
    email: str | None
    password: str
    reset_code: str | None
    reset_expires: int | None

    def accepts(self, code: str, now: float) -> bool:
        """Tell whether `code` may set a new password now."""
        known = (self.reset_code or "").encode()
        fits = hmac.compare_digest(known, code.encode())
        return fits and self.is_resetting(now)

    def is_resetting(self, now: float) -> bool:
        """Tell whether there is a code that is valid now."""
        return self.reset_code is not None and (self.reset_expires or 0) > now


class Accounts:
    """All accounts; every method raises `UnavailableError` when the database does not answer."""

    def __init__(self, database: Database) -> None:
        """Keep accounts in `database`."""
        self._database = database

    async def check(self) -> None:
        """Return when the database works."""
        await self._database.check()

    async def find(self, name: str) -> Account | None:
        """Return the account of this name."""
        return await self._database.read(lambda connection: _find(connection, name))

    async def add(self, name: str, email: str, password: str) -> bool:
        """Make an account; False, and nothing changed, when the name is taken."""
        insert = _INSERTS[self._database.dialect]

        def work(connection: Connection) -> bool:
            statement = insert(USERS).on_conflict_do_nothing().returning(USERS.c.id)
            row = {"name": name, "email": email, "password": password}
            return connection.execute(statement, row).first() is not None

        return await self._database.write(work)

    async def remove(self, user: UserId) -> bool:
        """Remove the account and what hangs on it; False when it is gone already."""
        statement = delete(USERS).where(USERS.c.id == user)
        return await self._database.write(
            lambda connection: connection.execute(statement).rowcount == 1, user
        )

    async def set_password(self, user: UserId, password: str, code: str | None = None) -> bool:
        """Replace the hash of the password and void the code.

        With `code` only if that is still the account's: of two that use it at once, one fails.
        Returns whether it was done.
        """
        statement = update(USERS).where(USERS.c.id == user)
        if code is not None:
            statement = statement.where(USERS.c.reset_code == code)
        statement = statement.values(password=password, reset_code=None, reset_expires=None)
        return await self._database.write(
            lambda connection: connection.execute(statement).rowcount == 1, user
        )

    async def renew_password(self, user: UserId, old: str, new: str) -> None:
        """Put one hash of the same password in the place of another, unless it was changed."""
        statement = update(USERS).where(USERS.c.id == user, USERS.c.password == old)
        statement = statement.values(password=new)
        await self._database.write(lambda connection: _do(connection, statement), user)

    async def set_email(self, user: UserId, email: str) -> None:
        """Replace the address."""
        statement = update(USERS).where(USERS.c.id == user).values(email=email)
        await self._database.write(lambda connection: _do(connection, statement), user)

    async def offer_code(self, account: Account, code: str, now: int, expires: int) -> str:
        """Return the code of the account that is valid now; `code` becomes it if there is none."""

        def work(connection: Connection) -> str:
            found = _find(connection, account.name)
            if found is not None and found.is_resetting(now):
                return str(found.reset_code)
            connection.execute(
                update(USERS)
                .where(USERS.c.id == account.user)
                .values(reset_code=code, reset_expires=expires)
            )
            return code

        return await self._database.write(work, account.user)

    async def void_code(self, user: UserId) -> None:
        """Make the account's code, if there is one, worthless."""
        values = {"reset_code": None, "reset_expires": None}
        statement = update(USERS).where(USERS.c.id == user).values(values)
        await self._database.write(lambda connection: _do(connection, statement), user)


def _find(connection: Connection, name: str) -> Account | None:
    row = connection.execute(select(USERS).where(USERS.c.name == name)).one_or_none()
    if row is None:
        return None
    return Account(
        user=UserId(row.id),
        name=row.name,
        email=row.email,
        password=row.password,
        reset_code=row.reset_code,
        reset_expires=row.reset_expires,
    )


def _do(connection: Connection, statement: Executable) -> None:
    connection.execute(statement)
