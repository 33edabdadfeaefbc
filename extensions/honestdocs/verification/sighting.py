"""What was seen of an example over time, with what was true of its run.

Owns the query. Must not know what is concluded from it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from honestdocs.contract.blame import Sighting
from honestdocs.contract.outcome import Outcome
from honestdocs.verification.record import unpack_services

_SIGHTINGS = """
    SELECT records.outcome, records.cause, records.checked_at, docs_changeset, runs.services,
        (SELECT service FROM latest WHERE latest.example = records.example)
    FROM records LEFT JOIN runs ON runs.id = records.run
    WHERE records.example = (SELECT id FROM examples WHERE name = ?)
    ORDER BY records.checked_at DESC, records.run DESC LIMIT ?"""


def sightings(connection: sqlite3.Connection, example: str, limit: int) -> Iterator[Sighting]:
    """The last sightings of an example, newest first."""
    rows = connection.execute(_SIGHTINGS, (example, limit))
    for outcome, cause, checked_at, changeset, services, service in rows:
        states = unpack_services(services) if services else ()
        yield Sighting(
            outcome=Outcome(outcome),
            cause=cause,
            checked_at=checked_at,
            changeset=changeset or "",
            version=next((state.version for state in states if state.name == service), ""),
        )
