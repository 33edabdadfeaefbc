"""The changeset of a folder, asked of the real tools."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from honestdocs.verification.changeset import read_changeset


def run(*words: str, folder: Path) -> str:
    quiet = {
        "HGRCPATH": "",
        "HGUSER": "a",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    names = {
        f"GIT_{who}_{what}": "a@b.example"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    done = subprocess.run(
        words,
        cwd=folder,
        env={**os.environ, **quiet, **names},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_the_changeset_of_a_folder_below_a_git_repository(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    run("git", "init", "-q", folder=tmp_path)
    assert read_changeset(docs) == ""
    run("git", "commit", "-q", "--allow-empty", "-m", "first", folder=tmp_path)
    whole = run("git", "rev-parse", "HEAD", folder=tmp_path)
    assert read_changeset(docs) == whole[:12]


@pytest.mark.skipif(shutil.which("hg") is None, reason="there is no Mercurial")
def test_the_changeset_of_a_mercurial_repository(tmp_path: Path) -> None:
    run("hg", "init", folder=tmp_path)
    (tmp_path / "a").write_text("b", "utf-8")
    run("hg", "commit", "-A", "-m", "first", folder=tmp_path)
    assert read_changeset(tmp_path) == run("hg", "log", "-T", "{node|short}", folder=tmp_path)


def test_a_folder_outside_of_every_repository_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_changeset(tmp_path) == ""
    (tmp_path / ".git").mkdir()
    assert read_changeset(tmp_path) == ""
    (tmp_path / ".hg").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read_changeset(tmp_path) == ""
