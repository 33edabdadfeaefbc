"""Examples are sent by the workers of a Dask cluster: real processes, some of which are killed."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from functional.command import (
    FACT,
    ITEMS,
    SECONDS,
    Ended,
    check,
    example,
    page,
    surroundings,
    write_tree,
)
from functional.test_executors import LIE, slow, told
from servers.cluster import Cluster, serving_cluster
from servers.items import ItemServer
from servers.misbehaving import nobody

pytestmark = pytest.mark.slow
SECRET = "t0k3n-that-nobody-may-see"
PAGES = 12


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Pages that each take about half a second."""
    pages = {f"p{n}": page(f"P{n}", *(slow(f"{n}{m}") for m in "abc")) for n in range(PAGES)}
    write_tree(tmp_path / "docs", {"index": page("Index", FACT), **pages})
    return tmp_path


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler and two workers."""
    with serving_cluster(tmp_path / "cluster", "one", "two") as started:
        yield started


@contextmanager
def checking(
    folder: Path, service: ItemServer, cluster: Cluster
) -> Iterator[subprocess.Popen[str]]:
    """A check that has sent its first requests; what dead workers had begun is forgotten."""
    service.items.reset()
    words = ("check", "docs", "--url", service.url, "--build-dir", "state", "-j", "1")
    more = ("--json", "report.json", "--executor", cluster.address, "--all")
    process = subprocess.Popen(
        [sys.executable, "-m", "honestdocs", *words, *more],
        cwd=folder,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        end = time.monotonic() + SECONDS
        while service.items.sent() < 4 and time.monotonic() < end:
            time.sleep(0.02)
        yield process
    finally:
        process.kill()
        process.communicate(timeout=SECONDS)


def end_of(process: subprocess.Popen[str], folder: Path) -> Ended:
    """What a check ended with."""
    out, err = process.communicate(timeout=SECONDS)
    report = (folder / "report.json").read_text("utf-8")
    assert "Traceback" not in err
    return Ended(status=process.returncode, out=out, err=err, report=report)


def test_workers_of_a_cluster_find_what_is_found_without_them_and_learn_no_secret(
    service: ItemServer, cluster: Cluster, tmp_path: Path
) -> None:
    asked = "GET /whoami HTTP/1.1\nAuthorization: Bearer <token>"
    who = example(asked, 'HTTP/1.1 200 OK\n\n{"user": "bob", "authorization": "nothing"}')
    pages = {"who": page("Who", who), "lying": page("Lying", LIE), "slow": page("S", slow("a"))}
    write_tree(tmp_path / "docs", {"index": page("Index", FACT), **pages})
    config = f"""[services.who]
url = "{service.url}"
[services.who.credentials]
Authorization = "Bearer ${{WHO_TOKEN}}"
"""
    (tmp_path / "who.toml").write_text(config, "utf-8")
    env = {"WHO_TOKEN": SECRET}
    inline = check(tmp_path, "--config", "who.toml", env=env)
    words = ("--config", "who.toml", "--all", "--executor", cluster.address)
    ended = check(tmp_path, *words, env=env)
    assert ended.status == inline.status == 1, ended.err
    assert told(ended) == told(inline)
    assert ended.err.count("\n") <= inline.err.count("\n") + 1
    assert sum(SECRET.encode() in one.raw for one in service.items.asked) == 2
    for file in cluster.folder.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes()


def test_a_worker_that_is_killed_in_mid_run_loses_nothing_and_nothing_is_told_twice(
    tree: Path, service: ItemServer, cluster: Cluster
) -> None:
    with checking(tree, service, cluster) as process:
        cluster.kill("one")
        ended = end_of(process, tree)
    assert ended.status == 0, ended.out
    assert set(ended.outcomes().values()) == {"passed"}
    assert len(ended.outcomes()) == 3 * PAGES + 1
    with sqlite3.connect(tree / "state" / "honestdocs.sqlite") as database:
        (records,) = database.execute("SELECT count(*) FROM records").fetchone()
    assert records == 3 * PAGES + 1
    counts = service.items.counts()
    assert set(counts) == {f"GET /slow/{n}{m}" for n in range(PAGES) for m in "abc"} | {"GET /fact"}
    assert max(counts.values()) == 2


def test_a_worker_that_comes_after_another_was_lost_goes_on(
    tree: Path, service: ItemServer, cluster: Cluster
) -> None:
    with checking(tree, service, cluster) as process:
        cluster.kill("one")
        cluster.kill("two")
        cluster.start_worker("three")
        ended = end_of(process, tree)
    assert ended.status == 0, ended.out
    assert len(ended.outcomes()) == 3 * PAGES + 1


def test_a_cluster_that_loses_all_workers_leaves_what_could_not_be_checked(
    tree: Path, service: ItemServer, cluster: Cluster
) -> None:
    with checking(tree, service, cluster) as process:
        cluster.kill("one")
        cluster.kill("two")
        ended = end_of(process, tree)
    assert ended.status == 3, ended.out
    assert "the cluster has lost all its workers" in ended.out
    assert set(ended.outcomes().values()) <= {"passed", "error"}
    assert len(ended.outcomes()) == 3 * PAGES + 1


def test_a_scheduler_that_is_killed_leaves_what_could_not_be_checked(
    tree: Path, service: ItemServer, cluster: Cluster
) -> None:
    with checking(tree, service, cluster) as process:
        cluster.kill("scheduler")
        ended = end_of(process, tree)
    assert ended.status == 3, ended.out
    assert "scheduler" in ended.out.partition("Could not be checked")[2]
    assert len(ended.outcomes()) == 3 * PAGES + 1


def test_an_interrupted_check_leaves_the_cluster_as_it_was(
    tree: Path, service: ItemServer, cluster: Cluster
) -> None:
    with checking(tree, service, cluster) as process:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=SECONDS)
    assert "Traceback" not in err
    assert (process.returncode, out) == (130, "")
    service.items.reset()
    assert check(tree, "--url", service.url, "--executor", cluster.address).status == 0


def test_a_service_that_is_started_here_is_told_to_be_out_of_reach_where_something_is_amiss(
    cluster: Cluster, tmp_path: Path
) -> None:
    hole = example("GET /fact?q=<what> HTTP/1.1", "HTTP/1.1 200 OK\n")
    write_tree(tmp_path / "docs", {"index": page("Facts", FACT), "hole": page("Hole", hole)})
    command = [sys.executable, str(ITEMS), "{port}"]
    (tmp_path / "services.toml").write_text(f"[services.fact]\ncommand = {command}\n", "utf-8")
    ended = check(tmp_path, "--config", "services.toml", "--executor", cluster.address)
    assert ended.status == 3
    assert ended.outcomes()["index::GET /fact"] == "passed"
    assert "service fact was started on this machine" in ended.json["notes"][0]


def refused(ended: Ended, *said: str) -> None:
    """It ended with one line that says all this."""
    assert ended.status == 2
    assert ended.err.count("\n") == 1
    for each in said:
        assert each in ended.err


def test_an_address_where_nobody_schedules_is_a_mistake_of_usage(
    tree: Path, service: ItemServer
) -> None:
    with nobody() as port:
        address = f"tcp://127.0.0.1:{port}"
        ended = check(tree, "--url", service.url, "--executor", address, "-q")
    refused(ended, f"--executor {address}: no Dask scheduler answers there")


def test_a_cluster_must_have_workers_of_the_same_release(
    tree: Path, service: ItemServer, tmp_path: Path
) -> None:
    with serving_cluster(tmp_path / "cluster") as cluster:
        words = ("--url", service.url, "--executor", cluster.address, "-q")
        refused(check(tree, *words), "has no workers; start one with dask worker tcp://")
        other = tmp_path / "other" / "honestdocs-9.9.9.dist-info"
        other.mkdir(parents=True)
        (other / "METADATA").write_text("Metadata-Version: 2.1\nName: honestdocs\nVersion: 9.9.9\n")
        cluster.start_worker("late", PYTHONPATH=str(other.parent))
        refused(check(tree, *words), "has honestdocs 9.9.9; install honestdocs 0.1.0 there")
    assert service.items.sent() == 0
