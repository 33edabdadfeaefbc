"""Mercurial for tests and benches, without a person's settings.

Owns how it is run. Must not know what for.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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
