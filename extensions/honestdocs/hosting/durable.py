"""Files that are there as a whole or not at all, whatever ends the process.

Owns writing aside, forcing to disk and renaming. Must not know what is written.
"""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path


def write_text(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Puts a text in the place of what a file held."""
    aside = _aside(path)
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def write_json(path: Path, value: object, *, mode: int = 0o644) -> None:
    """Puts a value in the place of what a file held."""
    write_text(path, json.dumps(value, indent=1, sort_keys=True) + "\n", mode=mode)


def read_json(path: Path) -> object:
    """The value of a file; None where there is no such file, or nothing whole in it."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None


def link(path: Path, target: str) -> None:
    """Makes a symbolic link point elsewhere, in one step."""
    aside = _aside(path)
    aside.symlink_to(target)
    aside.replace(path)


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}")
