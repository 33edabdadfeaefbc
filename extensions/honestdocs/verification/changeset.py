"""The changeset of the documentation that outcomes are proven at.

Owns the question to Mercurial, or to git for a tree that lives there. Must not know what a
changeset is used for.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

_SECONDS = 10
_QUESTIONS = {
    ".hg": ("hg", "log", "-r", ".", "-T", "{node|short}"),
    ".git": ("git", "rev-parse", "--short=12", "HEAD"),
}


def read_changeset(folder: Path) -> str:
    """The short id of the folder's changeset; empty outside a repository or without its tool."""
    resolved = folder.resolve()
    for above in (resolved, *resolved.parents):
        for marker, question in _QUESTIONS.items():
            if (above / marker).exists():
                return _ask(question, above)
    return ""


def _ask(question: tuple[str, ...], folder: Path) -> str:
    tool = shutil.which(question[0])
    if tool is None:
        return ""
    environment = {**os.environ, "HGPLAIN": "1", "HGENCODING": "utf-8"}
    try:
        done = subprocess.run(  # noqa: S603 - a fixed question to an absolute path
            (tool, *question[1:]),
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
