"""HTTP messages as authors write them in a literal block (RFC 9112, section 2).

Owns the reading of request lines, status lines, header fields and bodies out of a text.
Must not know where the text came from, nor judge whether its claims are true.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from honestdocs.contract.example import Header, Request, Response

METHODS = frozenset(
    "GET HEAD POST PUT PATCH DELETE OPTIONS TRACE CONNECT QUERY "
    "COPY MOVE MKCOL PROPFIND PROPPATCH LOCK UNLOCK REPORT SEARCH LINK UNLINK PURGE".split()
)
SEPARATOR = "###"
"""What separates the requests of an ``.http`` file, also where a page shows one."""
ELLIPSES = frozenset(("...", "…", "....", "[...]", "(...)"))

_REQUEST = re.compile(r"^([A-Z][A-Z-]{1,20})[ \t]+(\S.*?)(?:[ \t]+(HTTP(?:/\d(?:\.\d)?)?))?[ \t]*$")
_STATUS = re.compile(
    r"^(HTTP(?:/\d(?:\.\d)?)?)[ \t]+([1-5]\d\d)(?:[ \t]+(.*?))?[ \t]*$", re.IGNORECASE
)
_BARE_STATUS = re.compile(r"^([1-5]\d\d)[ \t]+([A-Z][A-Za-z' -]+?)[ \t]*$")
_TERSE = re.compile(rf"^(?:{'|'.join(sorted(METHODS))})[ \t]+/\S*[ \t]*$")
"""How an author who leaves versions out begins a further request: nothing else on the line."""
_FIELD = re.compile(r"^([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:[ \t]*(.*?)[ \t]*$")
_SENT_OR_RECEIVED = re.compile(r"^[<>](?: |$)")
_NOISE = re.compile(r"^\* |^[{}] \[\d+ bytes data\]")
"""What ``curl -v`` tells beside the messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """Something in a block that is not as HTTP has it; ``line`` is an offset in the block.

    A ``warning`` is understood all the same; otherwise part of the text was not.
    """

    line: int
    message: str
    text: str = ""
    warning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """The messages of a block in order, with what is wrong in their spelling."""

    items: tuple[Request | Response, ...] = ()
    flaws: tuple[Flaw, ...] = ()


def is_message(text: str) -> bool:
    """Whether a block of any language begins with a complete request or status line."""
    for line in text.split("\n", 20):
        if line.strip():
            return _starts(_strip_prompt(line), lenient=False)
    return False


def _strip_prompt(line: str) -> str:
    return line[2:] if line[:2] in ("> ", "< ") else line


def _starts(line: str, *, lenient: bool) -> bool:
    if _STATUS.match(line):
        return True
    found = _REQUEST.match(line)
    if not found or not _is_target(found[2]):
        return bool(lenient and _BARE_STATUS.match(line))
    return bool(found[3]) or (lenient and found[1] in METHODS)


def _is_target(text: str) -> bool:
    return text[0] in "/*{<(?" or "://" in text[:12] or text[0] == ":"


def parse_messages(text: str, *, lenient: bool = True) -> Messages:
    """All messages of a block; ``lenient`` accepts start lines without a version.

    A block without any start line is a body alone: a response that claims no status.
    Never raises: what cannot be read is a flaw.
    """
    lines = _plain(text.split("\n"))
    flaws: list[Flaw] = []
    starts = _starts_of(lines, lenient=lenient)
    if not starts:
        body, offset = _trimmed(lines, 0, len(lines))
        alone = Response(status=None, body=body, body_line=offset, line=offset)
        return Messages(items=(alone,) if body else (), flaws=tuple(flaws))
    items: list[Request | Response] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        message, found = _parse_one(lines, start, end)
        items.append(message)
        flaws.extend(found)
    return Messages(items=tuple(items), flaws=tuple(flaws))


def _plain(lines: list[str]) -> list[str]:
    """The lines without the marks and the noise of a ``curl -v`` transcript."""
    first = next((line for line in lines if line.strip()), "")
    if not (_SENT_OR_RECEIVED.match(first) or _NOISE.match(first)):
        return lines
    if not any(_strip_prompt(line) != line and is_message(line) for line in lines):
        return lines
    return ["" if _NOISE.match(line) else _SENT_OR_RECEIVED.sub("", line) for line in lines]


def _starts_of(lines: list[str], *, lenient: bool) -> list[int]:
    """Offsets of start lines: the first line with text, then those after a blank line."""
    starts: list[int] = []
    blank, eager = True, lenient
    for offset, line in enumerate(lines):
        if not line.strip() or line.startswith(SEPARATOR):
            blank, eager = True, eager or (lenient and line.startswith(SEPARATOR))
            continue
        terse = lenient and bool(starts) and "HTTP/" not in lines[starts[0]]
        if blank and (_starts(line, lenient=eager) or (terse and _TERSE.match(line))):
            starts.append(offset)
            eager = False
        elif not starts:
            return []
        elif _STATUS.match(line):
            starts.append(offset)
        blank = False
    return starts


def _trimmed(lines: list[str], start: int, end: int) -> tuple[str, int]:
    """The text between two offsets without blank lines around it, and where it starts."""
    end = next((at for at in range(start, end) if lines[at].startswith(SEPARATOR)), end)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return "\n".join(lines[start:end]), start


def _parse_one(lines: list[str], start: int, end: int) -> tuple[Request | Response, list[Flaw]]:
    headers, body_start, opened, flaws = _parse_headers(lines, start + 1, end)
    body, body_line = _trimmed(lines, body_start, end)
    line = lines[start].rstrip()
    status = _STATUS.match(line) or _BARE_STATUS.match(line)
    if status:
        return _response(status, start, headers, body, body_line, opened, flaws), flaws
    return _request(line, start, headers, body, body_line, flaws), flaws


def _response(
    found: re.Match[str],
    start: int,
    headers: tuple[Header, ...],
    body: str,
    body_line: int,
    opened: bool,  # noqa: FBT001 - a private value passed on
    flaws: list[Flaw],
) -> Response:
    groups = found.groups()
    version, code, reason = groups if len(groups) == 3 else ("", *groups)
    if "/" not in version:
        flaws.append(_versionless(start, found.string, "HTTP/1.1 200 OK"))
    return Response(
        status=int(code),
        reason=reason or "",
        headers=headers,
        body=body,
        line=start,
        body_line=body_line,
        version=version.upper(),
        open_headers=opened,
    )


def _request(
    line: str,
    start: int,
    headers: tuple[Header, ...],
    body: str,
    body_line: int,
    flaws: list[Flaw],
) -> Request:
    found = _REQUEST.match(line)
    assert found is not None  # noqa: S101 - _starts_of accepted this line
    method, target, version = found[1], found[2], found[3] or ""
    if "/" not in version:
        flaws.append(_versionless(start, line, "GET /path HTTP/1.1"))
    if " " in target:
        message = "a request target cannot hold blanks: write %20"
        flaws.append(Flaw(line=start, message=message, text=target, warning=True))
    return Request(
        method=method,
        target=target,
        headers=headers,
        body=body,
        line=start,
        body_line=body_line,
        version=version,
    )


def _versionless(line: int, text: str, model: str) -> Flaw:
    message = f"no HTTP version in the first line: write it as in {model!r}"
    return Flaw(line=line, message=message, text=text.strip(), warning=True)


def _parse_headers(
    lines: list[str], start: int, end: int
) -> tuple[tuple[Header, ...], int, bool, list[Flaw]]:
    """Header fields from ``start`` on, the offset after them, and whether they are elided."""
    headers: list[Header] = []
    flaws: list[Flaw] = []
    opened = False
    for offset in range(start, end):
        line = lines[offset]
        if not line.strip() or line.startswith(SEPARATOR):
            return tuple(headers), offset + (not line.strip()), opened, flaws
        field = _FIELD.match(line)
        if line.strip() in ELLIPSES:
            opened = True
        elif line[0] in " \t" and headers:
            last = headers.pop()
            folded = f"{last.value} {line.strip()}".strip()
            headers.append(Header(name=last.name, value=folded, line=last.line))
        elif field:
            headers.append(Header(name=field[1], value=field[2], line=offset))
        elif _is_body_line(line):
            message = "no blank line between the header fields and the body"
            flaws.append(Flaw(line=offset, message=message, text=line.strip(), warning=True))
            return tuple(headers), offset, opened, flaws
        else:
            message = "not a header field: expected 'Name: value'"
            flaws.append(Flaw(line=offset, message=message, text=line.strip()))
    return tuple(headers), end, opened, flaws


def _is_body_line(line: str) -> bool:
    return line.lstrip()[:1] in ("{", "[", "<", '"')
