"""The changeset of a folder, asked of the real tools."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from honestdocs.verification.changeset import ChangesetError, changed_since, read_changeset

HG = str(Path(sys.executable).with_name("hg"))


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


def test_the_changeset_of_a_mercurial_repository(tmp_path: Path) -> None:
    run(HG, "init", folder=tmp_path)
    (tmp_path / "a").write_text("b", "utf-8")
    run(HG, "commit", "-A", "-m", "first", folder=tmp_path)
    assert read_changeset(tmp_path) == run(HG, "log", "-T", "{node|short}", folder=tmp_path)


def change(folder: Path) -> frozenset[Path]:
    """One file that stays, one that is edited and committed, one edited, one new."""
    names = ("edited", "new")
    (folder / "edited").write_text("other", "utf-8")
    (folder / "new").write_text("new", "utf-8")
    return frozenset(folder / name for name in (*names, "committed"))


def fill(folder: Path) -> None:
    for name in ("stays", "edited", "committed"):
        (folder / name).write_text(name, "utf-8")


def test_what_changed_since_a_changeset_of_mercurial(tmp_path: Path) -> None:
    run(HG, "init", folder=tmp_path)
    fill(tmp_path)
    run(HG, "commit", "-A", "-m", "first", folder=tmp_path)
    (tmp_path / "committed").write_text("again", "utf-8")
    run(HG, "commit", "-m", "second", folder=tmp_path)
    expected = change(tmp_path)
    assert changed_since(tmp_path, "0") == expected
    with pytest.raises(ChangesetError, match="hg: abort: unknown revision 'nowhere'"):
        changed_since(tmp_path, "nowhere")


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_what_changed_since_a_commit_of_git(tmp_path: Path) -> None:
    run("git", "init", "-q", folder=tmp_path)
    fill(tmp_path)
    run("git", "add", ".", folder=tmp_path)
    run("git", "commit", "-q", "-m", "first", folder=tmp_path)
    (tmp_path / "committed").write_text("again", "utf-8")
    run("git", "commit", "-q", "-a", "-m", "second", folder=tmp_path)
    expected = change(tmp_path)
    assert changed_since(tmp_path, "HEAD~1") == expected
    with pytest.raises(ChangesetError, match="git: fatal: "):
        changed_since(tmp_path, "nowhere")


def test_outside_of_a_repository_nothing_changed_that_could_be_told(tmp_path: Path) -> None:
    with pytest.raises(ChangesetError, match="is in no repository of Mercurial or git"):
        changed_since(tmp_path, "tip")
    with pytest.raises(ChangesetError, match="'--config=x' is no changeset"):
        changed_since(tmp_path, "--config=x")


def test_a_folder_outside_of_every_repository_has_none(tmp_path: Path) -> None:
    assert read_changeset(tmp_path) == ""
    (tmp_path / ".git").mkdir()
    assert read_changeset(tmp_path) == ""
    (tmp_path / ".hg").mkdir()
    assert read_changeset(tmp_path) == ""
