"""The store, the same tests over every database: its clock, its lives, its conditions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import delete, insert, select

from syncserver.authentication import UserId
from syncserver.database import Database, open_database
from syncserver.schema import COLLECTIONS, RECORDS, USERS
from syncserver.storage.record import Draft, Record
from syncserver.storage.selection import Selection, Sort
from syncserver.storage.sqlstore import SqlStore
from syncserver.storage.store import UNCONDITIONAL, Conditions, Place, Refusal, Written

T = TypeVar("T")
NOW = 130_000_000_000


class Shelf:
    """A collection of a user in a store, at times that the test names."""

    def __init__(self, database: Database, user: UserId, collection: str = "col") -> None:
        self.database = database
        self.store = SqlStore(database)
        self.user = user
        self.place = Place(user=user, collection=collection)

    def run(self, act: Coroutine[Any, Any, T]) -> T:
        return asyncio.run(act)

    def write(
        self, *drafts: Draft, now: int = NOW, conditions: Conditions = UNCONDITIONAL
    ) -> Written | Refusal:
        return self.run(self.store.write(self.place, drafts, conditions, now))

    def put(self, *drafts: Draft, now: int = NOW) -> int:
        written = self.write(*drafts, now=now)
        assert isinstance(written, Written), written
        return written.modified

    def read(self, record_id: str, now: int = NOW) -> Record | None:
        found = self.run(self.store.read_record(self.place, record_id, now)).records
        return found[0] if found else None

    def list(self, now: int = NOW, **conditions: Any) -> Sequence[str]:
        return self.run(self.store.list_ids(self.place, Selection(**conditions), now)).ids

    def delete(
        self, now: int = NOW, since: int | None = None, **conditions: Any
    ) -> Written | Refusal:
        needed = Conditions(unmodified_since=since)
        return self.run(self.store.delete(self.place, Selection(**conditions), needed, now))

    def times(self, now: int = NOW) -> dict[str, int]:
        return dict(self.run(self.store.list_times(self.user, now)).members)


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    opened = open_database(database_url, tmp_path)
    yield opened
    opened.close()


def add_user(database: Database, name: str) -> UserId:
    made = asyncio.run(
        database.write(
            lambda connection: connection.execute(
                insert(USERS).values(name=name, password="").returning(USERS.c.id)
            ).scalar_one()
        )
    )
    return UserId(made)


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database, add_user(database, "joe"))


def test_a_record_comes_back_as_it_was_written(shelf: Shelf) -> None:
    payload = "\u00e9\0\ud800".encode("utf-8", "surrogatepass")
    time = shelf.put(Draft("a", payload, 7, "p", "q"))
    assert time == NOW
    assert shelf.read("a") == Record("a", NOW, payload, 7, "p", "q")
    assert shelf.read("b") is None


def test_each_change_has_a_later_time_whatever_the_clock_says(shelf: Shelf) -> None:
    times = [shelf.put(Draft("a", b""), now=NOW - back) for back in (0, 0, 500, 1)]
    assert times == [NOW, NOW + 1, NOW + 2, NOW + 3]
    assert shelf.put(Draft("a", b""), now=NOW + 100) == NOW + 100


def test_the_clock_of_one_user_is_nothing_to_another(database: Database, shelf: Shelf) -> None:
    other = Shelf(database, add_user(database, "jane"))
    shelf.put(Draft("a", b"x"), now=NOW + 500)
    assert other.put(Draft("a", b"y")) == NOW
    assert other.read("a") == Record("a", NOW, b"y")
    assert other.delete() == Written(clock=NOW + 1, modified=NOW + 1)
    assert shelf.read("a") is not None


def test_a_deletion_sets_the_clock_on_if_there_was_something_to_delete(shelf: Shelf) -> None:
    shelf.put(Draft("a", b""))
    assert shelf.delete(ids=("a",)) == Written(clock=NOW + 1, modified=NOW + 1)
    assert shelf.delete(ids=("a",)) == Written(clock=NOW + 1, modified=NOW + 1)
    assert shelf.put(Draft("a", b"")) == NOW + 2


def test_a_payload_replaces_the_payload_and_leaves_what_is_not_named(shelf: Shelf) -> None:
    shelf.put(Draft("a", b"x", 7, "p", "q"))
    shelf.put(Draft("a", b"y", parentid="r"), now=NOW + 10)
    assert shelf.read("a") == Record("a", NOW + 10, b"y", 7, "r", "q")


def test_without_a_payload_only_the_named_fields_change_and_no_time(shelf: Shelf) -> None:
    shelf.put(Draft("a", b"x", 7, ttl=100))
    assert shelf.put(Draft("a", sortindex=8), now=NOW + 10) == NOW
    assert shelf.read("a") == Record("a", NOW, b"x", 8)
    assert shelf.times() == {"col": NOW}
    assert shelf.read("a", now=NOW + 99_00) is not None
    assert shelf.read("a", now=NOW + 100_00) is None


def test_a_new_record_needs_a_payload(shelf: Shelf) -> None:
    written = shelf.write(Draft("a", sortindex=1))
    assert isinstance(written, Written)
    assert written.missing == {"a"}
    assert shelf.times() == {}
    written = shelf.write(Draft("a", b"x"), Draft("b", sortindex=1))
    assert isinstance(written, Written)
    assert written.missing == {"b"}
    assert shelf.list() == ["a"]


def test_a_record_is_gone_from_everything_when_its_life_has_ended(shelf: Shelf) -> None:
    shelf.put(Draft("a", b"x", 7, ttl=10), Draft("b", b"yy", ttl=20))
    later = NOW + 10_00
    assert shelf.read("a", now=later - 1) is not None
    assert shelf.read("a", now=later) is None
    assert shelf.list(now=later) == ["b"]
    assert shelf.run(shelf.store.count_records(shelf.user, later)).members == {"col": 1}
    assert shelf.run(shelf.store.measure_collections(shelf.user, later)).members == {"col": 2}
    assert shelf.times(now=later) == {"col": NOW}
    assert shelf.times(now=NOW + 20_00) == {}


def test_writing_over_an_ended_record_makes_a_new_one(shelf: Shelf) -> None:
    shelf.put(Draft("a", b"x", 7, "p", "q", ttl=10))
    later = NOW + 10_00
    written = shelf.write(Draft("a", sortindex=1), now=later)
    assert isinstance(written, Written)
    assert written.missing == {"a"}
    shelf.put(Draft("a", b"y"), now=later)
    assert shelf.read("a", now=later + 10**9) == Record("a", later, b"y")


def test_ended_records_are_purged_and_the_others_stay(shelf: Shelf) -> None:
    shelf.put(*[Draft(str(number), b"x", ttl=10) for number in range(5)], Draft("z", b"x"))
    assert shelf.run(shelf.store.purge(NOW, 3)) == 0
    assert shelf.run(shelf.store.purge(NOW + 10_00, 3)) == 3
    assert shelf.run(shelf.store.purge(NOW + 10_00, 3)) == 2
    assert shelf.list() == ["z"]


@pytest.mark.parametrize(
    ("conditions", "ids"),
    [
        ({}, "abcd"),
        ({"ids": ("c", "a", "nobody")}, "ac"),
        ({"ids": ()}, ""),
        ({"newer": NOW}, "bcd"),
        ({"older": NOW + 2}, "ab"),
        ({"newer": NOW, "older": NOW + 2}, "b"),
        ({"index_above": 1}, "cd"),
        ({"index_below": 2.5}, "ab"),
        ({"index_above": 1.5, "index_below": 3}, ""),
        ({"parentid": "p"}, "ab"),
        ({"predecessorid": "q", "parentid": "p"}, "b"),
        ({"sort": Sort.NEWEST}, "dcba"),
        ({"sort": Sort.OLDEST, "limit": 2}, "ab"),
        ({"sort": Sort.INDEX, "limit": 2}, "dc"),
        ({"sort": Sort.NEWEST, "limit": 2, "offset": 1}, "cb"),
        ({"limit": 5, "offset": 4}, ""),
        ({"limit": 2**62, "offset": 2**62}, ""),
    ],
)
def test_reading_and_deleting_select_the_same_records(
    shelf: Shelf, conditions: dict[str, Any], ids: str
) -> None:
    drafts = [
        Draft("a", b"", 1, "p"),
        Draft("b", b"", 1, "p", "q"),
        Draft("c", b"", 3),
        Draft("d", b"", 9),
    ]
    for draft in drafts:
        shelf.put(draft)
    assert "".join(shelf.list(**conditions)) == ids
    reading = shelf.run(shelf.store.read_records(shelf.place, Selection(**conditions), NOW))
    assert "".join(record.id for record in reading.records) == ids
    shelf.delete(**conditions)
    assert "".join(shelf.list()) == "".join(sorted(set("abcd") - set(ids)))


def test_records_without_an_index_come_last(shelf: Shelf) -> None:
    shelf.put(Draft("a", b""), Draft("b", b"", 1), Draft("c", b"", -1))
    assert shelf.list(sort=Sort.INDEX) == ["b", "c", "a"]


def test_a_collection_moves_on_when_its_newest_record_is_deleted(shelf: Shelf) -> None:
    shelf.put(Draft("a", b""))
    shelf.put(Draft("b", b""))
    shelf.delete(ids=("b",))
    assert shelf.times() == {"col": NOW + 2}
    shelf.delete(ids=("a",))
    assert shelf.times() == {}


def test_a_change_is_refused_when_the_collection_is_newer(shelf: Shelf) -> None:
    shelf.put(Draft("a", b"x"))
    before, now = Conditions(unmodified_since=NOW - 1), Conditions(unmodified_since=NOW)
    assert shelf.write(Draft("a", b"y"), conditions=before) is Refusal.MODIFIED
    assert shelf.write(Draft("a", sortindex=1), conditions=before) is Refusal.MODIFIED
    assert shelf.delete(since=NOW - 1) is Refusal.MODIFIED
    assert shelf.read("a") == Record("a", NOW, b"x")
    assert shelf.run(shelf.store.examine(shelf.place, before, NOW)) is Refusal.MODIFIED
    assert shelf.run(shelf.store.examine(shelf.place, now, NOW)) is None
    assert isinstance(shelf.write(Draft("a", b"y"), conditions=now), Written)
    other = Shelf(shelf.database, shelf.user, "another")
    assert isinstance(other.write(Draft("a", b"y"), conditions=before), Written)


def test_a_refusal_leaves_the_clock_alone(shelf: Shelf) -> None:
    shelf.put(Draft("a", b"x"))
    shelf.write(Draft("a", b"y"), conditions=Conditions(unmodified_since=0))
    assert shelf.put(Draft("a", b"y")) == NOW + 1


def test_everything_is_deleted_unless_anything_is_newer(shelf: Shelf) -> None:
    other = Shelf(shelf.database, shelf.user, "another")
    shelf.put(Draft("a", b""))
    other.put(Draft("a", b""))
    late = Conditions(unmodified_since=NOW)
    assert shelf.run(shelf.store.delete_everything(shelf.user, late, NOW)) is Refusal.MODIFIED
    kept = shelf.run(shelf.store.delete_everything(shelf.user, UNCONDITIONAL, NOW))
    assert kept == Written(clock=NOW + 2, modified=NOW + 2)
    assert shelf.times() == {}


def test_the_write_that_crosses_the_quota_is_the_last(shelf: Shelf) -> None:
    conditions = Conditions(quota=10)
    written = [shelf.write(Draft(str(n), b"xxxxxx"), conditions=conditions) for n in range(3)]
    assert [getattr(item, "left", item) for item in written] == [10, 4, Refusal.OVER_QUOTA]


def test_which_refusal_goes_first_is_for_the_caller_to_say(shelf: Shelf) -> None:
    shelf.put(Draft("a", b"x"))
    both = {"quota": 1, "unmodified_since": 0}
    quota_first = Conditions(**both, quota_first=True)
    assert shelf.write(Draft("a", b"y"), conditions=Conditions(**both)) is Refusal.MODIFIED
    assert shelf.write(Draft("a", b"y"), conditions=quota_first) is Refusal.OVER_QUOTA


def test_nothing_is_written_for_an_account_that_is_gone(database: Database, shelf: Shelf) -> None:
    shelf.put(Draft("a", b"x"))
    gone = delete(USERS).where(USERS.c.id == shelf.user)
    asyncio.run(database.write(lambda connection: connection.execute(gone).rowcount))
    assert shelf.write(Draft("a", b"x")) is Refusal.NO_USER
    assert shelf.delete() is Refusal.NO_USER

    def count(connection: Any) -> int:
        tables = (COLLECTIONS, RECORDS)
        return sum(len(connection.execute(select(table)).all()) for table in tables)

    assert asyncio.run(database.read(count)) == 0


def test_writers_of_one_user_do_not_get_in_each_others_way(
    database: Database, shelf: Shelf
) -> None:
    second = SqlStore(database)

    async def write_all() -> list[Written | Refusal]:
        acts = [
            (second if number % 2 else shelf.store).write(
                Place(user=shelf.user, collection=f"col{number % 3}"),
                [Draft(str(number), b"x")],
                UNCONDITIONAL,
                NOW,
            )
            for number in range(60)
        ]
        return await asyncio.gather(*acts)

    written = asyncio.run(write_all())
    clocks = sorted(item.clock for item in written if isinstance(item, Written))
    assert clocks == list(range(NOW, NOW + 60))


def test_the_condition_and_the_write_are_one_act(shelf: Shelf) -> None:
    """Of several clients that all saw the same state only one may write."""
    shelf.put(Draft("a", b"x"))
    race: Callable[[int], Coroutine[Any, Any, Written | Refusal]] = lambda number: (  # noqa: E731
        shelf.store.write(
            shelf.place, [Draft("a", b"%d" % number)], Conditions(unmodified_since=NOW), NOW
        )
    )

    async def run_all() -> list[Written | Refusal]:
        return await asyncio.gather(*map(race, range(20)))

    outcomes = asyncio.run(run_all())
    assert sum(isinstance(item, Written) for item in outcomes) == 1
