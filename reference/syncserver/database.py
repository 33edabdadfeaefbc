"""The database that services share: SQLite or PostgreSQL, read and written off the event loop.

Owns opening it (with its tables brought up to date), the number of connections and the health
check.  Must not know what is stored.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field
from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from syncserver.engine import DatabaseError, create_reader, create_writer, resolve_url
from syncserver.lane import Crew, Work
from syncserver.migration import upgrade
from syncserver.service import UnavailableError

__all__ = ["Database", "DatabaseError", "DatabaseSettings", "open_database"]

T = TypeVar("T")

_PING = text("SELECT 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """Settings of the section `database`."""

    durable: Annotated[
        bool,
        Field(
            description="whether what was acknowledged survives the loss of power, not only the "
            "end of the process"
        ),
    ] = True
    readers: Annotated[
        int, Field(ge=1, le=64, description="connections of each process that read")
    ] = 2
    writers: Annotated[
        int,
        Field(ge=1, le=64, description="connections of each process that write; one with SQLite"),
    ] = 2
    max_group: Annotated[
        int, Field(ge=1, le=1000, description="writes that share one commit at most")
    ] = 64


class Database:
    """Reads and writes in threads; both are safe to call from any event loop."""

    def __init__(self, url: URL, settings: DatabaseSettings) -> None:
        """Use the database at `url`, whose tables are there already."""
        is_sqlite = url.get_backend_name() == "sqlite"
        self.dialect = url.get_backend_name()
        durable = settings.durable
        self._engines = (create_reader(url, durable=durable), create_writer(url, durable=durable))
        self._readers = Crew(self._engines[0], lanes=settings.readers, max_batch=8)
        # SQLite takes one writer at a time: more would only wait for each other.
        self._writers = Crew(
            self._engines[1],
            lanes=1 if is_sqlite else settings.writers,
            max_batch=settings.max_group,
        )

    async def read(self, work: Work[T]) -> T:
        """Return what `work` returns; each of its statements sees what is committed by then.

        Raises `UnavailableError` when the database does not answer.
        """
        return await self._readers.run(work)

    async def write(self, work: Work[T], key: int = 0) -> T:
        """Return what `work` returns, after its transaction was committed.

        Works that wait at the same time may share a transaction, and one may be done again after
        it was undone: see `Work`.  `key` is the number of the user whose rows it locks.
        Raises `UnavailableError` when the database does not answer.
        """
        return await self._writers.run(work, key)

    async def check(self) -> None:
        """Return when the database can be read and its lock for writing be had.

        Raises `UnavailableError` otherwise.
        """
        try:
            await self.read(_ping)
            await self.write(_ping)
        except DBAPIError:
            raise UnavailableError("The database does not answer.") from None

    def close(self) -> None:
        """Finish what was begun and let go of the connections."""
        self._readers.close()
        self._writers.close()
        for engine in self._engines:
            engine.dispose()

    @asynccontextmanager
    async def live(self) -> AsyncIterator[None]:
        """Close the database at the end: the lifespan of an application."""
        try:
            yield
        finally:
            self.close()


def _ping(connection: Connection) -> None:
    connection.execute(_PING)


def open_database(
    url: str,
    folder: Path,
    settings: DatabaseSettings = DatabaseSettings(),
) -> Database:
    """Bring the tables at `url` up to date and return the database.

    An empty URL is the SQLite file in `folder`, which is made where it is missing.  Several
    processes may do this at the same time.  Raises `DatabaseError` when it cannot be used.
    """
    resolved = resolve_url(url, folder)
    if not url:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseError(f"data {folder}: cannot be made: {error.strerror}") from None
    upgrade(resolved)
    return Database(resolved, settings)
