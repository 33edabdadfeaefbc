"""The text of a source as it is stored, and as a browser holds it.

Owns line ends and what counts as text. A browser knows one kind of line end; what was not
touched keeps its own. Must not know where a text comes from.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher

from honestdocs.hosting.editing.errors import EditError

MOST = 512 * 1024
"""Bytes of a source that can be edited here: the largest page of the corpora has 200 kB."""
_ENDS = re.compile(r"\r\n|\r|\n")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_MARKER = re.compile(r"(?:<{7}|>{7}) ")


def decode(content: bytes, path: str) -> str:
    """The text of a file. Raises EditError for what is none, or too large."""
    if len(content) > MOST:
        raise EditError(413, f"{path} has {len(content)} bytes; at most {MOST} are edited here.")
    if b"\0" in content:
        raise EditError(415, f"{path} is no text: it holds a NUL byte.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise EditError(415, f"{path} is no UTF-8 text: byte {error.start} is wrong.") from error


def typed(text: str) -> str:
    """A text as a browser holds it: every line ends with a line feed."""
    return _ENDS.sub("\n", text)


def check_typed(text: str, path: str) -> str:
    """A text that came from a browser. Raises EditError where it cannot be a source."""
    if len(text.encode("utf-8", "surrogatepass")) > MOST:
        raise EditError(413, f"The text is too long: at most {MOST} bytes can be stored in {path}.")
    for at, sign in enumerate(text):
        if sign == "\0" or "\ud800" <= sign <= "\udfff":
            line = text.count("\n", 0, at) + 1
            raise EditError(400, f"Line {line} of the text holds a sign that no text may hold.")
    return typed(text)


def restore(old: str, text: str) -> str:
    """A typed text with the line ends of the text that it came from.

    Lines that are as they were keep theirs; others take the kind that was most frequent.
    """
    ends: list[str] = _ENDS.findall(old)
    kinds: Counter[str] = Counter(ends)
    if not kinds or set(kinds) == {"\n"}:
        return text
    usual = kinds.most_common(1)[0][0]
    parts = text.split("\n")
    if len(kinds) == 1:
        return usual.join(parts)
    return "".join(part + end for part, end in zip(parts, _ends_of(parts, old, usual), strict=True))


def _ends_of(parts: list[str], old: str, usual: str) -> list[str]:
    """The end of each line of the new text; the last has none."""
    before = _ENDS.split(old)
    known = [*_ENDS.findall(old), ""]
    found = [usual] * len(parts)
    for block in SequenceMatcher(None, before, parts).get_matching_blocks():
        for step in range(block.size):
            found[block.b + step] = known[block.a + step] or usual
    found[-1] = ""
    return found


def lines_of(text: str) -> list[str]:
    """The lines of a typed text, each with its end."""
    return _LINES.findall(text)


def marker_lines(text: str) -> list[int]:
    """The lines with which conflicts begin, or end where a beginning is gone."""
    marked = [
        (number, found[0][0])
        for number, line in enumerate(lines_of(text), 1)
        if (found := _MARKER.match(line))
    ]
    starts = [number for number, sign in marked if sign == "<"]
    return starts or [number for number, _ in marked]
