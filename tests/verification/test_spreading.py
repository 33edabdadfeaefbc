"""Work is spread over workers: nothing is lost and nothing is done twice, whoever dies."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from honestdocs.verification.errors import ExecutorError
from honestdocs.verification.executor import parse_executor
from honestdocs.verification.spreading import Crew, Lost
from verification.labour import die, die_once, double, doze, fail

NUMBERS = tuple(range(12))
POOLS = ("threads:3", "processes:2")


def crew(text: str) -> Crew:
    return Crew(parse_executor(text))


@pytest.mark.parametrize("pool", POOLS)
def test_every_task_is_done_once(pool: str) -> None:
    with crew(pool) as workers:
        found = list(workers.spread(double, NUMBERS, 16))
        again = list(workers.spread(double, NUMBERS[:2], 16))
    assert sorted(found) == [(number, 2 * number) for number in NUMBERS]
    assert sorted(again) == [(0, 0), (1, 2)]


@pytest.mark.parametrize("pool", POOLS)
def test_an_error_in_a_worker_is_told_and_ends_nothing_else(pool: str) -> None:
    with crew(pool) as workers:
        found = dict(workers.spread(fail, NUMBERS, 16))
    lost = found.pop(3)
    assert isinstance(lost, Lost)
    assert lost.reason == "its worker could not check it: ValueError: three is too much"
    assert found == {number: 2 * number for number in NUMBERS if number != 3}


def test_what_a_killed_process_had_in_hand_is_done_by_another(tmp_path: Path) -> None:
    tasks = [(str(tmp_path), number) for number in NUMBERS]
    with crew("processes:2") as workers:
        found = list(workers.spread(die_once, tasks, 16))
    assert sorted(found) == [(task, 2 * task[1]) for task in tasks]
    assert (tmp_path / "killed").exists()


def test_what_kills_its_worker_each_time_is_given_up_alone() -> None:
    with crew("processes:2") as workers:
        found = dict(workers.spread(die, NUMBERS, 16))
    lost = found.pop(3)
    assert isinstance(lost, Lost)
    assert "ended unexpectedly" in lost.reason
    assert found == {number: 2 * number for number in NUMBERS if number != 3}


def test_no_more_is_under_way_than_was_asked_for() -> None:
    lock = threading.Lock()
    now: list[int] = []
    most: list[int] = []

    def count(number: int, stopped: Callable[[], bool] = bool) -> int:
        with lock:
            now.append(number)
            most.append(len(now))
        doze(0.02, stopped)
        with lock:
            now.remove(number)
        return number

    with crew("threads:8") as workers:
        assert len(list(workers.spread(count, NUMBERS, 2))) == len(NUMBERS)
        assert max(most) == 2
        most.clear()
        assert len(list(workers.spread(count, NUMBERS, 16))) == len(NUMBERS)
        assert 2 < max(most) <= 8


@pytest.mark.parametrize("pool", POOLS)
def test_an_interruption_does_not_wait_for_what_is_under_way(pool: str) -> None:
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        _interrupt(pool)
    assert time.monotonic() - began < 50


def _interrupt(pool: str) -> None:
    with crew(pool) as workers:
        assert next(workers.spread(doze, (0.0, 100.0, 100.0, 100.0), 16)) == (0.0, False)
        raise KeyboardInterrupt


def test_nobody_is_called_before_there_is_work() -> None:
    threads = threading.active_count()
    with crew("threads:4") as workers:
        assert list(workers.spread(double, (), 16)) == []
        assert threading.active_count() == threads
        list(workers.spread(double, NUMBERS, 16))
        assert threading.active_count() > threads
    assert threading.active_count() == threads


@pytest.mark.parametrize(
    "text", ["", "thread:2", "threads", "threads:0", "threads:-1", "processes:two", "INLINE"]
)
def test_what_names_no_executor_is_refused_with_those_that_are_known(text: str) -> None:
    with pytest.raises(ExecutorError, match=r"names no executor; known are inline, threads:N"):
        parse_executor(text)


def test_inline_is_nobody_else() -> None:
    assert crew("inline").inline
    assert not crew("threads:1").inline
