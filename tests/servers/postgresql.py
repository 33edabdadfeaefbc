"""Databases of a real PostgreSQL, one for each test that asks, dropped afterwards.

`TEST_POSTGRESQL` says where the server is, as a URL whose user may create databases; unless it
does, it is looked for on this machine.  Where there is none the tests that need it are skipped and
say so; where `CI` is set they fail instead.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import make_url

SERVER = os.environ.get("TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
PATIENCE = 5


@contextmanager
def create_database() -> Iterator[str]:
    """Make an empty database, yield its URL, and drop it with whoever still uses it."""
    name = f"syncserver_test_{uuid.uuid4().hex}"
    with _connect() as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _connect() -> psycopg.Connection:
    try:
        return psycopg.connect(SERVER, autocommit=True, connect_timeout=PATIENCE)
    except psycopg.OperationalError as error:
        reason = f"NO POSTGRESQL, NOT TESTED: {str(error).splitlines()[0]}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
