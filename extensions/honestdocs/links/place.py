"""The exact line of a link.

Owns the search of a link in its source, from the line of its paragraph on, and where a target
stands in a line. Must not know how links are judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from os.path import relpath
from pathlib import Path

from honestdocs.contract.place import Place
from honestdocs.links.raw import Raw

Lines = Callable[[str], Sequence[str]]
"""The lines of a file by its path; none where it cannot be read."""

_SIGNS = 3
"""Shorter texts are found everywhere."""
_LITERAL = re.compile(r"``.+?``")
_LEADS_ON = r"(?![\w/%&=?#~+@-]|[.,:;!'](?=\w))"
"""Not in the middle of a longer address or word; a sentence may end behind it."""


def exact(raw: Raw, srcdir: str, lines: Lines) -> Place:
    """Where the link stands: its own line, or that of its paragraph where it cannot be found."""
    found = lines(raw.file)
    file = Path(relpath(raw.file, srcdir)).as_posix() if raw.file else ""
    if not found or raw.line < 1:
        return Place(file, raw.line or None)
    begins = min(raw.line, len(found)) - 1
    start, end = _paragraph(found, begins)
    for wanted in _patterns(raw):
        at = _occurrence(found, wanted, range(begins, end), raw.nth)
        if at is None:
            at = _occurrence(found, wanted, range(begins - 1, start - 1, -1), 0)
        if at is None:
            at = _occurrence(found, wanted, range(end, len(found)), 0)
        if at is not None:
            return Place(file, at + 1)
    return Place(file, raw.line)


def occurrences(line: str, target: str) -> list[int]:
    """Where a target begins in a line (from 0): all of it, and not in a longer one."""
    return [found.start() for found in _whole(target).finditer(_plain(line))]


def _patterns(raw: Raw) -> Iterator[re.Pattern[str]]:
    """How the link may stand in the source, the surest first."""
    spellings = _spellings(raw)
    yield from map(_whole, spellings)
    yield from (re.compile(re.escape(one)) for one in spellings)


def _whole(wanted: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/:]){re.escape(wanted)}{_LEADS_ON}")


def _plain(line: str) -> str:
    """The line with blanks for its literals, which link nowhere."""
    return _LITERAL.sub(lambda found: " " * len(found[0]), line) if "``" in line else line


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


def _occurrence(
    lines: Sequence[str], wanted: re.Pattern[str], where: range, nth: int
) -> int | None:
    """The line of the nth occurrence; of the last one where there are fewer."""
    seen = 0
    last = None
    for at in where:
        count = sum(1 for _ in wanted.finditer(_plain(lines[at])))
        if count:
            last = at
            seen += count
            if seen > nth:
                return at
    return last
