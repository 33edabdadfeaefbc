"""The tree of others, against their real server: adopt it under a baseline, then plant a lie."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from functional.command import run

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpora" / "kinto"
SERVER = ROOT / "build" / "kinto" / "venv" / ".ready"
PLANTED = """

Planted
=======

.. sourcecode:: http

   GET /v1/__lbheartbeat__ HTTP/1.1

.. sourcecode:: http

   HTTP/1.1 404 Not Found

This is teh end.
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"Kinto's pages are not at {CORPUS}"),
    pytest.mark.skipif(not SERVER.exists(), reason="there is no Kinto: make kinto installs it"),
]


@pytest.fixture
def kinto(tmp_path: Path) -> Path:
    """A copy of Kinto's documentation."""
    folder = tmp_path / "kinto"
    shutil.copytree(CORPUS, folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def test_a_baseline_is_taken_then_a_check_passes_and_a_planted_lie_fails_it(kinto: Path) -> None:
    words = (
        *(str(kinto), "--config", "tests/kinto/honestdocs.toml", "--with", "all"),
        *("--build-dir", str(kinto.parent / "state")),
        *("--baseline", str(kinto.parent / "accepted.toml")),
    )
    ours = [sys.executable, "-m", "honestdocs"]
    taken = run([*ours, "baseline", *words, "--owner", "Kinto"], ROOT, seconds=300)
    assert taken.status == 0, taken.out + taken.err
    ended = run([*ours, "check", *words], ROOT, seconds=300)
    assert ended.status == 0, ended.out + ended.err
    assert "0 lies, 0 not checked" in ended.out
    page = kinto / "api" / "1.x" / "authentication.rst"
    page.write_text(page.read_text("utf-8") + PLANTED, "utf-8")
    ended = run([*ours, "check", *words], ROOT, seconds=300)
    assert ended.status == 1, ended.out + ended.err
    assert "status: documented 404 Not Found, observed 200 OK" in ended.out
    assert "1 lie, 0 not checked" in ended.out
    assert "1 finding (1 spelling)" in ended.out
