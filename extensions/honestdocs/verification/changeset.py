"""The changeset of the documentation that outcomes are proven at, and what changed since another.

Owns the questions to Mercurial, or to git for a tree that lives there. Must not know what a
changeset is used for.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from honestdocs.machine.tool import find_tool

_SECONDS = 10
_QUESTIONS = {
    ".hg": ("hg", "log", "-r", ".", "-T", "{node|short}"),
    ".git": ("git", "rev-parse", "--short=12", "HEAD"),
}
_CHANGES = {
    ".hg": (("hg", "status", "-manu", "-n", "-0", "--rev"),),
    ".git": (
        ("git", "diff", "--name-only", "-z", "--relative", "--end-of-options"),
        ("git", "ls-files", "--others", "--exclude-standard", "-z", "--"),
    ),
}


class ChangesetError(Exception):
    """What changed cannot be told; the message says why."""


def read_changeset(folder: Path) -> str:
    """The short id of the folder's changeset; empty outside a repository or without its tool."""
    resolved = folder.resolve()
    for above in (resolved, *resolved.parents):
        for marker, question in _QUESTIONS.items():
            if (above / marker).exists():
                return _ask(question, above)
    return ""


def changed_since(folder: Path, revision: str) -> frozenset[Path]:
    """The files that differ from a changeset, committed or not, with their absolute paths.

    Raises ChangesetError outside a repository, without its tool, or for an unknown revision.
    """
    if revision.startswith("-"):
        raise ChangesetError(f"{revision!r} is no changeset")
    for above in (folder.resolve(), *folder.resolve().parents):
        for marker, questions in _CHANGES.items():
            if (above / marker).exists():
                first, *others = questions
                found = [_demand((*first, revision), above), *(_demand(q, above) for q in others)]
                names = [name for text in found for name in text.split("\0") if name]
                return frozenset(above / name for name in names)
    raise ChangesetError(f"{folder}: is in no repository of Mercurial or git")


def _demand(question: tuple[str, ...], folder: Path) -> str:
    done = _run(question, folder)
    if done is None:
        raise ChangesetError(f"{question[0]} is not installed, or does not answer")
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no reason is given"]
        raise ChangesetError(f"{question[0]}: {said[0]}")
    return done.stdout


def _ask(question: tuple[str, ...], folder: Path) -> str:
    done = _run(question, folder)
    said = done.stdout.strip() if done is not None and done.returncode == 0 else ""
    return said if said.strip("0") else ""


def _run(question: tuple[str, ...], folder: Path) -> subprocess.CompletedProcess[str] | None:
    """What the tool answers, None where it is not there or takes too long."""
    tool = find_tool(question[0])
    if not tool:
        return None
    environment = {**os.environ, "HGPLAIN": "1", "HGENCODING": "utf-8"}
    try:
        return subprocess.run(  # noqa: S603 - a fixed question to an absolute path
            (tool, *question[1:]),
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
