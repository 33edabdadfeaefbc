"""The exact line of a link.

Owns the search of a link in its source, from the line of its paragraph on. Must not know how links
are judged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os.path import relpath
from pathlib import Path

from honestdocs.contract.place import Place
from honestdocs.links.raw import Raw

Lines = Callable[[str], Sequence[str]]
"""The lines of a file by its path; none where it cannot be read."""

_SIGNS = 3
"""Shorter texts are found everywhere."""


def exact(raw: Raw, srcdir: str, lines: Lines) -> Place:
    """Where the link stands: its own line, or that of its paragraph where it cannot be found."""
    found = lines(raw.file)
    file = Path(relpath(raw.file, srcdir)).as_posix() if raw.file else ""
    if not found or raw.line < 1:
        return Place(file, raw.line or None)
    start, end = _paragraph(found, min(raw.line, len(found)) - 1)
    for wanted in _spellings(raw):
        at = _occurrence(found, wanted, range(start, end), raw.nth)
        if at is None:
            at = _occurrence(found, wanted, range(end, len(found)), 0)
        if at is not None:
            return Place(file, at + 1)
    return Place(file, raw.line)


def _spellings(raw: Raw) -> list[str]:
    target = raw.target.rpartition(":")[2] if raw.kind == "reference" else raw.target
    words = raw.text.split()
    wanted = [target, target.partition("#")[0], raw.text, *(words[:1] if len(words) > 1 else ())]
    return [one for one in dict.fromkeys(wanted) if len(one) >= _SIGNS]


def _paragraph(lines: Sequence[str], at: int) -> tuple[int, int]:
    """The lines around one that no empty line parts from it."""
    start = end = at
    while start > 0 and lines[start - 1].strip():
        start -= 1
    while end < len(lines) and lines[end].strip():
        end += 1
    return start, max(end, at + 1)


def _occurrence(lines: Sequence[str], wanted: str, where: range, nth: int) -> int | None:
    """The line of the nth occurrence; of the last one where there are fewer."""
    seen = 0
    last = None
    for at in where:
        count = lines[at].count(wanted)
        if count:
            last = at
            seen += count
            if seen > nth:
                return at
    return last
