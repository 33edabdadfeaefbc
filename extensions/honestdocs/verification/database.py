"""The file behind the store: its schema, its opening, and what is done when it is damaged.

Owns the SQLite connection. A file that cannot be used is moved aside, never deleted, and a new
one takes its place; where nothing can be written, results live in memory. Must not know what a
result is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from honestdocs.verification.errors import StoreError
from honestdocs.verification.record import RecordError

APPLICATION = 0x686F6E64
"""SQLite's application id of our files: ``hond`` in ASCII."""

VERSION = 2
"""SQLite's user version: raise it with every change of the schema."""

BUSY_SECONDS = 15.0
"""How long one process waits for another's transaction."""

SCHEMA = files(__package__).joinpath("schema.sql").read_text("utf-8")

LATER = tuple(made for made in SCHEMA.split(";\n") if "IF NOT EXISTS" in made)
"""What makes the tables that older files lack; newer ones have them already."""

TABLES = frozenset(("store", "runs", "examples", "records", "latest", "services"))
"""The tables of the schema: where one is missing, the file was damaged."""

SMALLEST = 512
"""No SQLite database is smaller, in bytes; an empty file counts as new."""

_UNWRITABLE = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR")

T = TypeVar("T")


class Database:
    """One open database file, or its stand-in in memory.

    ``notice`` is one sentence for a person when the file could not be used as it was, else
    empty. Opening raises StoreError when the place cannot hold a database at all.
    """

    def __init__(self, path: Path, *, now: float) -> None:
        self.path = path
        self.notice = ""
        self._now = now
        self._on_disk = True
        self._identity: tuple[int, int] | None = None
        _prepare_folder(path)
        self._connection = self._open()

    def close(self) -> None:
        """Close the file; closing twice is allowed."""
        self._connection.close()

    def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """The result of ``work`` on the connection. A file found to be damaged on the way is
        moved aside, and the work is done again on the new one; other errors of the database
        are raised as StoreError.
        """
        if self._on_disk and _identity(self.path) != self._identity:
            self._reopen()  # removed, or moved aside by another process
        try:
            return work(self._connection)
        except (sqlite3.DatabaseError, RecordError) as error:
            if not (self._on_disk and _is_damage(error)):
                raise self._refusal(error) from error
        self._connection.close()
        self._move_aside("is damaged")
        self._connection = self._open()
        return work(self._connection)

    def _reopen(self) -> None:
        self._connection.close()
        _prepare_folder(self.path)
        self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        for _ in range(3):  # another process may be moving the same file aside
            stub = _is_stub(self.path)
            try:
                connection = _connect(self.path)
            except sqlite3.DatabaseError as error:
                return self._in_memory(error)
            self._identity = _identity(self.path)
            try:
                flaw = "is no database" if stub else _inspect(connection, self._now)
            except sqlite3.DatabaseError as error:
                connection.close()
                if not _is_damage(error):
                    return self._in_memory(error)
                flaw = _flaw(error)
            if not flaw:
                _tune(connection)
                return connection
            connection.close()
            self._move_aside(flaw)
        raise StoreError(f"{self.path} cannot be made a database of results; remove it")

    def _move_aside(self, flaw: str) -> None:
        """Give the file another name, unless another process already has."""
        if self._identity is None or _identity(self.path) != self._identity:
            return
        target = _free_name(self.path)
        try:
            for suffix in ("-wal", "-shm", ""):
                with suppress(FileNotFoundError):
                    Path(f"{self.path}{suffix}").rename(f"{target}{suffix}")
        except OSError as error:
            raise StoreError(
                f"{self.path} {flaw} and cannot be moved aside: {error.strerror}; remove it"
            ) from error
        self.notice = (
            f"{self.path} {flaw}: it was moved aside to {target.name}, and results are kept anew."
        )

    def _in_memory(self, error: sqlite3.DatabaseError) -> sqlite3.Connection:
        """A copy in memory of what can be read, where nothing can be written."""
        if not _code(error).startswith(_UNWRITABLE):
            raise self._refusal(error) from error
        self._on_disk = False
        self.notice = f"{self.path} cannot be written ({error}): results of this run are not kept."
        memory = sqlite3.connect(":memory:", isolation_level=None)
        _copy_readable(self.path, memory)
        if not _inspect(memory, self._now):
            return memory
        memory.close()
        empty = sqlite3.connect(":memory:", isolation_level=None)
        _inspect(empty, self._now)
        return empty

    def _refusal(self, error: Exception) -> StoreError:
        code = _code(error)
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return StoreError(f"{self.path} is in use by another process; try again")
        if code.startswith("SQLITE_FULL"):
            return StoreError(f"{self.path} cannot be written: the disk is full")
        return StoreError(f"{self.path} cannot be used: {error}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction for writing: all of it is kept, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.DatabaseError):
            connection.execute("ROLLBACK")
        raise


def _prepare_folder(path: Path) -> None:
    if path.is_dir():
        raise StoreError(f"{path} is a folder, where the file of results belongs; move it away")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise StoreError(f"{path.parent} is not a folder: results cannot be kept in it") from error
    except OSError:
        return  # SQLite tells what is wrong, and results then live in memory


def _connect(path: Path) -> sqlite3.Connection:
    uri = path.absolute().as_uri() + "?mode=rwc"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def _tune(connection: sqlite3.Connection) -> None:
    """Set the file to write-ahead logging, once it is known to be ours."""
    connection.execute("PRAGMA synchronous=NORMAL")
    with suppress(sqlite3.OperationalError):  # another process may be switching at this moment
        connection.execute("PRAGMA journal_mode=WAL")


def _inspect(connection: sqlite3.Connection, now: float) -> str:
    """Why the open file is none of ours, as a phrase, or empty; an empty file becomes ours."""
    with transaction(connection):
        application = _number(connection, "PRAGMA application_id")
        version = _number(connection, "PRAGMA user_version")
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = {name for (name,) in names}
        if not (application or version or tables):
            _create(connection, now)
            return ""
    if application != APPLICATION:
        return "is the database of another program"
    if version != VERSION:
        age = "an older" if version < VERSION else "a newer"
        return f"was written by {age} version of honestdocs"
    if not tables >= TABLES:
        return "is damaged"
    for statement in LATER:
        connection.execute(statement)
    return ""


def _create(connection: sqlite3.Connection, now: float) -> None:
    for statement in SCHEMA.split(";\n"):
        connection.execute(statement)
    connection.execute("INSERT INTO store (created) VALUES (?)", (now,))
    connection.execute(f"PRAGMA application_id={APPLICATION}")
    connection.execute(f"PRAGMA user_version={VERSION}")


def _number(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])


def _copy_readable(path: Path, memory: sqlite3.Connection) -> None:
    for how in ("mode=ro", "immutable=1"):
        with suppress(sqlite3.DatabaseError):
            source = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)
            try:
                source.backup(memory)
                return
            finally:
                source.close()


def _is_damage(error: Exception) -> bool:
    if isinstance(error, RecordError):
        return True
    damaged = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT")
    missing = "no such table" in str(error) or "no such column" in str(error)
    return _code(error).startswith(damaged) or missing


def _flaw(error: Exception) -> str:
    return "is no database" if _code(error).startswith("SQLITE_NOTADB") else "is damaged"


def _code(error: Exception) -> str:
    return str(getattr(error, "sqlite_errorname", ""))


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_dev, facts.st_ino


def _is_stub(path: Path) -> bool:
    """Whether there is a file too small for a database, which SQLite would take as empty."""
    try:
        return 0 < path.stat().st_size < SMALLEST
    except OSError:
        return False


def _free_name(path: Path) -> Path:
    number = 1
    while (name := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    return name
