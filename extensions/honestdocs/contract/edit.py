"""Edits: replacements of exact spans of a source text.

Owns the value and its application. Must not know why a text is edited.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Edit:
    """What stands from ``line`` and ``column`` up to ``end_line`` and ``end_column`` becomes
    ``text``; lines count from 1, columns from 0 in characters, the end excluded.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


def overlap(edits: Iterable[Edit]) -> bool:
    """Whether two edits want the same characters; two insertions at one place do not."""
    end = (0, 0)
    for edit in sorted(set(edits)):
        if (edit.line, edit.column) < end:
            return True
        end = (edit.end_line, edit.end_column)
    return False


def apply_edits(lines: Sequence[str], edits: Iterable[Edit]) -> str:
    """The text of lines with their ends, edited; equal edits are made once."""
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    text = "".join(lines)
    for edit in sorted(dict.fromkeys(edits), reverse=True):
        start = starts[edit.line - 1] + edit.column
        end = starts[edit.end_line - 1] + edit.end_column
        text = text[:start] + edit.text + text[end:]
    return text
