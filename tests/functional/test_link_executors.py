"""Whoever asks for the links of a tree, what is told is the same."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from functional.command import SECONDS, Ended, honestdocs, surroundings, write_tree
from servers.cluster import serving_cluster
from servers.web import Web, serve_web

POOLS = ("threads:3", "processes:2")


def tree(folder: Path, *webs: Web) -> Path:
    """A page with links of every kind to some hosts, one of which redirects to the next."""
    lines = ["Links", "=====", ""]
    for web in webs:
        paths = ("page", "page#first", "page#frist", "nothing", "scripted#made", "gone")
        lines += [f"* `link <{web.url}/{path}>`_" for path in paths]
    return write_tree(folder, {"docs/index": "\n".join([*lines, ""])})


def links(folder: Path, *words: str) -> Ended:
    kept = ("--build-dir", "state", "--json", "report.json", "-j", "1")
    return honestdocs(folder, "links", "docs", *words, *kept)


def told(ended: Ended) -> list[dict[str, Any]]:
    """The findings as JSON lines."""
    return [json.loads(line) for line in ended.report.splitlines()]


@pytest.mark.parametrize("pool", POOLS)
def test_workers_find_of_links_what_is_found_without_them(pool: str, tmp_path: Path) -> None:
    with serve_web() as one, serve_web() as two, serve_web() as three:
        tree(tmp_path, one, two, three)
        inline = links(tmp_path, "--all")
        before = [sorted(asked[:2] for asked in web.asked) for web in (one, two, three)]
        for web in (one, two, three):
            web.asked.clear()
            web.seen.clear()
        ended = links(tmp_path, "--all", "--executor", pool)
        after = [sorted(asked[:2] for asked in web.asked) for web in (one, two, three)]
        assert ended.status == inline.status == 1, ended.err
        assert [_plain(found) for found in told(ended)] == [_plain(f) for f in told(inline)]
        assert len(told(ended)) >= 12
        assert after == before
        asked = len(one.asked)
        again = links(tmp_path, "--executor", pool)
        assert len(one.asked) == asked
        assert [_brief(found) for found in told(again)] == [_brief(f) for f in told(inline)]


def _brief(found: dict[str, Any]) -> tuple[str, str, int]:
    return found["uri"], found["status"], found["code"]


def _plain(found: dict[str, Any]) -> dict[str, Any]:
    """A finding without times."""
    hidden = {"broken_since"}
    return {name: value for name, value in found.items() if name not in hidden}


def test_a_cluster_of_two_of_which_one_is_killed_asks_for_all_links(tmp_path: Path) -> None:
    with (
        serve_web() as one,
        serve_web() as two,
        serving_cluster(tmp_path / "cluster", "one", "two") as cluster,
    ):
        tree(tmp_path, one, two)
        inline = links(tmp_path, "--all")
        for web in (one, two):
            web.asked.clear()
            web.seen.clear()
        words = ("links", "docs", "--all", "--build-dir", "state", "--json", "report.json", "-q")
        process = subprocess.Popen(
            [sys.executable, "-m", "honestdocs", *words, "--executor", cluster.address],
            cwd=tmp_path,
            env=surroundings(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        end = time.monotonic() + SECONDS
        while not (one.asked or two.asked) and time.monotonic() < end:
            time.sleep(0.01)
        cluster.kill("one")
        out, err = process.communicate(timeout=SECONDS)
        report = (tmp_path / "report.json").read_text("utf-8")
        ended = Ended(status=process.returncode, out=out, err=err, report=report)
    assert (ended.status, err) == (1, "")
    assert [_plain(found) for found in told(ended)] == [_plain(f) for f in told(inline)]


def test_an_interrupted_check_of_links_leaves_no_worker(tmp_path: Path) -> None:
    with serve_web() as web:
        lines = "\n".join(f"* `link <{web.url}/page/{n}>`_" for n in range(400))
        write_tree(tmp_path, {"docs/index": f"Links\n=====\n\n{lines}\n"})
        process = subprocess.Popen(
            [sys.executable, "-m", "honestdocs", "links", "docs", "--executor", "threads:2"],
            cwd=tmp_path,
            env=surroundings(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        end = time.monotonic() + SECONDS
        while not web.asked and time.monotonic() < end:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 130
    assert "Traceback" not in err


def test_who_asks_must_be_known(tmp_path: Path) -> None:
    write_tree(tmp_path, {"docs/index": "A\n=\n"})
    ended = links(tmp_path, "--executor", "many")
    assert ended.status == 2
    assert "'many' names no executor" in ended.err
