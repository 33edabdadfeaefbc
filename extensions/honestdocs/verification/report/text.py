"""Text for a terminal: how wide it is, how it is cut, wrapped and made harmless.

Owns columns and characters. Must not know what a report tells.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import takewhile

ELLIPSIS = "…"

_MINUTE = 60

_PLAIN = str.maketrans(
    {
        "│": "|",
        "─": "-",
        "━": "=",
        "→": "->",
        "←": "<-",
        "…": "...",
        "·": "-",
        "×": "x",
        "’": "'",
        "⋮": ":",
        "–": "-",
        "—": "-",
    }
)


def visible(text: str) -> str:
    """The text with everything escaped that could steer a terminal or hide from a reader:
    what a server answered is shown, never obeyed.
    """
    if text.isprintable():
        return text
    return "".join(char if _harmless(char) else _escape(char) for char in text)


def _harmless(char: str) -> bool:
    return char.isprintable() or unicodedata.category(char) == "Zs"


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def columns(text: str) -> int:
    """How many columns a text takes, wide and combining characters considered."""
    if text.isascii():
        return len(text)
    return sum(_columns_of(char) for char in text)


def _columns_of(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def clip(text: str, most: int) -> str:
    """The text in at most so many columns, its end cut where it is longer."""
    if columns(text) <= most:
        return text
    if most < 1:
        return ""
    kept = ""
    room = most - 1
    for char in text:
        room -= _columns_of(char)
        if room < 0:
            break
        kept += char
    return kept + ELLIPSIS


def clip_start(text: str, most: int) -> str:
    """The text in at most so many columns, its beginning cut where it is longer."""
    return clip(text[::-1], most)[::-1]


def contrast(one: str, other: str, most: int) -> tuple[str, str]:
    """Two texts, each in at most so many columns, cut so that their first difference shows."""
    if max(columns(one), columns(other)) <= most:
        return one, other
    shared = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    )
    start = shared - most // 3
    if start <= 1 or not (one and other):
        return clip(one, most), clip(other, most)
    return clip(ELLIPSIS + one[start:], most), clip(ELLIPSIS + other[start:], most)


def wrap(text: str, width: int, *, first: str = "", rest: str = "") -> list[str]:
    """The words of a text in lines of at most ``width`` columns, with what stands before the
    first line and before the others. A longer word stays whole: a cut path opens nothing.
    """
    return fill(text.split(), width, first=first, rest=rest)


def fill(words: Iterable[str], width: int, *, first: str = "", rest: str = "") -> list[str]:
    """Words, or other texts that are not to be broken, in lines of at most ``width`` columns."""
    lines: list[str] = []
    line = first
    empty = True
    for word in words:
        if not empty and columns(line) + 1 + columns(word) > width:
            lines.append(line)
            line, empty = rest, True
        line += word if empty else f" {word}"
        empty = False
    return [*lines, line]


def count(number: int, one: str, many: str = "") -> str:
    """``1 example``, ``2 examples``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def enumerate_some(names: Sequence[str], most: int | None) -> str:
    """Names with commas; those beyond ``most`` are only counted."""
    if most is None or len(names) <= most + 1:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def duration(seconds: float) -> str:
    """A time as a person says it: ``12 ms``, ``1.24 s``, ``2 min 5 s``."""
    if seconds < 1:
        return f"{max(seconds, 0) * 1000:.0f} ms"
    if seconds < _MINUTE:
        return f"{seconds:.2f} s"
    minutes, rest = divmod(round(seconds), _MINUTE)
    return f"{minutes} min {rest} s"


def fit_encoding(text: str, encoding: str | None) -> str:
    """The text as a stream of that encoding can carry it: drawn lines, arrows and dots become
    their ASCII likenesses, and what is still beyond it is escaped.
    """
    try:
        text.encode(encoding or "ascii")
    except LookupError:
        encoding = "ascii"
    except UnicodeEncodeError:
        pass
    else:
        return text
    plain = text.translate(_PLAIN)
    name = encoding or "ascii"
    return plain.encode(name, "backslashreplace").decode(name)
