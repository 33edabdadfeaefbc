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
_FOLD = re.compile(r"\n[ \t]+\S+[ \t]+HTTP/\d")
_MOST_FOLDS = 12
_BLANKS = (" ", "\t")


def plain_lines(text: str) -> list[str]:
    """The lines of a message without marks, the indentation of its first line, and folds.

    A request target may be folded over indented lines, of which the last ends with the
    version. Where authors indent the head deeper than the body, only the head is moved.
    """
    lines = text.split("\n")
    first = lines[0]
    if not first or not "A" <= first[0] <= "Z":
        lines = _outdented(_unmarked(lines))
        text = "\n".join(lines)
    if text.find("HTTP/", len(first)) < 0 or _FOLD.search(text) is None:
        return lines
    for at in range(1, len(lines)):
        if lines[at][:1] in _BLANKS and "HTTP/" in lines[at]:
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
    """The lines with each head where its block begins, which is where its start line stands."""
    start, first = next(((at, line) for at, line in enumerate(lines) if line.strip()), (0, ""))
    width = len(first) - len(first.lstrip(" \t"))
    if not width:
        return lines
    indent, head = first[:width], True
    for at, line in enumerate(lines):
        head = head or line.startswith(f"{indent}HTTP/")
        if head and line.startswith(indent):
            lines[at] = line[width:]
        head = head and (bool(line.strip()) or at < start)
    return lines


def _unfold(lines: list[str], last: int) -> None:
    """Joins the target that ends in a line to the request line above it."""
    parts: list[str] = []
    for at in range(last, max(last - _MOST_FOLDS, -1), -1):
        found = _CONTINUED.match(lines[at])
        if found is not None and bool(found[2]) is (at == last):
            parts.insert(0, found[0].strip())
        elif parts and _OPEN_TARGET.match(lines[at]):
            lines[at : last + 1] = ["".join((lines[at], *parts)), *[FOLDED] * (last - at)]
            return
        else:
            return


def unfolded_form(body: str) -> str:
    """A form (``a=1&b=2``) that a page shows over several lines, in the one that it has.

    Pairs that stand on lines of their own are joined with ``&``.
    """
    lines = [line.strip() for line in body.split("\n") if line.strip()]
    joined = "&".join(line.strip("&") for line in lines)
    return joined if all("=" in line for line in lines) else body
