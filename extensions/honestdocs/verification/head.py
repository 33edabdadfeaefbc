"""The head of a response: status line and header fields out of raw bytes.

Owns reading them leniently, as browsers do. Must not know the engine, nor the body.
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypeVar

from honestdocs.contract.wire import Headers

SWITCHING = 101
_FINAL = 200
_MOST_REMEMBERED = 1024
_LONGEST_REMEMBERED = 512
_STATUS_LINE = re.compile(r"HTTP/[0-9.]+[ \t]+([0-9]{3})(?:[ \t]+([^\r]*))?")


_T = TypeVar("_T")


class Head(NamedTuple):
    """Status line and fields of a response; ``reason`` is empty in HTTP/2.

    ``complete`` tells whether the empty line had come that ends the fields.
    """

    status: int
    reason: str
    headers: Headers
    complete: bool

    @property
    def interim(self) -> bool:
        """Whether another response follows (RFC 9110, section 15.2)."""
        return self.status < _FINAL and self.status != SWITCHING


def decode(raw: bytes) -> str:
    """Text of header bytes: UTF-8 where they are, Latin-1 otherwise."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


class HeadReader:
    """Reads heads and remembers their lines: a server sends most of them again and again."""

    __slots__ = ("_fields", "_statuses")

    def __init__(self) -> None:
        self._fields: dict[bytes, tuple[str, str]] = {}
        self._statuses: dict[bytes, tuple[int, str]] = {}

    def read(self, raw: bytes) -> Head | None:
        """The same as ``read_head``, quicker."""
        lines = raw.split(b"\r\n")
        status = self._statuses.get(lines[0]) or self._learn_status(lines[0])
        if status is None or lines.pop() or lines.pop():
            return read_head(raw)
        known = self._fields.get
        headers = [known(line) or self._learn_field(line) for line in lines[1:]]
        if None in headers:
            return read_head(raw)
        return Head(*status, tuple(headers), True)  # type: ignore[arg-type] # noqa: FBT003 - None was looked for

    def _learn_status(self, line: bytes) -> tuple[int, str] | None:
        """The status and reason of a final response's usual status line."""
        match = _STATUS_LINE.fullmatch(decode(line))
        if match is None or b"\n" in line or match[1] < str(_FINAL):
            return None
        return _remember(self._statuses, line, (int(match[1]), (match[2] or "").strip()))

    def _learn_field(self, line: bytes) -> tuple[str, str] | None:
        """The field of a usual line, ``None`` where it is folded or ends without CR."""
        name, colon, value = decode(line).partition(":")
        if not colon or name[:1] in ("", " ", "\t") or b"\n" in line:
            return None
        return _remember(self._fields, line, (name, value.strip(" \t")))


def _remember(known: dict[bytes, _T], line: bytes, value: _T) -> _T:
    if len(known) >= _MOST_REMEMBERED:
        known.clear()
    if len(line) <= _LONGEST_REMEMBERED:
        known[line] = value
    return value


def read_head(raw: bytes) -> Head | None:
    """The final response's head; interim ones before it and trailers after it are left out.

    Returns the last interim head where there is no final one, ``None`` where there is none.
    """
    lines = decode(raw).split("\n")
    at = 0
    head = None
    while at < len(lines) and (match := _STATUS_LINE.match(lines[at])):
        headers, at = _read_fields(lines, at + 1)
        reason = (match[2] or "").strip()
        head = Head(int(match[1]), reason, headers, complete=at < len(lines))
        if not head.interim:
            break
    return head


def _read_fields(lines: list[str], at: int) -> tuple[Headers, int]:
    """The fields from line ``at`` on, and the line after the empty one that ends them."""
    fields: list[tuple[str, str]] = []
    for number in range(at, len(lines)):
        name, colon, value = lines[number].partition(":")
        if colon and name[:1] not in (" ", "\t"):
            fields.append((name, value.strip(" \t\r")))
        elif not lines[number].strip("\r"):
            return tuple(fields), number + 1
        elif fields:
            more = lines[number].strip(" \t\r")
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {more}".strip())
    return tuple(fields), len(lines)
