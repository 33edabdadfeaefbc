"""Excerpts of the documentation with the documented value pointed at and the observed one below.

Owns rows, their numbers and the marks between them. Must not know which mismatches are told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias

from honestdocs.contract.outcome import Mismatch
from honestdocs.verification.report.look import Look
from honestdocs.verification.report.phrase import UNSENT
from honestdocs.verification.report.span import Span, find_span
from honestdocs.verification.report.text import ELLIPSIS, clip, columns, visible, wrap

Sources: TypeAlias = Callable[[str], Sequence[str] | None]
"""The lines of a source file by the name that its places bear; None where it cannot be read."""

_UNDERLINE = re.compile(r"(\W)\1{3,}")

BEFORE, AFTER, GAP = 2, 1, 2
"""Lines shown before and after a mismatch, and lines left out only where more would be saved."""


MARGIN = "  "
"""What stands before every line."""


def draw(mismatches: Sequence[Mismatch], sources: Sources, look: Look) -> list[str]:
    """The lines of the excerpt that shows some mismatches, near ones together.

    Where the source cannot be read, documented and observed stand below each other.
    """
    drawn: list[str] = []
    for file in dict.fromkeys(mismatch.place.file for mismatch in mismatches):
        here = [mismatch for mismatch in mismatches if mismatch.place.file == file]
        lines = sources(file)
        placed = [m for m in here if lines and m.place.line and 0 < m.place.line <= len(lines)]
        lost = [mismatch for mismatch in here if mismatch not in placed]
        if lines and placed:
            drawn += _draw_file(placed, lines, look)
        for mismatch in lost:
            drawn += _draw_sides(mismatch, look)
    return drawn


def _draw_file(mismatches: Sequence[Mismatch], lines: Sequence[str], look: Look) -> Iterator[str]:
    by_line: dict[int, list[Mismatch]] = {}
    for mismatch in mismatches:
        by_line.setdefault(mismatch.place.line or 0, []).append(mismatch)
    shown = _shown(by_line, lines)
    digits = len(str(shown[-1]))
    texts = {number: visible(lines[number - 1].expandtabs(4)) for number in shown}
    indent = min((_indent(text) for text in texts.values() if text.strip()), default=0)
    sheet = _Sheet(look, digits)
    earlier = shown[0] - 1
    for number in shown:
        if number > earlier + 1:
            yield sheet.skip()
        text, below = texts[number][indent:].rstrip(), texts.get(number + 1, "")[indent:]
        spans = [find_span(text, _plain(mismatch), below) for mismatch in by_line.get(number, ())]
        yield from sheet.rows(number, text, spans)
        earlier = number


def _shown(numbers: Iterable[int], lines: Sequence[str]) -> list[int]:
    """The numbers of the lines to show, in order."""
    shown: set[int] = set()
    wanted = sorted(numbers)
    for number in wanted:
        first, last = max(1, number - BEFORE), min(len(lines), number + AFTER)
        while first < number and _outside(lines[first - 1]):
            first += 1
        while last > number and _outside(lines[last - 1]):
            last -= 1
        shown.update(range(first, last + 1))
    for one, other in pairwise(wanted):
        missing = set(range(one, other)) - shown
        if len(missing) <= GAP:
            shown |= missing
    return sorted(shown)


def _outside(line: str) -> bool:
    """Whether a line at the edge of an excerpt tells nothing: it is blank, or markup."""
    text = line.strip()
    return not text or text.startswith((".. ", "**")) or _UNDERLINE.fullmatch(text) is not None


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


class _Sheet:
    """Draws rows behind a column of line numbers."""

    def __init__(self, look: Look, digits: int) -> None:
        self._palette = look.palette
        self._digits = max(digits, 2)
        self._room = max(16, look.width - len(MARGIN) - self._digits - 3)

    def skip(self) -> str:
        return MARGIN + self._palette.faint("⋮".rjust(self._digits))

    def rows(self, number: int, text: str, spans: Sequence[Span]) -> Iterator[str]:
        """A line of the source, and below it what is wrong with it."""
        offset = self._offset(text, max((span.start for span in spans), default=0))
        yield self._row(str(number), self._cut(text, offset))
        for span in spans:
            if span.end > span.start:
                yield self._caret(text, offset, span)
            if span.truth:
                yield self._truth(offset, span)

    def _truth(self, offset: int, span: Span) -> str:
        truth = self._cut(span.truth, offset)
        note = f"  ← {span.label}" if span.end == span.start else ""
        if columns(truth + note) > self._room:
            note = ""
        return self._row("+", self._palette.proof(truth) + self._palette.faint(note))

    def _row(self, mark: str, text: str) -> str:
        mark = mark.rjust(self._digits)
        mark = self._palette.proof(mark) if mark.strip() == "+" else self._palette.faint(mark)
        return f"{MARGIN}{mark} {self._palette.faint('│')} {text}".rstrip()

    def _offset(self, text: str, start: int) -> int:
        """How many characters are left out on the left so that the place pointed at shows."""
        if columns(text) <= self._room or start < self._room * 2 // 3:
            return 0
        return start - self._room // 3

    def _cut(self, text: str, offset: int) -> str:
        return clip(_from(text, offset), self._room)

    def _caret(self, text: str, offset: int, span: Span) -> str:
        start = columns(_from(text[: span.start], offset))
        length = min(columns(text[span.start : span.end]), self._room - start)
        room = self._room - start - length - 1
        if room < len(span.label) < start:
            text = f"{span.label:>{start - 1}} {'^' * length}"
        else:
            text = f"{'':{start}}{'^' * length} {clip(span.label, room)}"
        mark = text.lstrip()
        return self._row("", text[: len(text) - len(mark)] + self._palette.lie(mark.rstrip()))


def _from(text: str, offset: int) -> str:
    """The text without what is left out on the left, and a mark for it."""
    return ELLIPSIS + text[offset + 1 :] if offset else text


def _plain(mismatch: Mismatch) -> Mismatch:
    return replace(
        mismatch, documented=visible(mismatch.documented), observed=visible(mismatch.observed)
    )


def _draw_sides(mismatch: Mismatch, look: Look) -> Iterator[str]:
    palette, told = look.palette, _plain(mismatch)
    sides = [("documented", told.documented, palette.lie)]
    if mismatch.kind not in UNSENT:
        sides.append(("observed", told.observed, palette.proof))
    for name, value, paint in sides:
        head = f"{MARGIN}{name:>10} │ "
        lines = wrap(value or "nothing", look.width, first=head, rest=f"{MARGIN}{'':10} │ ")
        for line in lines[:4]:
            text = clip(line, look.width)[len(head) :]
            yield MARGIN + palette.faint(line[len(MARGIN) : len(head)]) + paint(text)
