"""JSON spelled as the text around it is: its blanks, its line breaks, its letters.

Owns how a value is written into a documented text. Must not know where it goes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from honestdocs.contract.nesting import Spot

_COLON = re.compile(r"[ \t]*:[ \t]*\Z")
_GAP = re.compile(r"[ \t]*,([ \t]*)\Z")
_BRIEF = 60
"""So long a list of plain values stays on one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """How a documented text writes JSON: ``colon`` and ``gap`` (what follows a comma) with their
    blanks, ``unit`` of indentation, ``lined`` where items have lines of their own, and ``ascii``
    where other letters are escaped.
    """

    colon: str = ": "
    gap: str = " "
    unit: str = "  "
    lined: bool = False
    ascii: bool = False

    @classmethod
    def of(cls, text: str, root: Spot) -> Spelling:
        """The spelling of a text whose value stands at ``root``."""
        colon = next((found for found in _colons(text, root)), ": ")
        gap = next((found for found in _gaps(text, root)), "" if colon == ":" else " ")
        unit = next((found for found in _units(text, root)), "  ")
        return cls(
            colon=colon,
            gap=gap,
            unit=unit,
            lined="\n" in text[root.value : root.end],
            ascii="\\u" in text and text.isascii(),
        )

    def member(self, name: str) -> str:
        """The name of a member with its colon."""
        return self.text(name) + self.colon

    def text(self, value: str) -> str:
        """A string; what a page cannot show is escaped."""
        if self.ascii:
            return json.dumps(value)
        spelled = json.dumps(value, ensure_ascii=False)
        if spelled.isprintable():
            return spelled
        return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in spelled)

    def value(self, value: object, indent: str = "", *, lined: bool) -> str:
        """Any value; on several lines, of which all but the first are indented, if ``lined``."""
        if isinstance(value, str):
            return self.text(value)
        if not isinstance(value, (dict, list)) or not value:
            return json.dumps(value)
        opener, closer = "{}" if isinstance(value, dict) else "[]"
        below = indent + self.unit
        if lined and not self._is_brief(value):
            items = self._items(value, below, lined=True)
            return f"{opener}\n{below}" + f",\n{below}".join(items) + f"\n{indent}{closer}"
        return opener + f",{self.gap}".join(self._items(value, below, lined=False)) + closer

    def _is_brief(self, value: object) -> bool:
        if not isinstance(value, list) or any(isinstance(one, (dict, list)) for one in value):
            return False
        return len(self.value(value, lined=False)) <= _BRIEF

    def _items(
        self, value: dict[str, object] | list[object], below: str, *, lined: bool
    ) -> list[str]:
        if isinstance(value, list):
            return [self.value(one, below, lined=lined) for one in value]
        return [
            self.member(name) + self.value(one, below, lined=lined) for name, one in value.items()
        ]


def indent_of(text: str, at: int) -> str:
    """The blanks that begin the line of an offset."""
    start = text.rfind("\n", 0, at) + 1
    line = text[start:]
    return line[: len(line) - len(line.lstrip(" \t"))]


def begins_line(text: str, at: int) -> bool:
    """Whether nothing but blanks stands before an offset on its line."""
    return not text[text.rfind("\n", 0, at) + 1 : at].strip()


def _walk(spot: Spot) -> Iterable[Spot]:
    level = [spot]
    while level:
        yield from level
        level = [below for one in level for below in one.inner.values()]


def _colons(text: str, root: Spot) -> Iterable[str]:
    for spot in _walk(root):
        found = _COLON.search(text, spot.at, spot.value)
        if found is not None and spot.value > spot.at:
            yield found[0]


def _gaps(text: str, root: Spot) -> Iterable[str]:
    for spot in _walk(root):
        for one, other in pairwise(spot.inner.values()):
            found = _GAP.fullmatch(text, one.end, other.at) if other.at > one.end else None
            if found is not None:
                yield found[1]


def _units(text: str, root: Spot) -> Iterable[str]:
    for spot in _walk(root):
        for below in spot.inner.values():
            outer, inner = indent_of(text, spot.value), indent_of(text, below.at)
            if begins_line(text, below.at) and inner.startswith(outer) and inner != outer:
                yield inner[len(outer) :]
