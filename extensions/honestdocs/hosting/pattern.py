"""Patterns of paths in a tree, as settings hold them.

Owns what ``*`` and ``**`` stand for. Must not know what a pattern is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


def matches(path: str, patterns: Iterable[str]) -> bool:
    """Whether a path is meant by one of the patterns.

    A pattern without ``/`` means files of that name in any folder; ``*`` stays in its folder,
    ``**`` crosses folders, and a ``/`` at the end means everything below.
    """
    return any(_compiled(pattern).fullmatch(path) for pattern in patterns)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    whole = pattern + "**" if pattern.endswith("/") else pattern
    anchored = whole if "/" in whole else f"**/{whole}"
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", anchored.removeprefix("/"))
    meaning = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(meaning.get(part, re.escape(part)) for part in parts), re.DOTALL)
