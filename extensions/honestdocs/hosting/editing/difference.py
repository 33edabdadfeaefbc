"""The difference of two sources, line by line.

Owns its rows. Must not know how they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from honestdocs.hosting.editing.text import lines_of

_AROUND = 3
_UNFINISHED = "\\ No newline at the end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a difference: ``kind`` is same, added, removed or gap; numbers are 0 for none."""

    kind: str
    text: str = ""
    old: int = 0
    new: int = 0

    @property
    def sign(self) -> str:
        """What stands before the line, so that colour is not all that tells."""
        return {"added": "+", "removed": "−"}.get(self.kind, " ")  # noqa: RUF001 - a real minus


def difference(old: str, new: str) -> tuple[Row, ...]:
    """The rows of a difference with three lines around each change; none where both agree."""
    before, after = lines_of(old), lines_of(new)
    rows: list[Row] = []
    for group in SequenceMatcher(None, before, after).get_grouped_opcodes(_AROUND):
        if group[0][1] or group[0][3]:
            rows.append(Row(kind="gap", old=group[0][1] + 1, new=group[0][3] + 1))
        for code, i1, i2, j1, j2 in group:
            if code == "equal":
                steps = range(i2 - i1)
                rows += [_row("same", before[i1 + n], i1 + n + 1, j1 + n + 1) for n in steps]
                continue
            rows += [_row("removed", before[i], i + 1, 0) for i in range(i1, i2)]
            rows += [_row("added", after[j], 0, j + 1) for j in range(j1, j2)]
    return tuple(rows)


def _row(kind: str, line: str, old: int, new: int) -> Row:
    text = line[:-1] if line.endswith("\n") else line + f"  {_UNFINISHED}"
    return Row(kind=kind, text=text, old=old, new=new)
