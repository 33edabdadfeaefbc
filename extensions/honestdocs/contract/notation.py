"""What documentation writes inside JSON and JSON has no word for.

Owns the values beyond JSON (elision, placeholders, open objects, lines) and the flaws of a
text. Must not know how they are read from text or compared with what a server sends.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Any, Final, final

MOST = 50
"""So many flaws of one text are told; more would not help anybody."""


@final
class Elision:
    """Anything further at this place; there is one, ``ELISION``, to be compared with ``is``."""

    __slots__ = ()
    _only: Elision | None = None

    def __new__(cls) -> Elision:
        """The one elision, also after a copy or a pickle."""
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __repr__(self) -> str:
        return "ELISION"

    def __reduce__(self) -> str:
        return "ELISION"


ELISION: Final = Elision()


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A value that a reader has to fill in; ``name`` is what stood there, without ``<>``."""

    name: str

    def __str__(self) -> str:
        return f"<{self.name}>"


class OpenObject(dict[str, Any]):
    """An object with an elided member: the server may send further ones."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"OpenObject({super().__repr__()})"


class Lines(list[Any]):
    """Newline-delimited JSON: the values in order, ``ELISION`` where lines are left out."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Lines({super().__repr__()})"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Flaw:
    """Something in a documented text that is not JSON.

    ``line`` and ``column`` count from 0 and point at the character to mend, ``column`` in
    code points; ``message`` is one short sentence.
    """

    line: int
    column: int
    message: str


class Flaws:
    """Collects flaws by offset; a habit such as single quotes is one flaw with its count."""

    def __init__(self) -> None:
        self._single: list[tuple[int, str]] = []
        self._habits: dict[str, tuple[int, int]] = {}

    def add(self, at: int, message: str) -> None:
        """One mistake at one place."""
        self._single.append((at, message))

    def habit(self, at: int, message: str) -> None:
        """A mistake that an author makes throughout: the first place is told, with the count."""
        first, count = self._habits.get(message, (at, 0))
        self._habits[message] = (first, count + 1)

    def mark(self) -> tuple[int, dict[str, tuple[int, int]]]:
        """A state to go back to with ``undo``."""
        return len(self._single), dict(self._habits)

    def undo(self, mark: tuple[int, dict[str, tuple[int, int]]]) -> None:
        """Forgets what was told since the mark."""
        del self._single[mark[0] :]
        self._habits = mark[1]

    def told(self, text: str) -> tuple[Flaw, ...]:
        """The flaws in order, at most ``MOST``, with line and column in ``text``."""
        found = list(self._single)
        for message, (at, count) in self._habits.items():
            found.append((at, f"{message} ({count} times)" if count > 1 else message))
        if not found:
            return ()
        ends = [at for at, character in enumerate(text) if character == "\n"]
        return tuple(_flaw(at, message, ends) for at, message in sorted(found)[:MOST])


def _flaw(at: int, message: str, ends: list[int]) -> Flaw:
    line = bisect_left(ends, at)
    return Flaw(line=line, column=at - (ends[line - 1] + 1 if line else 0), message=message)
