"""Making one folder the same as another, at the cost of what differs.

Owns the comparison by size and time. Must not know what the folders hold.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

Copy = Callable[[str, str], object]


def mirror(source: Path, target: Path) -> None:
    """Makes ``target`` the same as ``source``; files keep their times."""
    _mirror(str(source), str(target))


def _mirror(source: str, target: str) -> None:
    os.makedirs(target, exist_ok=True)  # noqa: PTH103 - paths are text here, for speed
    there = {entry.name: entry for entry in os.scandir(target)}
    for entry in os.scandir(source):
        old = there.pop(entry.name, None)
        path = f"{target}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            if old is not None and not old.is_dir(follow_symlinks=False):
                os.unlink(path)  # noqa: PTH108 - the same
            _mirror(entry.path, path)
        elif old is None or not same(entry, old):
            if old is not None:
                remove(path)
            shutil.copy2(entry.path, path, follow_symlinks=False)
    for entry in there.values():
        remove(entry.path)


def same(one: os.DirEntry[str], other: os.DirEntry[str]) -> bool:
    """Whether two files are of one size and time."""
    if other.is_dir(follow_symlinks=False):
        return False
    first, second = one.stat(follow_symlinks=False), other.stat(follow_symlinks=False)
    return first.st_size == second.st_size and first.st_mtime_ns == second.st_mtime_ns


def remove(path: str) -> None:
    """Removes a file, a link or a whole folder."""
    if os.path.isdir(path) and not os.path.islink(path):  # noqa: PTH112, PTH114 - the same
        shutil.rmtree(path)
    else:
        os.unlink(path)  # noqa: PTH108 - the same
