"""Rows of a text where they stand in a source file, indented, with tabs and line ends.

Owns the way from new rows to the smallest edits of the file. Must not know what the rows say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from honestdocs.contract.edit import Edit
from honestdocs.contract.errors import ContractError

_PREFIX = re.compile(r"\s*(?:[<>](?: |\Z))?\s*")
"""What may stand before a row: indentation, and the marks of ``curl -v``."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_TAB = 8
"""Docutils' default width, in columns."""


class Unmendable(ContractError):  # noqa: N818 - a reason for a person, no fault
    """A place that cannot be rewritten; the message is the reason, a phrase."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Rows found in a source: ``lines`` is the whole file, with line ends, ``first`` the index
    of the line that holds the first row, and ``width`` how many columns stand before each.
    """

    lines: Sequence[str]
    first: int
    rows: tuple[str, ...]
    width: int

    @classmethod
    def find(cls, lines: Sequence[str], first: int, rows: Sequence[str]) -> Passage:
        """The passage that begins at a line; raises Unmendable when other text stands there."""
        widths: set[int] = set()
        if first < 0 or first + len(rows) > len(lines):
            raise Unmendable("the file has other text there")
        for line, row in zip(lines[first : first + len(rows)], rows, strict=True):
            shown, wanted = _shown(line), row.rstrip()
            if not shown.endswith(wanted) or not _PREFIX.fullmatch(
                shown[: len(shown) - len(wanted)]
            ):
                raise Unmendable("the file has other text there, or the page shows it otherwise")
            if wanted:
                widths.add(len(shown) - len(wanted))
        if len(widths) > 1:
            raise Unmendable("its lines do not share one indentation")
        return cls(lines=lines, first=first, rows=tuple(rows), width=max(widths, default=0))

    def edits(self, rows: Sequence[str]) -> list[Edit]:
        """The edits that make the rows of the passage those given."""
        matcher = SequenceMatcher(None, self.rows, rows, autojunk=False)
        found: list[Edit] = []
        for tag, start, end, new_start, new_end in matcher.get_opcodes():
            if tag == "equal":
                continue
            both = min(end - start, new_end - new_start)
            found.extend(self._changed(start + at, rows[new_start + at]) for at in range(both))
            if start + both < end:
                found.append(removal(self.lines, self.first + start + both, self.first + end))
            if new_start + both < new_end:
                found.append(self._added(start + both, rows[new_start + both : new_end]))
        return found

    def _changed(self, at: int, new: str) -> Edit:
        """The edit of one row: what differs between its beginning and its end."""
        old = self.rows[at].rstrip()
        head = _alike(old, new)
        tail = _alike(old[head:][::-1], new[head:][::-1])
        columns = _columns(self.lines[self.first + at])
        start, end = self.width + head, self.width + len(old) - tail
        left, right = start, end
        while columns[left] < 0:  # inside of a tab
            left -= 1
        while columns[right] < 0:
            right += 1
        text = " " * (start - left) + new[head : len(new) - tail] + " " * (right - end)
        line = self.first + at + 1
        return Edit(
            line=line, column=columns[left], end_line=line, end_column=columns[right], text=text
        )

    def _added(self, at: int, rows: Sequence[str]) -> Edit:
        """The insertion of rows before the one at an index."""
        line = self.first + at
        above = self.lines[line - 1] if line else ""
        ending = _ending(above) or _ending(self.lines[0]) or "\n"
        texts = [self._indented(row) for row in rows]
        if line and not _ending(above):  # the end of a file without a last line end
            text = "".join(ending + one for one in texts)
            return Edit(
                line=line, column=len(above), end_line=line, end_column=len(above), text=text
            )
        text = "".join(one + ending for one in texts)
        return Edit(line=line + 1, column=0, end_line=line + 1, end_column=0, text=text)

    def _indented(self, row: str) -> str:
        """A new row with what stands before its neighbours, tabs where they have them."""
        if not row:
            return ""
        inner = len(row) - len(row.lstrip(" "))
        for line in self._near():
            content = line.rstrip("\r\n")
            lead = content[: len(content) - len(content.lstrip(" \t"))]
            if len(lead.expandtabs(_TAB)) == self.width + inner:
                return lead + row[inner:]
        for line in self._near():
            columns = _columns(line)
            if len(columns) > self.width and columns[self.width] >= 0 and line.strip():
                return line[: columns[self.width]] + row
        return " " * self.width + row

    def _near(self) -> Iterator[str]:
        for at, row in enumerate(self.rows):
            if row.strip():
                yield self.lines[self.first + at]


def _alike(one: str, other: str) -> int:
    """How many characters two texts share at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def removal(lines: Sequence[str], start: int, end: int) -> Edit:
    """The removal of whole lines between two indices."""
    if end < len(lines) or not start:
        return Edit(line=start + 1, column=0, end_line=end + 1, end_column=0, text="")
    before = lines[start - 1]
    return Edit(
        line=start,
        column=len(before.rstrip("\r\n")),
        end_line=end,
        end_column=len(lines[end - 1].rstrip("\r\n")),
        text="",
    )


def split_lines(source: str) -> list[str]:
    """The lines of a source with their ends, as places count them."""
    return [line for line in _LINE.findall(source) if line]


def _ending(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def _shown(line: str) -> str:
    """A line as a page shows it: tabs expanded, no blanks at its end."""
    return line.expandtabs(_TAB).rstrip()


def _columns(line: str) -> list[int]:
    """For each shown column the index in the line, -1 inside of a tab; one more for the end."""
    found: list[int] = []
    content = line.rstrip("\r\n")
    for at, character in enumerate(content):
        found.append(at)
        if character == "\t":
            found.extend([-1] * (_TAB - 1 - (len(found) - 1) % _TAB))
    return [*found, len(content)]
