"""Database engines: how a connection to SQLite or PostgreSQL is made, and how a transaction begins.

Owns everything in which the two differ as long as no statement is concerned.  Must not know the
tables.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import interfaces
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

BUSY_TIMEOUT = 20
"""Seconds that a connection waits for the lock of another process, or to be made at all."""

FILE = "syncserver.sqlite"

_CACHE_KIB = 16384
_CHECKPOINT_PAGES = 2000


class DatabaseError(Exception):
    """The database cannot be used as it is; the message says why."""


def resolve_url(url: str, folder: Path) -> URL:
    """Return the parsed URL; an empty one is the SQLite file in `folder`.

    Raises `DatabaseError` for one that is neither SQLite nor PostgreSQL.
    """
    if not url:
        return URL.create("sqlite", database=str(folder / FILE))
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseError("database: this is not a URL") from None
    kinds = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
    kind = parsed.get_backend_name()
    if kind not in kinds:
        raise DatabaseError(f"database: {kind} is none of {', '.join(kinds)}")
    return parsed.set(drivername=kinds[kind])


def create_reader(url: URL, *, durable: bool) -> Engine:
    """Return the engine for reading: each statement sees what is committed when it starts."""
    return _create(url, durable=durable, begin="")


def create_writer(url: URL, *, durable: bool) -> Engine:
    """Return the engine for writing: on SQLite a transaction takes the lock as it begins.

    What is committed survives the end of the process; where `durable`, also that of the machine.
    """
    return _create(url, durable=durable, begin="BEGIN IMMEDIATE")


def _create(url: URL, *, durable: bool, begin: Literal["", "BEGIN IMMEDIATE"]) -> Engine:
    try:
        if url.get_backend_name() == "sqlite":
            return _create_sqlite(url, durable=durable, begin=begin)
        return _create_postgresql(url, durable=durable, autocommit=not begin)
    except NoSuchModuleError as error:
        raise DatabaseError(f"database: {error}") from None


def _create_sqlite(url: URL, *, durable: bool, begin: str) -> Engine:
    # The driver's own ideas of when a transaction begins are switched off (isolation_level None).
    engine = create_engine(
        url,
        poolclass=NullPool,
        connect_args={
            "isolation_level": None,
            "timeout": BUSY_TIMEOUT,
            "check_same_thread": False,
            "cached_statements": 256,
        },
    )
    pragmas = (
        "PRAGMA journal_mode = WAL",
        f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}",
        "PRAGMA foreign_keys = ON",
        "PRAGMA temp_store = MEMORY",
        f"PRAGMA cache_size = -{_CACHE_KIB}",
        f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}",
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: interfaces.DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        if begin:
            connection.exec_driver_sql(begin)

    return engine


def _create_postgresql(url: URL, *, durable: bool, autocommit: bool) -> Engine:
    options = f"-c synchronous_commit={'on' if durable else 'off'}"
    options += " -c timezone=UTC -c default_transaction_isolation=read\\ committed"
    arguments: dict[str, Any] = {
        "connect_timeout": BUSY_TIMEOUT,
        "options": options,
        "application_name": "syncserver",
    }
    return create_engine(
        url,
        poolclass=NullPool,
        connect_args=arguments,
        isolation_level="AUTOCOMMIT" if autocommit else "READ COMMITTED",
    )
