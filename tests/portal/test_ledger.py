"""What the watcher has seen is kept for as long as promised, and no longer."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from honestdocs.contract.service import Health, ServiceState
from honestdocs.portal.annotation import read_annotations
from honestdocs.portal.errors import PortalError
from honestdocs.portal.ledger import BEATS_KEPT, INCIDENTS_KEPT, Ledger

DAY = 86_400.0


def state(at: float, status: Health = Health.OK, latency: float = 0.01) -> ServiceState:
    return ServiceState(name="a", status=status, checked_at=at, latency=latency, message="fell")


def test_an_incident_is_opened_and_closed_by_what_is_seen(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l.sqlite")
    words = [Health.OK, Health.ERROR, Health.UNREACHABLE, Health.ERROR, Health.OK, Health.OK]
    changes = [ledger.record(state(100.0 + at, word)) for at, word in enumerate(words)]
    assert changes == [False, False, True, False, False, True]
    (found,) = ledger.incidents()
    assert (found.began, found.ended, found.message) == (101.0, 104.0, "fell")


def test_an_incident_goes_on_over_a_new_start_of_the_portal(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l.sqlite")
    for at in (1.0, 2.0):
        ledger.record(state(at, Health.UNREACHABLE))
    ledger.close()
    again = Ledger(tmp_path / "l.sqlite")
    for at in (3.0, 4.0):
        again.record(state(at))
    assert [(i.began, i.ended) for i in again.incidents()] == [(1.0, 3.0)]


def test_heartbeats_are_kept_for_a_day_and_counts_for_ninety(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l.sqlite")
    for hour in range(24 * 100):
        ledger.record(state(hour * 3600.0))
    assert len(ledger.latencies("a")) <= BEATS_KEPT / 3600 + 1
    assert len(ledger.hours("a")) == 24 * 90 + 1
    assert sum(tally.up for tally in ledger.hours("a").values()) == 24 * 90 + 1


def test_incidents_are_bounded(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l.sqlite")
    words = (Health.ERROR, Health.ERROR, Health.OK, Health.OK)
    for at in range(4 * (INCIDENTS_KEPT + 20)):
        ledger.record(state(float(at), words[at % 4]))
    assert len(ledger.incidents(10_000)) == INCIDENTS_KEPT


@pytest.mark.parametrize("content", [b"no database at all" * 100, b""])
def test_a_damaged_file_is_moved_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "l.sqlite"
    path.write_bytes(content)
    ledger = Ledger(path)
    ledger.record(state(1.0))
    assert len(ledger.hours("a")) == 1
    assert path.with_name("l.sqlite.aside").exists() is bool(content)


def test_a_file_of_another_version_is_moved_aside(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    old = sqlite3.connect(path)
    old.executescript("CREATE TABLE beats (x); PRAGMA user_version = 99")
    old.close()
    Ledger(path).record(state(1.0))
    assert path.with_name("l.sqlite.aside").exists()


def write(folder: Path, text: str) -> Path:
    (folder / "incidents").mkdir(exist_ok=True)
    (folder / "incidents" / "one.toml").write_text(text, "utf-8")
    return folder


def test_people_tell_of_incidents_in_files(tmp_path: Path) -> None:
    text = (
        'service = "a"\nbegan = 2026-11-24T10:00:00Z\ntitle = "Disk full"\ntext = """\nMore.\n"""'
    )
    (note,) = read_annotations(write(tmp_path, text), ["a"])
    assert (note.began, note.ended, note.title, note.text) == (
        1795514400.0,
        None,
        "Disk full",
        "More.",
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("service = ", "cannot be read"),
        ('service = "b"\nbegan = 2026-11-24\ntitle = "T"', "unknown service 'b'; declared are: a"),
        ('service = "a"\ntitle = "T"', "began is missing"),
        ('service = "a"\nbegan = "soon"\ntitle = "T"', "began must be a time"),
        ('service = "a"\nbegan = 2026-11-24', "title must be a text"),
        ('service = "a"\nbegan = 2026-11-24\ntitle = "T"\nwho = "me"', "unknown key 'who'"),
        (
            'service = "a"\nbegan = 2026-11-24\nended = 2026-11-23\ntitle = "T"',
            "ended is before began",
        ),
    ],
)
def test_a_file_with_a_fault_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(PortalError, match=r"one\.toml") as error:
        read_annotations(write(tmp_path, text), ["a"])
    assert told in str(error.value)
