"""What the watcher has seen, in one SQLite file: heartbeats, their roll-ups, incidents.

Owns the file and how long what is kept: single heartbeats for a day, counts by the hour for 90
days, the last incidents. Must not know what they are shown as. Any thread may call it.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

from honestdocs.contract.service import Health, ServiceState
from honestdocs.portal.errors import PortalError
from honestdocs.portal.incident import CONFIRM, Incident, closes, opens
from honestdocs.portal.uptime import DOWN, HOUR, MOST_HOURS, Tally

VERSION = 1
BEATS_KEPT = 24 * HOUR
"""Seconds for which single heartbeats are kept: percentiles are theirs."""

INCIDENTS_KEPT = 500
"""Incidents of each service that are kept."""

_SCHEMA = files(__package__).joinpath("ledger.sql").read_text("utf-8")
_COUNT = """
    INSERT INTO hours (service, hour, {0}) VALUES (?, ?, 1)
    ON CONFLICT (service, hour) DO UPDATE SET {0} = {0} + 1"""
_COUNTS = {name: _COUNT.format(name) for name in ("up", "warning", "down")}
_RECENT = "SELECT at, health FROM beats WHERE service = ? ORDER BY at DESC LIMIT ?"
_OPEN = "SELECT id FROM incidents WHERE service = ? AND ended IS NULL"
_BEGIN = "INSERT INTO incidents (service, began, health, message) VALUES (?, ?, ?, ?)"
_FORGET_INCIDENTS = """
    DELETE FROM incidents WHERE service = ?1 AND id NOT IN (
        SELECT id FROM incidents WHERE service = ?1 ORDER BY began DESC LIMIT ?2)"""
_INCIDENTS = """
    SELECT id, service, began, ended, health, message FROM incidents
    ORDER BY began DESC LIMIT ?"""


class Ledger:
    """The file at ``path``, made if it is new; raises PortalError where it cannot be."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = _connect(path)
        except (OSError, sqlite3.Error) as error:
            raise PortalError(f"{path}: cannot hold the history of services: {error}") from error

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()

    def record(self, state: ServiceState) -> bool:
        """Keeps a heartbeat; returns whether an incident has begun or ended by it."""
        name, at = state.name, state.checked_at
        with self._lock, self._connection as connection:
            beat = (name, at, state.status, state.latency)
            connection.execute("INSERT OR REPLACE INTO beats VALUES (?, ?, ?, ?)", beat)
            connection.execute(_COUNTS[_column(state.status)], (name, int(at // HOUR)))
            changed = self._judge(state)
            for table, column, oldest in (
                ("beats", "at", at - BEATS_KEPT),
                ("hours", "hour", int(at // HOUR) - MOST_HOURS),
            ):
                statement = f"DELETE FROM {table} WHERE service = ? AND {column} < ?"  # noqa: S608 - constants
                connection.execute(statement, (name, oldest))
        return changed

    def _judge(self, state: ServiceState) -> bool:
        connection, name = self._connection, state.name
        recent = connection.execute(_RECENT, (name, CONFIRM)).fetchall()
        going = connection.execute(_OPEN, (name,)).fetchone()
        if going is None:
            began = opens(recent)
            if began is None:
                return False
            connection.execute(_BEGIN, (name, began, state.status, state.message))
            connection.execute(_FORGET_INCIDENTS, (name, INCIDENTS_KEPT))
            return True
        ended = closes(recent)
        if ended is None:
            return False
        connection.execute("UPDATE incidents SET ended = ? WHERE id = ?", (ended, going[0]))
        return True

    def hours(self, service: str) -> dict[int, Tally]:
        """The tallies of a service by hour since the epoch."""
        rows = self._all("SELECT hour, up, warning, down FROM hours WHERE service = ?", service)
        return {hour: Tally(up=up, warning=w, down=down) for hour, up, w, down in rows}

    def latencies(self, service: str) -> tuple[float, ...]:
        """How long the heartbeats of the last day took, in seconds, those that were answered."""
        wanted = "SELECT latency FROM beats WHERE service = ? AND health <> 'unreachable'"
        return tuple(latency for (latency,) in self._all(wanted, service))

    def incidents(self, limit: int = 100) -> tuple[Incident, ...]:
        """The last incidents of all services, newest first."""
        return tuple(
            Incident(id=i, service=s, began=b, ended=e, health=h, message=m)
            for i, s, b, e, h, m in self._all(_INCIDENTS, limit)
        )

    def _all(self, statement: str, *values: object) -> list[Any]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()


def _column(health: str) -> str:
    if Health(health) in DOWN:
        return "down"
    return "warning" if health == Health.WARNING else "up"


def _connect(path: Path) -> sqlite3.Connection:
    """The connection; a file of another version or a damaged one is moved aside."""
    connection = sqlite3.connect(path, check_same_thread=False, timeout=10)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        sound = version == VERSION or not tables
    except sqlite3.DatabaseError:
        sound = False
    if not sound:
        connection.close()
        path.replace(path.with_name(f"{path.name}.aside"))
        for rest in ("-wal", "-shm"):
            with suppress(OSError):
                path.with_name(path.name + rest).unlink()
        return _connect(path)
    if not tables:
        connection.executescript(_SCHEMA)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection
