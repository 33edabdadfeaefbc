"""``honestdocs live`` as a person uses it: a page is saved, and shown proven again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from functional.command import FACT, ITEMS, page, surroundings, write_tree
from portal.living import until

SECONDS = 90
CONF = f"""
extensions = ["sphinxcontrib.httpdomain", "honestdocs"]
html_theme = "basic"
honestdocs_services = {{
    "items": {{"command": ["{{python}}", {str(ITEMS)!r}, "{{port}}"]}},
}}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    index = page("Index", ".. toctree::\n\n   fact\n   other")
    pages = {"index": index, "fact": page("Fact", FACT), "other": page("Other", "Words.")}
    return write_tree(tmp_path, {"conf.py": CONF, **pages})


@pytest.fixture
def log(tree: Path) -> Iterator[Path]:
    told = tree.parent / "live.log"
    words = [sys.executable, "-m", "honestdocs", "live", "--port", "0", "-j", "1"]
    words += ["--output", str(tree.parent / "out" / "live")]
    with told.open("wb") as sink:
        process = subprocess.Popen(
            words, cwd=tree, env=surroundings(PYTHONUNBUFFERED="1"), stdout=sink, stderr=sink
        )
    yield told
    process.terminate()
    assert process.wait(SECONDS) is not None


def steps(log: Path) -> list[str]:
    return re.findall(r"honestdocs: (read .*)", log.read_text("utf-8", "replace"))


@pytest.mark.slow
def test_a_saved_page_is_proven_and_shown_again(tree: Path, log: Path) -> None:
    until(lambda: "Waiting to detect" in log.read_text("utf-8", "replace"), "a build", SECONDS)
    (first,) = steps(log)
    assert re.fullmatch(r"read 3 pages in [\d.]+ s, proved in [\d.]+ s, wrote in [\d.]+ s", first)
    lie = (tree / "fact.rst").read_text("utf-8").replace('"answer": 42', '"answer": "many"')
    time.sleep(0.5)
    (tree / "fact.rst").write_text(lie, "utf-8")
    until(lambda: len(steps(log)) > 1, "another build", SECONDS)
    assert re.match(r"read 1 page in .* from saved to proven, .* to shown", steps(log)[1])
    shown = (tree.parent / "out" / "live" / "fact.html").read_text("utf-8")
    assert "✗ Lies" in shown
    found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text("utf-8", "replace"))
    assert found is not None
    with urllib.request.urlopen(f"{found[0]}/fact.html", timeout=10) as answer:  # noqa: S310 - our own server
        assert "✗ Lies" in answer.read().decode()
    assert os.environ.get("HONESTDOCS_TIMES") is None
