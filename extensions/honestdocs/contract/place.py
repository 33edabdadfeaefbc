"""Where something stands in the documentation.

Owns file and line. Must not know how a path is shown to a person.
"""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A line of a source file; ``file`` is relative to the source directory, with ``/``.

    Each example has several: made, kept and compared as a tuple they cost a quarter. ``line``
    counts from 1 and is None where the text has no line of its own, as in a
    docstring or a generated page: better no line than an invented one.
    """

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def below(self, offset: int | None) -> Place:
        """The place ``offset`` lines further down in the same file."""
        if self.line is None or not offset:
            return self
        return Place(self.file, self.line + offset)
