"""Bringing the tables of a database up to date when a server starts.

Owns that several servers may start at once.  Must not know the tables; each change of them is a
module in `migrations/versions`.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from syncserver.engine import DatabaseError, create_writer

_LOCK = 7310583
"""Number of the lock that PostgreSQL keeps while tables change; any will do that nobody shares."""

_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(url: URL) -> None:
    """Bring the tables up to date, one server after the other.

    Raises `DatabaseError` when the database does not answer, or was written by a later version.
    """
    engine = create_writer(url, durable=True)
    try:
        with engine.begin() as connection:
            _upgrade(connection)
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0] if error.orig else "no answer"
        name = url.render_as_string(hide_password=True)
        raise DatabaseError(f"database {name}: {reason}") from None
    except CommandError as error:
        raise DatabaseError(f"database: {error}") from None
    finally:
        engine.dispose()


def _upgrade(connection: Connection) -> None:
    # SQLite's transaction began with its lock; PostgreSQL gives it back at the end of this one.
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    heads = ScriptDirectory.from_config(config).get_heads()
    if set(MigrationContext.configure(connection).get_current_heads()) != set(heads):
        command.upgrade(config, "head")
