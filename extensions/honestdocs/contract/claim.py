"""Static lies: claims that contradict themselves or their page, found without a server.

Owns those rules. Must not know what a server answers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from email.utils import parsedate_to_datetime

from honestdocs.contract.credentials import basic_parts
from honestdocs.contract.document import Document, looks_like_json, parse_document
from honestdocs.contract.example import Block, Example, Header, Request, Response
from honestdocs.contract.message import ELLIPSES, Flaw
from honestdocs.contract.operation import Location, Operation
from honestdocs.contract.outcome import Kind, Lie, Mismatch
from honestdocs.contract.pairing import Pair
from honestdocs.contract.place import Place
from honestdocs.contract.placed import Placed
from honestdocs.contract.status import covers

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HTTP_DATE = re.compile(r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*, +(\d{1,2})[ -](\w{3})[ -](\d{4}) ")
_ISO_DATE = re.compile(r'"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?[^"\n]*)?"')
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_CLOCK = (24, 60, 61)
"""Hours, minutes and seconds; a leap second is the sixty-first."""
_CLIENT_ERROR = 4
_ANYBODY = frozenset(("username", "USERNAME", "<username>", "$USERNAME", "$USER", "<user>"))
"""Users by whose name a command leaves the reader to say who."""
_DATED = frozenset(("date", "expires", "last-modified", "if-modified-since", "sunset"))


def flaw_lie(flaw: Flaw, block: Block, example: str = "") -> Lie:
    """A flaw in the spelling of a message, told as a lie of its block."""
    return _lie(
        Kind.PARSE,
        "message",
        block.place.below(flaw.line),
        flaw.message,
        documented=flaw.text,
        example=example,
        warning=flaw.warning,
    )


def _lie(  # noqa: PLR0913 - the parts of a lie
    kind: Kind,
    subject: str,
    place: Place,
    message: str,
    *,
    documented: str = "",
    observed: str = "",
    fix: str = "",
    example: str = "",
    warning: bool = False,
) -> Lie:
    mismatch = Mismatch(
        kind=kind,
        subject=subject,
        documented=documented,
        observed=observed,
        place=place,
        fix=fix or message,
    )
    return Lie(mismatch=mismatch, message=message, example=example, warning=warning)


def example_lies(
    example: Example, pair: Pair, operations: Sequence[Operation], *, fits: bool
) -> Iterator[Lie]:
    """All static lies of one example; ``operations`` are those that it may belong to, and
    ``fits`` tells whether its request belongs to one of them.
    """
    request, response = example.request, example.response
    if request is not None and pair.sent is not None:
        if not fits and operations:
            yield _foreign(example, request, operations)
        refused = response is not None and (response.status or 0) // 100 == _CLIENT_ERROR
        if not refused and not pair.sent.command:
            yield from _body_lies(request, pair.sent, example.id)
        yield from _date_lies(request.headers, pair.sent, example.id)
        yield from _credential_lies(pair, example.id)
    placed = next((p for p in pair.responses if p.message is response), None)
    if response is not None and placed is not None:
        yield from _body_lies(response, placed, example.id)
        yield from _date_lies(response.headers, placed, example.id)
        yield from _iso_lies(response, placed, example.id)
        yield from _length_lies(response, placed, example.id)
        if fits or request is None:
            yield from _status_lies(example, response, operations)


def _foreign(example: Example, request: Request, operations: Sequence[Operation]) -> Lie:
    said = f"{request.method} {request.target}"
    wanted = " or ".join(dict.fromkeys(op.key for op in operations))
    message = f"{said} stands under {wanted}, but it is no request of it"
    return _lie(
        Kind.OPERATION,
        "request",
        example.request_place,
        message,
        documented=said,
        observed=wanted,
        fix="mend the request line, or move the example to its operation",
        example=example.id,
    )


def _body_lies(message: Request | Response, placed: Placed, example: str) -> Iterator[Lie]:
    if not message.body or message.body.strip() in ELLIPSES or not _claims_json(message):
        return
    document = parse_document(message.body)
    for flaw in document.flaws:
        place = placed.block.place.below(message.body_line + flaw.line)
        line = message.body.split("\n")[flaw.line].strip()
        said = f"this JSON does not parse: {flaw.message}"
        yield _lie(Kind.PARSE, "body", place, said, documented=line[:120], example=example)
    if not document.parsed and not document.flaws:
        place = placed.block.place.below(message.body_line)
        yield _lie(Kind.PARSE, "body", place, "this JSON does not parse", example=example)


def _claims_json(message: Request | Response) -> bool:
    media = (message.header("Content-Type") or "").partition(";")[0].strip().lower()
    if media:
        return media == "application/json" or media.endswith("+json")
    return message.body.lstrip()[:1] in ("{", "[") and looks_like_json(message.body)


def _status_lies(
    example: Example, response: Response, operations: Sequence[Operation]
) -> Iterator[Lie]:
    listed = [p.name for op in operations for p in op.named(Location.STATUS)]
    code = str(response.status)
    if response.status is None or not listed or any(covers(name, code) for name in listed):
        return
    key = example.operation or operations[0].key
    yield _lie(
        Kind.UNLISTED_STATUS,
        "status",
        example.place,
        f"status {code} is not among the documented status codes of {key}",
        documented=code,
        observed=", ".join(dict.fromkeys(listed)),
        fix=f"add :statuscode {code}: to {key}, or correct the example",
        example=example.id,
    )


def _date_lies(headers: Sequence[Header], placed: Placed, example: str) -> Iterator[Lie]:
    for header in headers:
        if header.name.lower() not in _DATED:
            continue
        fault = http_date_fault(header.value)
        if fault:
            place = placed.block.place.below(header.line)
            subject = f"header {header.name}"
            yield _lie(Kind.DATE, subject, place, fault, documented=header.value, example=example)


def http_date_fault(value: str) -> str:
    """Why an HTTP date (RFC 9110, section 5.6.7) cannot be, or the empty text."""
    found = _HTTP_DATE.match(value)
    if found is None:
        return ""
    weekday, day, month, year = found.groups()
    if month not in _MONTHS:
        return f"{month!r} is no month"
    try:
        day_of = date(int(year), _MONTHS.index(month) + 1, int(day))
        parsedate_to_datetime(value.replace(":60 ", ":59 "))  # a leap second can be
    except (ValueError, TypeError):
        return f"there is no such date as {value!r}"
    right = _WEEKDAYS[day_of.weekday()]
    return "" if right == weekday else f"{day} {month} {year} was a {right}, not a {weekday}"


def _iso_lies(response: Response, placed: Placed, example: str) -> Iterator[Lie]:
    for found in _ISO_DATE.finditer(response.body):
        if _is_possible(*(int(part) for part in found.groups() if part is not None)):
            continue
        at = response.body.count("\n", 0, found.start())
        place = placed.block.place.below(response.body_line + at)
        said = f"there is no such date as {found[0]}"
        yield _lie(Kind.DATE, "body", place, said, documented=found[0], example=example)


def _is_possible(*numbers: int) -> bool:
    """Whether year, month, day and perhaps hour, minute and second are in the calendar."""
    year, month, day, *clock = numbers
    try:
        date(year, month, day)
    except ValueError:
        return False
    return all(part < limit for part, limit in zip(clock, _CLOCK, strict=False))


def _length_lies(response: Response, placed: Placed, example: str) -> Iterator[Lie]:
    """A documented length that no spelling of the documented body can have: a warning."""
    header = next((h for h in response.headers if h.name.lower() == "content-length"), None)
    if header is None or not header.value.isdecimal() or not response.body:
        return
    if "..." in response.body or "…" in response.body:
        return
    lengths = _lengths(response.body)
    if lengths is None or lengths[0] <= int(header.value) <= lengths[1]:
        return
    shortest = lengths[0]
    said = f"Content-Length says {header.value} bytes, but the documented body has {shortest}"
    place = placed.block.place.below(header.line)
    subject = "header Content-Length"
    yield _lie(
        Kind.LENGTH,
        subject,
        place,
        said,
        documented=header.value,
        observed=str(shortest),
        example=example,
        warning=True,
    )


def _lengths(body: str) -> tuple[int, int] | None:
    """The fewest and the most bytes that a body may have when it is written otherwise; None
    where parts of it are left out.
    """
    plain = len(body.encode())
    document: Document = parse_document(body)
    if document.flaws or not document.parsed or not looks_like_json(body):
        return plain, plain + 2 * body.count("\n") + 2
    try:
        compact = json.dumps(document.value, separators=(",", ":"), ensure_ascii=False)
        spacious = json.dumps(document.value, indent=8)
    except TypeError:  # JSON has no spelling for elisions and placeholders
        return None
    return len(compact.encode("utf-8", "replace")), max(plain * 2, len(spacious) + 2)


def _credential_lies(pair: Pair, example: str) -> Iterator[Lie]:
    """Basic credentials of a raw request against those of the command beside it."""
    if pair.request is None or pair.command is None:
        return
    message, command = pair.request.message, pair.command.message
    raw, typed = message.header("Authorization"), command.header("Authorization")
    if raw is None or typed is None:
        return
    ours, theirs = basic_parts(raw), basic_parts(typed)
    if ours[0] is None or theirs[0] is None or ours == theirs or theirs[0] in _ANYBODY:
        return
    header = next(h for h in message.headers if h.name.lower() == "authorization")
    what = "the user" if ours[0] != theirs[0] else "the password"
    said = f"{what} in Authorization is not the one of the command beside it"
    yield _lie(
        Kind.CREDENTIALS,
        "header Authorization",
        pair.request.block.place.below(header.line),
        said,
        documented=f"user {ours[0]!r}, {'no password' if not ours[1] else 'a password'}",
        observed=f"user {theirs[0]!r}, {'no password' if not theirs[1] else 'another password'}",
        fix="encode the command's own user and password",
        example=example,
    )
