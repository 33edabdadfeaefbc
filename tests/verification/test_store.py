"""Results survive: runs, restarts, two processes at once, and whatever happens to the file."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from honestdocs.contract.outcome import Exact, Grade, Kind, Mismatch, Outcome, Result
from honestdocs.contract.place import Place
from honestdocs.contract.service import ServiceState
from honestdocs.verification.database import APPLICATION, VERSION
from honestdocs.verification.duration import Pace
from honestdocs.verification.errors import StoreError
from honestdocs.verification.store import FLAKY_RECORDS, Run, Store

NOW = 1_760_000_000.0
EXTENSIONS = Path(__file__).parents[2] / "extensions"
TIMEOUT = 60

STATUS = Mismatch(
    kind=Kind.STATUS,
    subject="status",
    documented="200 OK",
    observed="404 Not Found",
    place=Place("api/articles.rst", 14),
    fix="document 404 Not Found",
)
LIBRARY = ServiceState(
    name="library",
    url="http://127.0.0.1:8080/v1",
    title="The library",
    owner="Readers",
    healthy=True,
    status="ok",
    checks=(("database", "ok"), ("cache", "warning")),
    version="2.4.1",
    latency=0.0125,
    checked_at=NOW,
)


def run(number: int = 0, **more: object) -> Run:
    started = NOW + 100 * number
    return Run(started=started, finished=started + 50, **more)  # type: ignore[arg-type]


def passed(example: str, number: int = 0, cause: str = "one") -> Result:
    return Result(
        example=example,
        outcome=Outcome.PASSED,
        matched=("/data/id: uuid",),
        cause=cause,
        service="library",
        server_version="2.4.1",
        checked_at=NOW + 100 * number + 1,
        seconds=0.004,
        status=200,
        observed_headers=("Date", "ETag"),
        observed_members=("data", "data.id"),
    )


def failed(example: str, number: int = 0, cause: str = "one") -> Result:
    return replace(
        passed(example, number, cause), outcome=Outcome.FAILED, mismatches=(STATUS,), status=404
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "build" / "results.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path, now=NOW) as opened:
        yield opened


def test_a_new_store_makes_its_folders_and_knows_nothing(store: Store, path: Path) -> None:
    assert path.is_file()
    assert store.notice == ""
    assert store.created() == NOW
    assert store.latest() == {}
    assert store.runs() == ()
    assert store.services() == {}
    assert store.history("any") == ()


def test_a_store_can_be_given_as_text(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "a b#c?.sqlite"), now=NOW) as store:
        store.save(run(), [passed("a")])
    assert (tmp_path / "a b#c?.sqlite").is_file()


def test_the_latest_result_comes_back_as_it_was_saved_also_after_a_restart(path: Path) -> None:
    results = [passed("a"), failed("b"), replace(passed("ü\n'\""), outcome=Outcome.ERROR)]
    with Store.open(path, now=NOW) as store:
        store.save(run(), results)
        assert store.latest() == {result.example: result for result in results}
    with Store.open(path, now=NOW + 1) as store:
        assert store.latest() == {result.example: result for result in results}
        assert store.created() == NOW


def test_closing_twice_is_allowed(path: Path) -> None:
    store = Store.open(path, now=NOW)
    store.close()
    store.close()


def test_a_closed_store_says_so_instead_of_crashing(path: Path) -> None:
    store = Store.open(path, now=NOW)
    store.close()
    with pytest.raises(StoreError, match=r"results\.sqlite cannot be used"):
        store.latest()


def test_only_the_examples_named_are_loaded(store: Store) -> None:
    store.save(run(), [passed(f"e{n}") for n in range(1500)])
    assert set(store.latest(["e7", "e1499", "unknown", "e7"])) == {"e7", "e1499"}
    assert store.latest([]) == {}
    assert len(store.latest(f"e{n}" for n in range(1400))) == 1400


def test_skipped_results_are_no_records(store: Store) -> None:
    skipped = Result(example="a", outcome=Outcome.SKIPPED, reason="needs a mail account")
    store.save(run(0), [passed("a", 0)])
    store.save(run(1), [replace(skipped, checked_at=NOW + 150)])
    assert store.latest()["a"].outcome is Outcome.PASSED
    assert len(store.history("a")) == 1


def test_an_error_is_a_record(store: Store) -> None:
    error = replace(passed("a"), outcome=Outcome.ERROR, reason="nobody listens at 127.0.0.1:1")
    store.save(run(), [error])
    assert store.latest()["a"] == error


def test_a_reused_result_is_not_saved_again(store: Store) -> None:
    first = store.save(run(0), [passed("a", 0), failed("b", 0)])
    second = store.save(run(1), store.latest().values())
    assert second > first
    assert [record.run for record in store.history("a")] == [first]
    assert [record.run for record in store.history("b")] == [first]
    assert [known.id for known in store.runs()] == [second, first]


def test_a_result_without_a_time_counts_as_checked_when_the_run_finished(store: Store) -> None:
    store.save(run(), [replace(passed("a"), checked_at=0.0)])
    assert store.latest()["a"].checked_at == NOW + 50


def test_results_may_be_any_iterable_and_are_read_once(store: Store) -> None:
    store.save(run(), (result for result in [passed("a"), failed("b")]))
    assert set(store.latest()) == {"a", "b"}


def test_every_run_is_kept_with_the_services_as_they_were(store: Store) -> None:
    down = replace(LIBRARY, healthy=False, status="unreachable", checked_at=NOW + 100)
    store.save(run(0, docs_changeset="4f1c2a9b", services=(LIBRARY,)), [])
    store.save(run(1, services=(down,)), [])
    latest, first = store.runs()
    assert (first.docs_changeset, first.services) == ("4f1c2a9b", (LIBRARY,))
    assert (latest.started, latest.finished, latest.services) == (NOW + 100, NOW + 150, (down,))
    assert store.runs(1) == (latest,)


def test_the_last_known_state_of_each_service_is_kept(store: Store) -> None:
    newer = replace(LIBRARY, version="2.5.0", checked_at=NOW + 100)
    other = replace(LIBRARY, name="archive", checked_at=NOW)
    store.save(run(1, services=(newer,)), [])
    store.save(run(0, services=(LIBRARY, other)), [])
    assert store.services() == {"archive": other, "library": newer}


def test_history_tells_run_time_outcome_cause_and_grade_newest_first(store: Store) -> None:
    first = store.save(run(0), [passed("a", 0)])
    second = store.save(run(1), [failed("a", 1, cause="two")])
    assert store.history("a") == (
        (second, NOW + 101, Outcome.FAILED, "two", Grade.STATUS),
        (first, NOW + 1, Outcome.PASSED, "one", None),
    )
    assert len(store.history("a", limit=1)) == 1


def test_a_result_that_arrives_late_does_not_replace_a_newer_one(store: Store) -> None:
    store.save(run(1), [passed("a", 1)])
    store.save(run(0), [failed("a", 0)])
    assert store.latest()["a"].outcome is Outcome.PASSED
    assert len(store.history("a")) == 2


def test_passed_and_failed_for_one_cause_is_flaky(store: Store) -> None:
    store.save(run(0), [passed("a", 0), passed("b", 0)])
    assert not store.latest()["a"].flaky
    store.save(run(1), [failed("a", 1), failed("b", 1, cause="another")])
    assert store.latest()["a"].flaky
    assert not store.latest()["b"].flaky


def test_an_error_between_does_not_make_an_example_flaky(store: Store) -> None:
    store.save(run(0), [passed("a", 0)])
    store.save(run(1), [replace(passed("a", 1), outcome=Outcome.ERROR)])
    assert not store.latest()["a"].flaky


def test_what_alternated_long_ago_is_no_longer_flaky(store: Store) -> None:
    store.save(run(0), [failed("a", 0)])
    for number in range(1, FLAKY_RECORDS):
        store.save(run(number), [passed("a", number)])
        assert store.latest()["a"].flaky
    store.save(run(FLAKY_RECORDS), [passed("a", FLAKY_RECORDS)])
    assert not store.latest()["a"].flaky


def test_a_new_cause_starts_with_a_clean_slate(store: Store) -> None:
    store.save(run(0), [failed("a", 0)])
    store.save(run(1), [passed("a", 1)])
    store.save(run(2), [passed("a", 2, cause="mended")])
    assert not store.latest()["a"].flaky


def test_pruning_keeps_the_last_runs_and_the_latest_result_of_every_example(store: Store) -> None:
    store.save(run(0), [passed("old", 0), passed("a", 0)])
    for number in range(1, 10):
        store.save(run(number), [passed("a", number)])
    assert store.prune(3) == 6
    assert [known.started for known in store.runs()] == [NOW + 900, NOW + 800, NOW + 700, NOW]
    assert set(store.latest()) == {"old", "a"}
    assert len(store.history("a")) == 3
    assert len(store.history("old")) == 1
    assert store.prune(3) == 0


def test_pruning_forgets_examples_that_are_known_to_be_gone(store: Store) -> None:
    store.save(run(0), [passed("gone", 0), passed("quiet", 0)])
    for number in range(1, 4):
        store.save(run(number), [passed("a", number)])
    store.prune(2, known=["quiet", "a"])
    assert set(store.latest()) == {"quiet", "a"}
    assert store.history("gone") == ()


def test_a_pruned_store_does_not_grow(path: Path) -> None:
    sizes = []
    with Store.open(path, now=NOW) as store:
        for number in range(60):
            store.save(run(number), [failed(f"e{n}", number) for n in range(50)])
            store.prune(10)
            sizes.append(_size(path))
    assert max(sizes[30:]) <= max(sizes[:30]) + 2


def _size(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        size = connection.execute("SELECT page_count FROM pragma_page_count()").fetchone()[0]
    connection.close()
    return int(size)


def test_of_messages_nothing_is_stored_beyond_mismatches_and_names(path: Path) -> None:
    secret = "hunter2-in-a-body"
    state = replace(LIBRARY, url=f"http://ada:{secret}@127.0.0.1:8080/v1")
    with Store.open(path, now=NOW) as store:
        store.save(run(services=(state,)), [failed("a")])
        assert store.services()["library"].url == "http://127.0.0.1:8080/v1"
    connection = sqlite3.connect(path)
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    columns = {
        f"{table}.{row[1]}"
        for (table,) in tables
        for row in connection.execute(f"PRAGMA table_info({table})")
    }
    connection.close()
    assert secret.encode() not in path.read_bytes()
    assert not {name for name in columns if "body" in name or "value" in name}
    assert {"latest.headers", "latest.members", "latest.mismatches"} <= columns


def test_what_was_observed_is_kept_in_full_with_the_newest_result_alone(path: Path) -> None:
    long = "words " * 500
    member = replace(
        STATUS,
        kind=Kind.UNDOCUMENTED_MEMBER,
        subject="/a",
        exact=Exact(text=long, pointer="/0/a", after="b"),
    )
    result = replace(failed("a"), mismatches=(STATUS, member), further=(member, STATUS))
    with Store.open(path, now=NOW) as store:
        store.save(run(), [result])
        assert store.latest()["a"].mismatches == result.mismatches
        assert store.latest()["a"].further == result.further
    with sqlite3.connect(path) as database:
        (kept,) = database.execute("SELECT mismatches FROM records").fetchone()
    assert "words" not in kept


def test_how_files_were_is_remembered_by_their_names(store: Store) -> None:
    assert store.sources() == {}
    store.note_sources({"a.rst": "1", "b.rst": "2"})
    store.note_sources({"a.rst": "3"})
    assert store.sources() == {"a.rst": "3", "b.rst": "2"}


def test_mismatches_are_compact_json(path: Path) -> None:
    with Store.open(path, now=NOW) as store:
        store.save(run(), [failed("a")])
    connection = sqlite3.connect(path)
    (text,) = connection.execute("SELECT mismatches FROM latest").fetchone()
    connection.close()
    assert text == (
        '[["status","status","200 OK","404 Not Found","api/articles.rst",14,'
        '"document 404 Not Found"]]'
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.text(st.characters(codec="utf-8")), min_size=8, max_size=8),
    line=st.none() | st.integers(1, 10**6),
    status=st.none() | st.integers(100, 999),
    seconds=st.floats(0, 1e6),
)
def test_any_result_comes_back(
    store: Store, texts: list[str], line: int | None, status: int | None, seconds: float
) -> None:
    mismatch = Mismatch(
        kind=Kind.VALUE,
        subject=texts[0],
        documented=texts[1],
        observed=texts[2],
        place=Place(texts[3], line),
    )
    result = Result(
        example="e",
        outcome=Outcome.FAILED,
        mismatches=(mismatch,),
        reason=texts[4],
        matched=tuple(texts[5:]),
        service=texts[6],
        server_version=texts[7],
        checked_at=store.latest()["e"].checked_at + 1 if store.latest() else NOW,
        seconds=seconds,
        status=status,
    )
    store.save(run(), [result])
    assert replace(store.latest()["e"], flaky=False) == result


def test_a_lone_surrogate_in_a_text_is_stored_as_a_question_mark(store: Store) -> None:
    store.save(run(), [replace(passed("a"), reason="broken \udce4 text")])
    assert store.latest()["a"].reason == "broken ? text"


# What can happen to the file.


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    """A real process that runs a program with the package at hand."""
    program = f"import sys; sys.path.insert(0, {str(EXTENSIONS)!r})\n" + textwrap.dedent(code)
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str], status: int = 0) -> str:
    """What a process printed, once it has ended as it should."""
    output, errors = process.communicate(timeout=TIMEOUT)
    assert process.returncode == status, errors
    return output


def filled(path: Path) -> bytes:
    """A store with some pages of content, closed, as bytes."""
    with Store.open(path, now=NOW) as store:
        for number in range(3):
            results = [failed(f"example {n}", number) for n in range(60)]
            store.save(run(number, services=(LIBRARY,)), results)
    return path.read_bytes()


def everything(path: Path) -> tuple[object, ...]:
    """All that a store tells."""
    with Store.open(path, now=NOW) as store:
        latest = store.latest()
        histories = [store.history(example) for example in latest]
        return latest, histories, store.runs(), store.services()


def remains(path: Path) -> list[str]:
    return sorted(name.name for name in path.parent.iterdir() if ".broken-" in name.name)


def assert_works(store: Store) -> None:
    """Whatever was lost, the store takes and gives results again."""
    store.save(run(9), [passed("again", 9)])
    assert store.latest()["again"] == passed("again", 9)
    assert store.history("again")
    assert store.runs()
    assert store.services() is not None
    store.prune(200)


def test_a_file_torn_at_any_point_is_moved_aside_or_still_good(path: Path) -> None:
    whole = filled(path)
    content = everything(path)
    cuts = {*range(1, 120, 7), 512, 1024, *range(4095, len(whole), 2731), len(whole) - 1}
    for cut in sorted(cuts):
        for name in path.parent.iterdir():
            name.unlink()
        path.write_bytes(whole[:cut])
        found = everything(path)
        if found == content:  # only unused bytes of the last page are gone
            assert cut > len(whole) - 4096
            continue
        with Store.open(path, now=NOW) as store:
            assert_works(store)
        assert (path.parent / "results.sqlite.broken-1").read_bytes() == whole[:cut], cut


def test_a_file_with_any_page_zeroed_never_crashes_and_loses_nothing_silently(path: Path) -> None:
    whole = filled(path)
    pages = len(whole) // 4096
    for page in range(pages):
        for name in path.parent.iterdir():
            name.unlink()
        path.write_bytes(whole[: page * 4096] + bytes(4096) + whole[(page + 1) * 4096 :])
        with Store.open(path, now=NOW) as store:
            before = store.latest()
            assert_works(store)
            if len(before) != 60:
                assert "moved aside" in store.notice, page


@pytest.mark.parametrize(
    "content",
    [b"not a database", b"\0" * 5000, os.urandom(9000), b"SQLite format 3\0" + b"\xff" * 4080],
    ids=["text", "zeros", "noise", "header only"],
)
def test_a_file_that_is_no_database_is_moved_aside(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with Store.open(path, now=NOW) as store:
        assert "moved aside to results.sqlite.broken-1, and results are kept anew" in store.notice
        assert_works(store)
    assert (path.parent / "results.sqlite.broken-1").read_bytes() == content


def test_an_empty_file_simply_becomes_the_store(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with Store.open(path, now=NOW) as store:
        assert store.notice == ""
        assert_works(store)
    assert remains(path) == []


@pytest.mark.parametrize(
    ("version", "words"),
    [(VERSION - 1, "an older version"), (VERSION + 1, "a newer version")],
    ids=["older", "newer"],
)
def test_another_schema_is_moved_aside_whole(path: Path, version: int, words: str) -> None:
    filled(path)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    with Store.open(path, now=NOW) as store:
        assert f"was written by {words} of honestdocs" in store.notice
        assert store.latest() == {}
        assert_works(store)
    aside = sqlite3.connect(path.parent / "results.sqlite.broken-1")
    assert aside.execute("SELECT count(*) FROM latest").fetchone() == (60,)
    aside.close()


def test_the_database_of_another_program_is_moved_aside_unchanged(path: Path) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE holidays (day TEXT)")
    connection.commit()
    connection.close()
    content = path.read_bytes()
    with Store.open(path, now=NOW) as store:
        assert "is the database of another program" in store.notice
        assert_works(store)
    assert (path.parent / "results.sqlite.broken-1").read_bytes() == content


def test_a_store_without_one_of_its_tables_is_moved_aside(path: Path) -> None:
    filled(path)
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE latest")
    connection.close()
    with Store.open(path, now=NOW) as store:
        assert "is damaged" in store.notice
        assert_works(store)


def test_rows_that_spell_no_result_are_damage(path: Path) -> None:
    for broken in ("outcome = 'maybe'", "mismatches = '[[1]]'", "headers = '{'", "status = x'00'"):
        shutil.rmtree(path.parent, ignore_errors=True)
        filled(path)
        connection = sqlite3.connect(path)
        connection.execute(f"UPDATE latest SET {broken} WHERE example = 7")  # noqa: S608 - ours
        connection.commit()
        connection.close()
        with Store.open(path, now=NOW) as store:
            store.latest()
            assert_works(store)
            if "status" not in broken:
                assert "is damaged: it was moved aside" in store.notice, broken


def test_each_broken_file_is_kept_under_a_name_of_its_own(path: Path) -> None:
    path.parent.mkdir()
    for _ in range(3):
        path.write_bytes(b"broken")
        Store.open(path, now=NOW).close()
    assert remains(path) == [f"results.sqlite.broken-{n}" for n in (1, 2, 3)]


def test_damage_found_while_saving_loses_nothing_of_the_run(path: Path) -> None:
    filled(path)
    with Store.open(path, now=NOW) as store:
        whole = path.read_bytes()
        path.write_bytes(whole[:4096] + os.urandom(len(whole) - 4096))
        store.save(run(5), [passed("kept", 5)])
        assert store.latest() == {"kept": passed("kept", 5)}
        assert "moved aside" in store.notice


def test_a_file_removed_while_the_store_is_open_is_made_again(path: Path) -> None:
    with Store.open(path, now=NOW) as store:
        store.save(run(0), [passed("a", 0)])
        shutil.rmtree(path.parent)
        store.save(run(1), [passed("b", 1)])
    with Store.open(path, now=NOW) as store:
        assert set(store.latest()) == {"b"}


def test_a_folder_in_its_place_is_refused_with_what_to_do(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StoreError, match=r"results\.sqlite is a folder.*move it away"):
        Store.open(path, now=NOW)


def test_a_file_where_its_folder_belongs_is_refused(path: Path) -> None:
    path.parent.write_text("a file")
    with pytest.raises(StoreError, match=r"build is not a folder"):
        Store.open(path, now=NOW)


READ_ONLY = """
    import os
    from honestdocs.contract.outcome import Outcome, Result
    from honestdocs.verification.store import Run, Store
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    with Store.open(sys.argv[1], now=1.0) as store:
        print(store.notice)
        print(len(store.latest()))
        store.save(Run(started=1.0, finished=2.0), [Result(example="new", outcome=Outcome.PASSED)])
        print(len(store.latest()))
"""


def open_to_all(folder: Path) -> None:
    """Let every user pass through the folders that pytest made for this test."""
    while folder.name and not folder.stat().st_mode & 0o005:
        folder.chmod(folder.stat().st_mode | 0o055)
        folder = folder.parent


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are POSIX's")
@pytest.mark.parametrize("kept", [60, 0], ids=["with results", "without a file"])
def test_where_nothing_can_be_written_results_live_in_memory(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "locked" / "results.sqlite"
    path.parent.mkdir()
    if kept:
        filled(path)
        path.chmod(0o444)
    open_to_all(tmp_path)
    path.parent.chmod(0o555)
    try:
        notice, before, after = finish(start(READ_ONLY, path)).splitlines()
    finally:
        path.parent.chmod(0o755)
    assert "cannot be written" in notice
    assert "results of this run are not kept" in notice
    assert (int(before), int(after)) == (kept, kept + 1)
    assert remains(path) == []


WRITER = """
    from honestdocs.contract.outcome import Outcome, Result
    from honestdocs.verification.store import Run, Store
    name = sys.argv[2]
    for number in range(25):
        with Store.open(sys.argv[1], now=1.0) as store:
            assert not store.notice, store.notice
            when = 1000.0 + number
            results = [
                Result(example=f"{name} {n}", outcome=Outcome.PASSED, checked_at=when)
                for n in range(40)
            ]
            store.save(Run(started=when, finished=when), results)
            assert len([e for e in store.latest() if e.startswith(name)]) == 40
"""


def test_processes_that_write_at_once_wait_for_each_other(path: Path) -> None:
    names = ("one", "two", "three")
    for writer in [start(WRITER, path, name) for name in names]:
        finish(writer)
    with Store.open(path, now=NOW) as store:
        assert len(store.latest()) == 40 * len(names)
        assert len(store.runs(1000)) == 25 * len(names)
        assert store.notice == ""


OPENER = """
    import time
    from honestdocs.verification.store import Run, Store
    with Store.open(sys.argv[1], now=1.0) as store:
        store.save(Run(started=1.0, finished=2.0), [])
        print(len(store.runs(1000)))
"""


def test_processes_that_find_the_same_broken_file_end_up_in_one_store(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"broken" * 1000)
    for opener in [start(OPENER, path) for _ in range(4)]:
        finish(opener)
    assert remains(path)[0] == "results.sqlite.broken-1"
    assert (path.parent / "results.sqlite.broken-1").read_bytes() == b"broken" * 1000


def test_a_store_moved_aside_by_another_is_left_for_the_new_one(path: Path) -> None:
    with Store.open(path, now=NOW) as one:
        one.save(run(0), [passed("a", 0)])
        path.rename(path.with_name("results.sqlite.broken-1"))
        with Store.open(path, now=NOW) as other:
            other.save(run(1), [passed("b", 1)])
        one.save(run(2), [passed("c", 2)])
        assert set(one.latest()) == {"b", "c"}


KILLED = """
    import os
    from honestdocs.contract.outcome import Outcome, Result
    from honestdocs.verification.store import Run, Store
    store = Store.open(sys.argv[1], now=1.0)
    store.save(Run(started=1.0, finished=2.0), [Result(example="a", outcome=Outcome.PASSED)])
    def results():
        yield from (Result(example=f"b{n}", outcome=Outcome.PASSED) for n in range(5000))
    store._database._connection.set_progress_handler(lambda: os._exit(9), 20000)
    store.save(Run(started=3.0, finished=4.0), results())
"""


def test_a_process_killed_while_writing_leaves_a_whole_store(path: Path) -> None:
    finish(start(KILLED, path), status=9)
    with Store.open(path, now=NOW) as store:
        assert set(store.latest()) == {"a"}
        assert store.notice == ""


def test_a_store_is_recognisable_and_readable_beside_a_writer(path: Path) -> None:
    with Store.open(path, now=NOW) as store:
        store.save(run(), [passed("a")])
        beside = sqlite3.connect(path)
        assert beside.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
        assert beside.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert beside.execute("SELECT count(*) FROM latest").fetchone() == (1,)
        beside.close()


def test_saving_and_loading_many_results_costs_little_beside_sqlite_itself(path: Path) -> None:
    """Ten thousand results: no absolute time, but a bound in terms of the plainest insert."""
    results = [failed(f"example {n}") for n in range(10_000)]
    begun = time.process_time()
    plain = sqlite3.connect(path.parent.parent / "plain.sqlite")
    plain.execute("CREATE TABLE t (a TEXT PRIMARY KEY, b TEXT, c TEXT, d REAL)")
    plain.executemany(
        "INSERT INTO t VALUES (?, ?, ?, ?)", ((r.example, "", "", 1.0) for r in results)
    )
    plain.commit()
    plain.close()
    unit = time.process_time() - begun
    with Store.open(path, now=NOW) as store:
        begun = time.process_time()
        store.save(run(), results)
        saved = time.process_time()
        assert len(store.latest()) == 10_000
        loaded = time.process_time()
    assert saved - begun < 60 * unit
    assert loaded - saved < 30 * unit


def test_a_store_of_before_pages_had_a_pace_gets_room_for_them(path: Path) -> None:
    filled(path)
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE paces")
    connection.close()
    with Store.open(path, now=NOW) as store:
        assert store.notice == ""
        assert store.latest()
        assert store.paces() == {}
        store.keep_paces({"one": Pace(0.5, 3), "two": Pace(0.0, 0)})
        store.keep_paces({"one": Pace(0.25, 2)})
        assert store.paces() == {"one": Pace(0.25, 2)}
