"""A process that serves the storage alone, to accounts with made-up passwords.

    python tests/servers/storage.py --data DIR [--database URL] [--durable 0] [--quota KIB]

Each of the users `user0` to `user63` has its own name as password.  Registration is left out, so
that what is measured or broken here is the storage and nothing else.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from syncserver import storage
from syncserver.application import Standard, create_application
from syncserver.authentication import UserId
from syncserver.database import Database, DatabaseSettings, open_database
from syncserver.heartbeat import Version
from syncserver.listener import create_engine, listen, serve
from syncserver.schema import USERS
from syncserver.storage import SqlStore, StorageSettings

NAMES = [f"user{number}" for number in range(64)]


class NamesAsPasswords:
    """Lets users in whose password is their name."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, UserId] = {}

    async def prepare(self) -> None:
        """Make the accounts, which another process may be making too."""
        insert = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[self._database.dialect]

        def work(connection: Connection) -> dict[str, UserId]:
            rows = [{"name": name, "password": ""} for name in NAMES]
            connection.execute(insert(USERS).on_conflict_do_nothing(), rows)
            return {
                name: UserId(user)
                for user, name in connection.execute(select(USERS.c.id, USERS.c.name))
            }

        self._known = await self._database.write(work)

    async def authenticate(self, username: str, password: str) -> UserId | None:
        if not self._known:
            await self.prepare()
        return self._known.get(username) if username == password else None


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--database", default="")
    parser.add_argument("--durable", default=1, type=int)
    parser.add_argument("--quota", default=0, type=int)
    parser.add_argument("--port", default=0, type=int)
    options = parser.parse_args()
    settings = DatabaseSettings(durable=bool(options.durable))
    database = open_database(options.database, options.data, settings)
    service = storage.create_service(
        StorageSettings(quota=options.quota),
        store=SqlStore(database),
        authenticator=NamesAsPasswords(database),
        clock=time.time,
    )
    version = Version(source="tests", version="0", commit="none", build="none")
    app = create_application([service], version, Standard(lifespans=[database.live]))
    serve(create_engine(app), listen("127.0.0.1", options.port), announce)


def announce(url: str) -> None:
    sys.stdout.write(f"listening on {url}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
