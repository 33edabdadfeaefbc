"""The benches run, so that a figure can be had on the day that somebody wants one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from servers.nginx import find_nginx

ROOT = Path(__file__).resolve().parent.parent


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "tests/bench", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.needs_nginx
@pytest.mark.skipif(find_nginx() is None, reason="there is no nginx")
def test_a_bench_prints_a_table_of_figures() -> None:
    done = bench("--quick", "transport")
    assert done.returncode == 0, done.stderr
    assert "before the run" in done.stdout
    rows = [line.split() for line in done.stdout.splitlines()]
    assert {"1", "16", "64"} <= {row[0] for row in rows if len(row) == 5}, done.stdout


def test_a_bench_that_there_is_not_is_told_with_those_that_there_are() -> None:
    done = bench("nothing")
    assert done.returncode == 2
    assert "unknown: nothing; known are examples, builds, " in done.stderr
