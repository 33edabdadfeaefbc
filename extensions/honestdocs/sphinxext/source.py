"""Source files of the documentation: where the text of a block begins.

Owns the search of a block's first line in the file that holds it, and the spelling of a
file's path. Must not know what the blocks say.
"""

from __future__ import annotations

from functools import lru_cache
from os.path import relpath
from pathlib import Path

from honestdocs.contract.place import Place

_ROWS = 3
"""So many rows of a text are looked for, or else the first alone: others may hold markup."""

_WINDOW = 80
"""So many lines below a directive its text may begin: options and captions stand between."""


class Sources:
    """The files of one tree, each read once."""

    def __init__(self, root: str | Path) -> None:
        self.root = str(root)
        self._lines: dict[str, tuple[str, ...]] = {}

    def lines(self, file: str) -> tuple[str, ...]:
        """The lines of a file, none if it cannot be read (a docstring's, a generated page's)."""
        if file not in self._lines:
            self._lines[file] = _read(file)
        return self._lines[file]

    def place(self, file: str, line: int | None) -> Place:
        """A place with its file relative to the root; without line where there is no file."""
        if not file or ":docstring of " in file or not self.lines(file):
            return Place(file.rpartition("/")[2] if ":docstring" in file else file, None)
        return Place(_relative(file, self.root), line or None)

    def above(self, file: str, line: int | None, text: str) -> Place:
        """The nearest line, from one upwards, that holds a text; that line where none does."""
        place = self.place(file, line)
        lines = self.lines(file)
        for number in range(min(place.line or 0, len(lines)), 0, -1):
            if text in lines[number - 1]:
                return Place(place.file, number)
        return place

    def block(self, file: str, line: int | None, text: str) -> Place:
        """Where the first line of a block's text stands, searched from its directive on."""
        place = self.place(file, line)
        lines = self.lines(file)
        if place.line is None:
            return place
        rows = text.split("\n")
        first = next((at for at, row in enumerate(rows) if row.strip()), 0)
        start = max(place.line - 1, 0)
        below = range(start, min(start + _WINDOW, len(lines)))
        for many in (_ROWS, 1):
            for number in (*below, *range(start - 1, -1, -1)):
                if _fits(lines, number, rows[first : first + many]):
                    return Place(place.file, number + 1 - first)
        return place


def _fits(lines: tuple[str, ...], number: int, rows: list[str]) -> bool:
    """Whether the rows of a text stand in the file from a line on."""
    here = lines[number : number + len(rows)]
    return len(here) == len(rows) and all(
        line.expandtabs(8).strip() == row.strip() for line, row in zip(here, rows, strict=True)
    )


def _read(file: str) -> tuple[str, ...]:
    try:
        return tuple(Path(file).read_text("utf-8-sig", errors="replace").split("\n"))
    except (OSError, ValueError):
        return ()


@lru_cache(maxsize=4096)
def _relative(file: str, root: str) -> str:
    return Path(relpath(file, root)).as_posix()
