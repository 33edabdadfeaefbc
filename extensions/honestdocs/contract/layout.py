"""How a page lays out a message: marks of a transcript, indentation, lines that are folded.

Owns the way back to the lines that the message has. Must not know what the lines say beyond
where one is continued. Offsets of lines stay as they are.
"""

from __future__ import annotations

import re

FOLDED = "\0"
"""Stands for a line that was joined to the one above it."""

_MARK = re.compile(r"^[<>](?: |$)")
_NOISE = re.compile(r"^\* |^[{}] \[\d+ bytes data\]")
"""What ``curl -v`` tells beside the messages."""
_OPEN_TARGET = re.compile(r"^[A-Z][A-Z-]{1,20}[ \t]+[^\s]+$")
_CONTINUED = re.compile(r"^[ \t]+([^\s]+)([ \t]+HTTP/\d(?:\.\d)?)?[ \t]*$")
_MOST_FOLDS = 12


def without_mark(line: str) -> str:
    """A line without the ``>`` or ``<`` by which ``curl -v`` tells what was sent."""
    return line[2:] if line[:2] in ("> ", "< ") else line


def plain_lines(text: str) -> list[str]:
    """The lines of a message without marks, the indentation of its first line, and folds.

    A request target may be folded over indented lines, of which the last ends with the
    version. Where authors indent the head deeper than the body, only the head is moved.
    """
    lines = _outdented(_unmarked(text.split("\n")))
    for at, line in enumerate(lines):
        if "A" <= line[:1] <= "Z" and _OPEN_TARGET.match(line):
            _unfold(lines, at)
    return lines


def _unmarked(lines: list[str]) -> list[str]:
    first = next((line for line in lines if line.strip()), "")
    if not (_MARK.match(first) or _NOISE.match(first)):
        return lines
    if not any(_MARK.match(line) and "HTTP/" in line for line in lines):
        return lines
    return ["" if _NOISE.match(line) else _MARK.sub("", line) for line in lines]


def _outdented(lines: list[str]) -> list[str]:
    first = next((line for line in lines if line.strip()), "")
    width = len(first) - len(first.lstrip(" \t"))
    if not width:
        return lines
    return [line[min(width, len(line) - len(line.lstrip(" \t"))) :] for line in lines]


def _unfold(lines: list[str], start: int) -> None:
    parts = [lines[start]]
    for at in range(start + 1, min(start + 1 + _MOST_FOLDS, len(lines))):
        found = _CONTINUED.match(lines[at])
        if found is None:
            return
        parts.append(found[1] + (found[2] or ""))
        if found[2]:
            lines[start : at + 1] = ["".join(parts), *[FOLDED] * (at - start)]
            return


def unfolded_form(body: str) -> str:
    """A form (``a=1&b=2``) that a page shows over several lines, in the one that it has.

    Pairs that stand on lines of their own are joined with ``&``.
    """
    lines = [line.strip() for line in body.split("\n") if line.strip()]
    joined = "&".join(line.strip("&") for line in lines)
    return joined if all("=" in line for line in lines) else body
