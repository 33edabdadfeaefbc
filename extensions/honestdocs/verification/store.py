"""Results that outlive a run: what was checked, when, and how it ended.

Owns the history of runs, the latest result of every example and the last known state of every
service. Must not know how a result came about, nor what a secret is: results arrive redacted.

A record is what was seen of one example at one moment, so a result that was reused instead of
run again adds nothing. The connection belongs to the thread and process that opened it: close
the store before forking.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from honestdocs.contract.blame import Sighting
from honestdocs.contract.outcome import Grade, Outcome, Result
from honestdocs.contract.service import ServiceState
from honestdocs.verification.database import Database, transaction
from honestdocs.verification.duration import Pace
from honestdocs.verification.errors import StoreError
from honestdocs.verification.record import (
    RecordError,
    Unpacker,
    pack,
    pack_services,
    unpack_services,
)
from honestdocs.verification.sighting import sightings

__all__ = ["FLAKY_RECORDS", "Record", "Run", "Store", "StoreError"]

FLAKY_RECORDS = 20
"""How many records of an example are looked at to tell whether it is flaky."""

_BATCH = 500
"""So many results are spelt as rows at a time: more would only take more memory."""

_CHECKED = (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: when (seconds since the epoch), on which changeset of the documentation, and
    how the services were. ``id`` is None until it is saved.
    """

    id: int | None = None
    started: float
    finished: float
    docs_changeset: str = ""
    services: tuple[ServiceState, ...] = ()


class Record(NamedTuple):
    """What was seen of one example at one moment."""

    run: int
    checked_at: float
    outcome: Outcome
    cause: str
    grade: Grade | None


class Store:
    """Results in one SQLite file; ``Store.open`` makes one.

    Every method may raise StoreError: the disk is full, or another process holds the file for
    too long. A damaged file never raises; it is moved aside, and ``notice`` says so.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, path: Path | str, *, now: float) -> Store:
        """The store at ``path``, made with its folders if it is new; ``now`` is the time in
        seconds since the epoch. Raises StoreError when the place can hold no file.
        """
        return cls(Database(Path(path), now=now))

    def close(self) -> None:
        """Close the file; closing twice is allowed."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def notice(self) -> str:
        """One sentence for a person when the file could not be used as it was, else empty."""
        return self._database.notice

    def created(self) -> float:
        """When this file was begun, in seconds since the epoch: nothing older is known."""
        return self._database.run(_created)

    def save(self, run: Run, results: Iterable[Result]) -> int:
        """Keep a run with its results in one transaction; returns the run's id.

        Skipped results, and those kept by an earlier run, are no records. A result without a
        time of its own counts as checked when the run finished.
        """
        checked = [result for result in results if result.outcome in _CHECKED]
        return self._database.run(lambda connection: _save(connection, run, checked))

    def latest(self, examples: Iterable[str] | None = None) -> dict[str, Result]:
        """The last checked result of every example, or of those named, by the example's id."""
        names = None if examples is None else tuple(dict.fromkeys(examples))
        return self._database.run(lambda connection: dict(_latest(connection, names)))

    def runs(self, limit: int = 20) -> tuple[Run, ...]:
        """The last runs, newest first."""
        return self._database.run(lambda connection: tuple(_runs(connection, limit)))

    def history(self, example: str, limit: int = 50) -> tuple[Record, ...]:
        """The last records of an example, newest first."""
        return self._database.run(lambda connection: tuple(_history(connection, example, limit)))

    def sightings(self, example: str, limit: int = 1000) -> tuple[Sighting, ...]:
        """What was seen of an example, newest first, with changeset and service version."""
        return self._database.run(lambda connection: tuple(sightings(connection, example, limit)))

    def services(self) -> dict[str, ServiceState]:
        """The last known state of every service, by its name."""
        return self._database.run(_services)

    def paces(self) -> dict[str, Pace]:
        """How long each page took when the whole tree was last checked."""
        return self._database.run(_paces)

    def keep_paces(self, paces: Mapping[str, Pace]) -> None:
        """Keep how long each page took, in the place of what was known."""
        rows = [(page, *pace) for page, pace in paces.items()]
        self._database.run(lambda connection: _keep_paces(connection, rows))

    def sources(self) -> dict[str, str]:
        """The digest that each file with a failed example had when a run last looked."""
        return self._database.run(lambda connection: dict(connection.execute(_SOURCES)))

    def note_sources(self, digests: Mapping[str, str]) -> None:
        """Remember how files are, by their names."""
        self._database.run(lambda connection: _note_sources(connection, digests))

    def prune(self, keep_runs: int = 200, *, known: Iterable[str] | None = None) -> int:
        """Forget all but the last ``keep_runs`` runs; returns how many were forgotten.

        The latest result of every example is kept with its run. When the ids of all examples
        that still stand in the documentation are given as ``known``, those of the others are
        kept only as long as their run.
        """
        names = None if known is None else frozenset(known)
        return self._database.run(lambda connection: _prune(connection, keep_runs, names))


_INSERT_RUN = """
    INSERT INTO runs (started, finished, docs_changeset, services) VALUES (?, ?, ?, ?)"""

_INSERT_EXAMPLE = "INSERT OR IGNORE INTO examples (name) VALUES (:name)"

_INSERT_RECORD = """
    INSERT OR IGNORE INTO records (example, checked_at, cause, outcome, grade, run, mismatches)
    VALUES ((SELECT id FROM examples WHERE name = :name),
        :checked_at, :cause, :outcome, :grade, :run, :mismatches)"""

_FACTS = (
    "run outcome grade cause checked_at reason matched headers members mismatches exact service "
    "server_version seconds status".split()
)

_REPLACE_LATEST = f"""
    INSERT INTO latest (example, {", ".join(_FACTS)})
    VALUES ((SELECT id FROM examples WHERE name = :name), :{", :".join(_FACTS)})
    ON CONFLICT (example) DO UPDATE
    SET flaky = 0, {", ".join(f"{fact} = excluded.{fact}" for fact in _FACTS)}
    WHERE excluded.checked_at > checked_at OR excluded.checked_at = checked_at
        AND (excluded.cause <> cause OR excluded.outcome <> outcome)"""  # noqa: S608 - constant

_MARK_FLAKY = """
    UPDATE latest SET flaky = (
        SELECT count(DISTINCT outcome) = 2 FROM (
            SELECT outcome, cause FROM records WHERE records.example = latest.example
            ORDER BY checked_at DESC LIMIT ?)
        WHERE cause = latest.cause AND outcome IN ('passed', 'failed'))
    WHERE run = ?"""

_REPLACE_SERVICE = """
    INSERT OR REPLACE INTO services (name, checked_at, state)
    SELECT :name, :checked_at, :state WHERE NOT EXISTS (
        SELECT 1 FROM services WHERE name = :name AND checked_at > :checked_at)"""


def _save(connection: sqlite3.Connection, run: Run, results: Sequence[Result]) -> int:
    values = (run.started, run.finished, run.docs_changeset, pack_services(run.services))
    with transaction(connection):
        number = connection.execute(_INSERT_RUN, values).lastrowid or 0
        for start in range(0, len(results), _BATCH):
            rows = [pack(result, number) for result in results[start : start + _BATCH]]
            for row in rows:
                row["checked_at"] = row["checked_at"] or run.finished
            for statement in (_INSERT_EXAMPLE, _INSERT_RECORD, _REPLACE_LATEST):
                connection.executemany(statement, rows)
        connection.execute(_MARK_FLAKY, (FLAKY_RECORDS, number))
        connection.executemany(_REPLACE_SERVICE, map(_service_row, run.services))
    return number


def _service_row(state: ServiceState) -> dict[str, str | float]:
    return {
        "name": state.name,
        "checked_at": state.checked_at,
        "state": pack_services((state,)),
    }


_LATEST = """
    SELECT name, outcome, cause, checked_at, reason, matched, headers, members, mismatches,
        exact, service, server_version, seconds, status, flaky,
        (SELECT docs_changeset FROM runs WHERE runs.id = latest.run)
    FROM latest JOIN examples ON examples.id = latest.example"""

_LATEST_OF = f"{_LATEST} WHERE name IN (SELECT value FROM json_each(?))"  # noqa: S608 - constant

_RUNS = """
    SELECT id, started, finished, docs_changeset, services FROM runs ORDER BY id DESC LIMIT ?"""

_HISTORY = """
    SELECT run, checked_at, outcome, cause, grade FROM records
    WHERE example = (SELECT id FROM examples WHERE name = ?)
    ORDER BY checked_at DESC, run DESC LIMIT ?"""


def _latest(
    connection: sqlite3.Connection, names: Sequence[str] | None
) -> Iterator[tuple[str, Result]]:
    unpacker = Unpacker()
    if names is None:
        rows = connection.execute(_LATEST)
    else:
        rows = connection.execute(_LATEST_OF, (json.dumps(names),))
    for row in rows:
        yield row[0], unpacker.result(row)


def _runs(connection: sqlite3.Connection, limit: int) -> Iterator[Run]:
    for number, started, finished, changeset, services in connection.execute(_RUNS, (limit,)):
        yield Run(
            id=number,
            started=started,
            finished=finished,
            docs_changeset=changeset,
            services=unpack_services(services),
        )


def _history(connection: sqlite3.Connection, example: str, limit: int) -> Iterator[Record]:
    for run, checked_at, outcome, cause, grade in connection.execute(_HISTORY, (example, limit)):
        try:
            yield Record(run, checked_at, Outcome(outcome), cause, Grade(grade) if grade else None)
        except ValueError as error:
            raise RecordError(f"a record of {example!r} cannot be read: {error}") from error


def _services(connection: sqlite3.Connection) -> dict[str, ServiceState]:
    rows = connection.execute("SELECT state FROM services ORDER BY name").fetchall()
    return {state.name: state for (text,) in rows for state in unpack_services(text)}


def _paces(connection: sqlite3.Connection) -> dict[str, Pace]:
    rows = connection.execute("SELECT page, seconds, exchanges FROM paces ORDER BY page")
    return {page: Pace(float(seconds), int(exchanges)) for page, seconds, exchanges in rows}


def _keep_paces(connection: sqlite3.Connection, rows: Sequence[tuple[str, float, int]]) -> None:
    with transaction(connection):
        connection.execute("DELETE FROM paces")
        connection.executemany("INSERT INTO paces VALUES (?, ?, ?)", rows)


_OLDEST_KEPT = "SELECT id FROM runs ORDER BY id DESC LIMIT 1 OFFSET ?"

_FORGET_RECORDS = """
    DELETE FROM records WHERE run < ? AND NOT EXISTS (
        SELECT 1 FROM latest
        WHERE latest.example = records.example AND latest.checked_at = records.checked_at)"""

_FORGET_RUNS = "DELETE FROM runs WHERE id < ? AND id NOT IN (SELECT run FROM latest)"

_OLD_LATEST = """
    SELECT example, name FROM latest JOIN examples ON examples.id = latest.example WHERE run < ?"""

_FORGET_EXAMPLE = (
    "DELETE FROM latest WHERE example = ?",
    "DELETE FROM records WHERE example = ?",
    "DELETE FROM examples WHERE id = ?",
)


def _prune(connection: sqlite3.Connection, keep: int, known: frozenset[str] | None) -> int:
    with transaction(connection):
        oldest = connection.execute(_OLDEST_KEPT, (max(keep, 1) - 1,)).fetchone()
        if oldest is None:
            return 0
        if known is not None:
            old = connection.execute(_OLD_LATEST, oldest).fetchall()
            gone = [(number,) for number, name in old if name not in known]
            for statement in _FORGET_EXAMPLE:
                connection.executemany(statement, gone)
        connection.execute(_FORGET_RECORDS, oldest)
        return connection.execute(_FORGET_RUNS, oldest).rowcount


_SOURCES = "SELECT file, digest FROM sources"

_REPLACE_SOURCE = "INSERT OR REPLACE INTO sources (file, digest) VALUES (?, ?)"


def _note_sources(connection: sqlite3.Connection, digests: Mapping[str, str]) -> None:
    with transaction(connection):
        connection.executemany(_REPLACE_SOURCE, digests.items())


def _created(connection: sqlite3.Connection) -> float:
    row = connection.execute("SELECT created FROM store").fetchone()
    if row is None:
        raise RecordError("the store does not say when it was begun")
    return float(row[0])
