"""Strings of JSON as people write them, with a quote, an escape or a line end amiss.

Owns where a string ends and what it says. Must not know what stands around it beyond the
characters that can follow a string.
"""

from __future__ import annotations

import json
import re

from honestdocs.contract.notation import Flaws

_decode = json.JSONDecoder().raw_decode
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_TRIPLE = re.compile(r'"""(.*?)"""', re.DOTALL)
_SINGLE = re.compile(r"[uUbBrR]{0,2}'((?:[^'\\\n]|\\.|'(?=\w))*+)'")
_CURLY = re.compile(r"[“”„]([^“”„\"\n]*)[“”\"]|\u2018([^\u2018’\n]*)’")
_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}|(.|\Z))|(")', re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f]")
_NEAR = 4096
_CLOSER = re.compile(r"[}\]]")
_TAIL = re.compile(r"[\s,]*\Z")
_CLOSING_TAIL = re.compile(r"[\s,}\]]*\Z")

ENDS_TEXT = re.compile(r"[ \t\r]*(?:[,}\]\n]|\Z)")
"""What follows a value that nothing else follows on its line."""
_ENDS_NAME = re.compile(r"[ \t\r]*:")
_ENDS_STRING = re.compile(r"[ \t\r]*(?:[,}\]:;=\n…]|\Z|//|#|/\*|<!--|-?>|\.{3})|[ \t]+\S")
_ENDS_LINES = re.compile(r"\s*(?:[,}\]:]|\Z)")


def read_string(text: str, start: int, flaws: Flaws, *, name: bool) -> tuple[int, str] | None:
    """End and value of the string at ``start``; None where no string begins.

    ``name`` tells that the name of a member is expected. What is amiss is added to ``flaws``.
    """
    if text[start] == '"':
        return _double(text, start, flaws, name=name)
    found = _SINGLE.match(text, start)
    if found is not None:
        flaws.habit(start, "single quotes stand for double quotes")
        return found.end(), unescape(found[1])
    if text[start] == "'":
        return _unclosed(text, start, flaws, name=name)
    found = _CURLY.match(text, start)
    if found is not None:
        flaws.habit(start, "typographic quotes stand for plain ones")
        return found.end(), unescape(found[1] or found[2] or "")
    return None


def unescape(inner: str) -> str:
    """The text of a string literal without its quotes; wrong escapes stay as they stand."""
    value: str = json.loads(f'"{_ESCAPE.sub(_escaped, inner)}"', strict=False)
    return value


def _escaped(found: re.Match[str]) -> str:
    if found[2] is not None:
        return '\\"'
    if found[1] is None:
        return found[0]
    return "'" if found[1] == "'" else "\\\\" + found[1]


def _double(text: str, start: int, flaws: Flaws, *, name: bool) -> tuple[int, str]:
    try:
        value, end = _decode(text, start)
    except ValueError:
        pass
    else:
        if _ENDS_STRING.match(text, end):
            return end, value
    triple = _TRIPLE.match(text, start)
    if triple is not None:
        flaws.habit(start, "three quotes stand for one")
        return triple.end(), triple[1]
    found = _DOUBLE.match(text, start)
    if found is None:
        return _unclosed(text, start, flaws, name=name)
    return _doubtful(text, found, flaws, name=name)


def _doubtful(text: str, found: re.Match[str], flaws: Flaws, *, name: bool) -> tuple[int, str]:
    """Decides whether the next quote really closes the string."""
    start, inner, end = found.start(), found[1], found.end()
    if "\n" in inner:
        whole = _ENDS_LINES.match(text, end) is not None
        return _closed(found, flaws) if whole else _unclosed(text, start, flaws, name=name)
    if _ENDS_STRING.match(text, end):
        return _closed(found, flaws)
    if inner.rstrip().endswith(",") or (name and ":" in inner):
        return _unclosed(text, start, flaws, name=name, end=end - 1)
    last = _last_quote(text, end, _ENDS_NAME if name else ENDS_TEXT)
    if last is None:
        return _closed(found, flaws)
    flaws.add(end - 1, "a quote inside a string needs a backslash")
    return last + 1, unescape(text[start + 1 : last])


def _closed(found: re.Match[str], flaws: Flaws) -> tuple[int, str]:
    """A string between its two quotes, with control characters or wrong escapes."""
    at = found.start(1)
    control = _CONTROL.search(found[1])
    if control is not None:
        what = "a line break" if control[0] in "\r\n" else "a control character"
        flaws.add(at + control.start(), f"{what} stands inside a string")
    for escape in _ESCAPE.finditer(found[1]):
        if escape[1] is not None:
            flaws.habit(at + escape.start(), "a backslash begins no escape of JSON")
    return found.end(), unescape(found[1])


def _unclosed(
    text: str, start: int, flaws: Flaws, *, name: bool, end: int | None = None
) -> tuple[int, str]:
    """A string without its closing quote: it ends with its line, a name with its colon."""
    line = text.find("\n", start)
    stop = end or (len(text) if line < 0 else line)
    inner = text[start + 1 : stop]
    colon = inner.find(":") if name else -1
    # Brackets that end the line belong to the string where others are left for the containers.
    tail = _TAIL if _CLOSER.search(text, stop, stop + _NEAR) else _CLOSING_TAIL
    kept = inner[:colon] if colon >= 0 else tail.sub("", inner)
    end = start + 1 + len(kept)
    flaws.add(end, "the closing quote is missing")
    return end, unescape(kept)


def _last_quote(text: str, start: int, ends: re.Pattern[str]) -> int | None:
    """The first quote on the line from ``start`` on that can close a string."""
    line = text.find("\n", start)
    at = text.find('"', start, line if line >= 0 else len(text))
    while at >= 0:
        if ends.match(text, at + 1):
            return at
        at = text.find('"', at + 1, line if line >= 0 else len(text))
    return None
