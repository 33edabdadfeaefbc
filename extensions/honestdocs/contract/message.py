"""HTTP messages as authors write them in a literal block (RFC 9112, section 2).

Owns the reading of request lines, status lines, header fields and bodies out of a text.
Must not know where the text came from, nor judge whether its claims are true.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from honestdocs.contract.example import Header, Request, Response
from honestdocs.contract.layout import FOLDED, plain_lines, unfolded_form

METHODS = frozenset(
    "GET HEAD POST PUT PATCH DELETE OPTIONS TRACE CONNECT QUERY "
    "COPY MOVE MKCOL PROPFIND PROPPATCH LOCK UNLOCK REPORT SEARCH LINK UNLINK PURGE".split()
)
SEPARATOR = "###"
"""What separates the requests of an ``.http`` file, also where a page shows one."""
_INDENTS = frozenset((" ", "\t"))
_HEAD = 4000
"""So many characters tell whether a block is a message."""
_LAID_OUT = frozenset(" \t<>*")
"""How a line may begin that only the layout of its page keeps from being a start line."""
_FORM = "application/x-www-form-urlencoded"
ELLIPSES = frozenset(("...", "…", "....", "[...]", "(...)"))

_REQUEST = re.compile(
    r"^([A-Z][A-Z-]{1,20})[ \t]+(\S[^ \t]*(?:[ \t]+[^ \t]+)*?)"
    r"(?:[ \t]+(HTTP(?:/\d(?:\.\d)?)?))?[ \t]*$"
)
_STATUS = re.compile(
    r"^(HTTP(?:/\d(?:\.\d)?)?)[ \t]+([1-5]\d\d)(?:[ \t]+(.*?))?[ \t]*$", re.IGNORECASE
)
_BARE_STATUS = re.compile(r"^([1-5]\d\d)[ \t]+([A-Z][A-Za-z' -]+?)(?:[ \t]+(HTTP/[\d.]+))?[ \t]*$")
_TERSE = re.compile(rf"^(?:{'|'.join(sorted(METHODS))})[ \t]+/\S*[ \t]*$")
"""How an author who leaves versions out begins a further request: nothing else on the line."""
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


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
    """Whether a block of any language begins with a request or status line.

    A request line without a version counts when a header field follows it.
    """
    first = text.lstrip("\n").partition("\n")[0]
    if "A" <= first[:1] <= "Z":
        if _starts(first, lenient=False):
            return True
        if not _REQUEST.match(first):
            return False
    elif first[:1] not in _LAID_OUT:
        return False
    lines = [line for line in plain_lines(text[:_HEAD]) if line.strip()]
    if not lines or _starts(lines[0], lenient=False):
        return bool(lines)
    following = lines[1] if len(lines) > 1 else ""
    return _starts(lines[0], lenient=True) and _is_field(following)


def _is_field(line: str) -> bool:
    name, colon, _ = line.partition(":")
    return bool(colon) and _NAME.fullmatch(name) is not None


def is_request_line(text: str) -> bool:
    """Whether a block is a method with a path and nothing else, as in ``GET /users?page=2``."""
    return _TERSE.match(text.strip()) is not None


def _starts(line: str, *, lenient: bool) -> bool:
    if line[:4].upper() == "HTTP" and _STATUS.match(line):
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
    lines = plain_lines(text)
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


def _starts_of(lines: list[str], *, lenient: bool) -> list[int]:
    """Offsets of start lines: the first line with text, then those after a blank line."""
    starts: list[int] = []
    blank, eager = True, lenient
    for offset, line in enumerate(lines):
        if starts and line[:1] in _INDENTS and not line.isspace():
            blank = False
            continue
        if not line.strip() or line.startswith(SEPARATOR):
            blank, eager = True, eager or (lenient and line.startswith(SEPARATOR))
            continue
        terse = blank and lenient and bool(starts) and "HTTP/" not in lines[starts[0]]
        if blank and (_starts(line, lenient=eager) or (terse and _TERSE.match(line))):
            starts.append(offset)
            eager = False
        elif not starts:
            return []
        elif (line[:4].upper() == "HTTP" and _STATUS.match(line)) or (blank and _is_swapped(line)):
            starts.append(offset)
        blank = False
    return starts


def _is_swapped(line: str) -> bool:
    """Whether a status line has its version at the end: ``200 OK HTTP/1.1``."""
    found = _BARE_STATUS.match(line)
    return found is not None and bool(found[3])


def _trimmed(lines: list[str], start: int, end: int) -> tuple[str, int]:
    """The text between two offsets without blank lines around it, and where it starts."""
    if SEPARATOR in "\n".join(lines[start:end]):
        end = next((at for at in range(start, end) if lines[at].startswith(SEPARATOR)), end)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return "\n".join(lines[start:end]), start


@dataclass(slots=True)
class _Draft:
    """A message under construction: where it starts, and what follows its start line."""

    line: int
    headers: list[Header] = field(default_factory=list)
    opened: bool = False
    body: str = ""
    body_line: int = 0
    flaws: list[Flaw] = field(default_factory=list)

    def warn(self, offset: int, message: str, text: str) -> None:
        self.flaws.append(Flaw(line=offset, message=message, text=text.strip(), warning=True))


def _parse_one(lines: list[str], start: int, end: int) -> tuple[Request | Response, list[Flaw]]:
    draft = _Draft(start)
    draft.body, draft.body_line = _trimmed(lines, _read_headers(draft, lines, end), end)
    line = lines[start].rstrip()
    if status := _STATUS.match(line):
        return _response(draft, line, *status.groups()), draft.flaws
    if bare := _BARE_STATUS.match(line):
        return _response(draft, line, "", bare[1], bare[2]), draft.flaws
    return _request(draft, line), draft.flaws


def _response(draft: _Draft, line: str, version: str, code: str, reason: str | None) -> Response:
    if "/" not in version:
        draft.warn(draft.line, _versionless("HTTP/1.1 200 OK"), line)
    return Response(
        status=int(code),
        reason=reason or "",
        headers=tuple(draft.headers),
        body=draft.body,
        line=draft.line,
        body_line=draft.body_line,
        version=version.upper(),
        open_headers=draft.opened,
    )


def _request(draft: _Draft, line: str) -> Request:
    found = _REQUEST.match(line)
    assert found is not None  # noqa: S101 - _starts_of accepted this line
    method, target, version = found[1], found[2], found[3] or ""
    if "/" not in version:
        draft.warn(draft.line, _versionless("GET /path HTTP/1.1"), line)
    if " " in target:
        draft.warn(draft.line, "a request target cannot hold blanks: write %20", target)
    return Request(
        method=method,
        target=target,
        headers=tuple(draft.headers),
        body=_sent_body(draft),
        line=draft.line,
        body_line=draft.body_line,
        version=version,
    )


def _sent_body(draft: _Draft) -> str:
    """The body as a client sends it: a form is one line, however a page shows it."""
    if "\n" not in draft.body:
        return draft.body
    fields = {header.name.lower(): header.value.lower() for header in draft.headers}
    is_form = fields.get("content-type", "").startswith(_FORM)
    return unfolded_form(draft.body) if is_form else draft.body


def _versionless(model: str) -> str:
    return f"no HTTP version in the first line: write it as in {model!r}"


def _read_headers(draft: _Draft, lines: list[str], end: int) -> int:
    """Reads the header fields below the start line; returns the offset after them."""
    for offset in range(draft.line + 1, end):
        line = lines[offset]
        if not line.strip() or line.startswith(SEPARATOR):
            return offset + (not line.strip())
        if line == FOLDED:
            continue
        name, colon, value = line.partition(":")
        name = name.rstrip(" \t")
        if colon and _NAME.fullmatch(name):
            draft.headers.append(Header(name=name, value=value.strip(" \t"), line=offset))
        elif line.strip() in ELLIPSES:
            draft.opened = True
        elif line[0] in " \t" and draft.headers:
            last = draft.headers.pop()
            folded = f"{last.value} {line.strip()}".strip()
            draft.headers.append(Header(name=last.name, value=folded, line=last.line))
        elif _is_body_line(line):
            message = "no blank line between the header fields and the body"
            draft.warn(offset, message, line)
            return offset
        else:
            message = "not a header field: expected 'Name: value'"
            draft.flaws.append(Flaw(line=offset, message=message, text=line.strip()))
    return end


def _is_body_line(line: str) -> bool:
    return line.lstrip()[:1] in ("{", "[", "<", '"')
