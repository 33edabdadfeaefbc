"""Mercurial for tests and benches, without a person's settings.

Owns how it is run: as a process of its own, or by one that stays and saves the start of each.
Must not know what for.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from honestdocs.hosting.commandserver import Answer, CommandServer

HG = str(Path(sys.executable).parent / "hg")
QUIET = {"HGRCPATH": "", "HGPLAIN": "1", "HGENCODING": "utf-8"}


def hg(*words: str, folder: Path) -> str:
    """What Mercurial says. Fails with its complaint."""
    done = subprocess.run(
        (HG, *words),
        cwd=folder,
        env={**os.environ, **QUIET},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"hg {' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


def ask(*words: str, folder: Path) -> Answer:
    """What the Mercurial that stays answers in a folder.

    Extensions would stay with it, so it refuses a repository that has some.
    """
    settings = folder / ".hg" / "hgrc"
    assert not settings.is_file() or "[extensions]" not in settings.read_text("utf-8"), settings
    return _resident().run(("--cwd", str(folder), *words))


@cache
def _resident() -> CommandServer:
    home = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, home)
    hg("init", folder=home)
    server = CommandServer(tool=HG, folder=home, environment={**os.environ, **QUIET})
    atexit.register(server.close)
    return server
