"""A check that is interrupted leaves nothing behind and nothing broken."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from functional.command import FACT, ITEMS, SECONDS, check, example, page, surroundings, write_tree

WORDS = ("--config", "services.toml", "--build-dir", "state", "-j", "1")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree that takes seconds to check, of a service that a command serves."""
    slow = (
        example(f"GET /slow/{n} HTTP/1.1", f'HTTP/1.1 200 OK\n\n{{"word": "{n}"}}')
        for n in range(60)
    )
    write_tree(tmp_path / "docs", {"index": page("Slow", *slow)})
    command = [sys.executable, str(ITEMS), "{port}", str(tmp_path / "server.pid")]
    (tmp_path / "services.toml").write_text(f"[services.slow]\ncommand = {command}\n", "utf-8")
    return tmp_path


@contextmanager
def started(folder: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A check whose server has been asked, and the id of the server."""
    process = subprocess.Popen(
        [sys.executable, "-m", "honestdocs", "check", "docs", *WORDS, *words],
        cwd=folder,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, await_server(folder / "server.pid")
    finally:
        process.kill()
        process.communicate(timeout=SECONDS)


def await_server(file: Path) -> int:
    """The id of a server, some moments after it began to serve."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if file.is_file() and (text := file.read_text("ascii")):
            time.sleep(0.6)
            return int(text)
        time.sleep(0.02)
    raise AssertionError("the server never started")


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def descendants(pid: int) -> list[int]:
    """The processes below one, as the kernel knows them."""
    parents = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(file.parent.name)] = int(file.read_text().rpartition(")")[2].split()[1])
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found[1:]


def await_end(pids: list[int]) -> list[int]:
    """Those of some processes that still run after a moment."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and any(map(is_running, pids)):
        time.sleep(0.02)
    return [pid for pid in pids if is_running(pid)]


@pytest.mark.parametrize("executor", ["inline", "threads:2", "processes:2"])
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_check_leaves_no_server_and_no_worker(
    number: signal.Signals, status: int, executor: str, tree: Path
) -> None:
    with started(tree, "--executor", executor) as (process, server):
        below = descendants(process.pid)
        assert server in below
        assert (len(below) > 1) is (executor == "processes:2")
        process.send_signal(number)
        out, err = process.communicate(timeout=SECONDS)
    assert process.returncode == status
    assert not is_running(server)
    assert await_end(below) == []
    assert "Traceback" not in err
    assert out == ""


def test_workers_end_with_a_check_that_is_killed(tree: Path) -> None:
    with started(tree, "--executor", "processes:2") as (process, server):
        below = descendants(process.pid)
        process.kill()
    below.remove(server)
    assert below
    try:
        assert await_end(below) == []
    finally:
        os.kill(server, signal.SIGKILL)


def test_an_interrupted_check_loses_nothing_of_the_one_before(tree: Path) -> None:
    slow = (tree / "docs" / "index.rst").read_text("utf-8")
    write_tree(tree / "docs", {"index": page("Facts", FACT)})
    assert check(tree, "--config", "services.toml").status == 0
    (tree / "server.pid").unlink()
    write_tree(tree / "docs", {"index": page("Facts", FACT), "slow": f":orphan:\n\n{slow}"})
    with started(tree) as (process, _):
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=SECONDS)
    ended = check(tree, "--config", "services.toml", "--offline")
    assert ended.status == 0, ended.err
    assert ended.outcomes()["index::GET /fact"] == "passed"


def test_a_server_is_stopped_when_all_is_done(tmp_path: Path) -> None:
    write_tree(tmp_path / "docs", {"index": page("Facts", FACT)})
    command = [sys.executable, str(ITEMS), "{port}", str(tmp_path / "server.pid")]
    (tmp_path / "services.toml").write_text(f"[services.fact]\ncommand = {command}\n", "utf-8")
    ended = check(tmp_path, "--config", "services.toml")
    assert ended.status == 0, ended.out
    assert not is_running(int((tmp_path / "server.pid").read_text("ascii")))
    assert ended.json["services"][0]["url"] == ""
    assert ended.json["services"][0]["version"] == "1.0.0 (c0ffee)"
