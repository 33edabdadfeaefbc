"""The database that services share: its tables, its transactions, its end."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from servers.postgresql import create_database
from syncserver.database import Database, DatabaseError, DatabaseSettings, open_database
from syncserver.schema import METADATA, USERS
from syncserver.service import UnavailableError

ROOT = Path(__file__).parents[2]
TIMEOUT = 60


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs_postgresql)])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield ""
    else:
        with create_database() as made:
            yield made


@pytest.fixture
def database(url: str, tmp_path: Path) -> Iterator[Database]:
    opened = open_database(url, tmp_path)
    yield opened
    opened.close()


def add_user(name: str | None) -> Any:
    def work(connection: Connection) -> int:
        connection.execute(insert(USERS).values(name=name, password=""))
        return 1

    return work


def count_users(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(USERS)).scalar_one()


def test_the_tables_are_those_that_the_statements_are_made_for(database: Database) -> None:
    def compare(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))

    assert asyncio.run(database.read(compare)) == []


def test_servers_that_start_at_the_same_time_share_the_work(url: str, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from syncserver.database import open_database;"
        "open_database(sys.argv[1], Path(sys.argv[2])).close()"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", code, url, str(tmp_path)],
            env={"PYTHONPATH": str(ROOT / "reference")},
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    ends = [process.communicate(timeout=TIMEOUT)[1] for process in started]
    assert ends == [""] * 4
    assert [process.returncode for process in started] == [0] * 4


def test_opening_a_second_time_keeps_what_is_there(
    database: Database, url: str, tmp_path: Path
) -> None:
    asyncio.run(database.write(add_user("joe")))
    again = open_database(url, tmp_path)
    assert asyncio.run(again.read(count_users)) == 1
    again.close()


def test_a_fault_meets_only_the_work_whose_it_is(database: Database) -> None:
    def fail(_connection: Connection) -> None:
        raise ZeroDivisionError

    async def run() -> list[Any]:
        works = [add_user("a"), add_user(None), fail, add_user("a"), add_user("b")]
        return await asyncio.gather(*map(database.write, works), return_exceptions=True)

    outcomes = asyncio.run(run())
    assert [type(item) for item in outcomes] == [
        int,
        IntegrityError,
        ZeroDivisionError,
        IntegrityError,
        int,
    ]
    assert asyncio.run(database.read(count_users)) == 2


def test_what_a_failed_work_wrote_is_undone(database: Database) -> None:
    def write_and_fail(connection: Connection) -> None:
        add_user("a")(connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(database.write(write_and_fail))
    assert asyncio.run(database.read(count_users)) == 0


def test_works_that_wait_together_share_a_commit(database: Database) -> None:
    """All that is queued while the first one holds the writer is in one transaction."""

    def tell(connection: Connection) -> object:
        connection.execute(text("SELECT 1"))
        return connection.get_transaction()

    async def run() -> list[object]:
        return await asyncio.gather(*[database.write(tell) for _ in range(200)])

    # All are kept until they are counted, so that none takes the place of another.
    assert 200 / 64 <= len(set(map(id, asyncio.run(run())))) < 50


def test_a_closed_database_has_finished_what_was_queued(url: str, tmp_path: Path) -> None:
    opened = open_database(url, tmp_path)

    async def run() -> list[int]:
        tasks = [asyncio.create_task(opened.write(add_user(str(n)))) for n in range(20)]
        await asyncio.sleep(0)
        await asyncio.to_thread(opened.close)
        return await asyncio.gather(*tasks)

    assert asyncio.run(run()) == [1] * 20
    again = open_database(url, tmp_path)
    assert asyncio.run(again.read(count_users)) == 20
    again.close()


@pytest.mark.needs_postgresql
def test_a_connection_that_died_is_made_anew(tmp_path: Path) -> None:
    with create_database() as url:
        database = open_database(url, tmp_path, DatabaseSettings(readers=1, writers=1))
        asyncio.run(database.check())
        killer = open_database(url, tmp_path)
        kill = text(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        asyncio.run(killer.read(lambda connection: connection.execute(kill).scalar_one()))
        assert asyncio.run(database.write(add_user("joe"))) == 1
        assert asyncio.run(database.read(count_users)) == 1
        killer.close()
        database.close()


@pytest.mark.needs_postgresql
def test_a_database_that_went_away_is_unavailable(tmp_path: Path) -> None:
    with create_database() as url:
        database = open_database(url, tmp_path)
        asyncio.run(database.check())
    with pytest.raises(UnavailableError):
        asyncio.run(database.check())
    database.close()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("not a url", "not a URL"),
        ("mysql://joe@127.0.0.1/sync", "mysql"),
        ("postgresql://joe:secret@127.0.0.1:1/sync", "refused"),
    ],
)
def test_a_database_that_cannot_be_used_is_named_without_its_password(
    url: str, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(DatabaseError) as error:
        open_database(url, tmp_path)
    assert reason in str(error.value)
    assert "secret" not in str(error.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseError, match="file"):
        open_database("", tmp_path / "file" / "data")


def test_a_database_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    opened = open_database("", tmp_path)
    later = text("UPDATE alembic_version SET version_num = '9999'")
    asyncio.run(opened.write(lambda connection: connection.execute(later).rowcount))
    opened.close()
    with pytest.raises(DatabaseError, match="9999"):
        open_database("", tmp_path)
