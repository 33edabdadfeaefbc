"""The forms of an answer: JSON, one JSON value a line, or JSON values with their lengths.

Pure.  Owns the text of answers and the choice among the forms.  Must not know HTTP beyond the
Accept field, nor where records are kept.  JSON is ASCII throughout, so a line never breaks inside
of a value.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from json.encoder import encode_basestring_ascii

from syncserver.storage.record import Record
from syncserver.storage.timestamp import render_time

quote = encode_basestring_ascii
"""Returns the JSON of a text."""


class Form(StrEnum):
    """The media types that an answer of several values can have."""

    JSON = "application/json"
    NEWLINES = "application/newlines"
    WHOISI = "application/whoisi"


_PREFERENCE = (Form.WHOISI, Form.NEWLINES)


def choose_form(accept: str) -> Form:
    """Return the form that an Accept field asks for most; JSON when it asks for none of them.

    JSON is named by wildcards too.  Of forms that are wanted equally, JSON comes first if it is
    named itself, then the one with the lengths, then lines.
    """
    if not accept or accept == Form.JSON:
        return Form.JSON
    qualities = _parse_accept(accept)
    best = max((qualities.get(form, 0.0) for form in Form), default=0.0)
    if best <= 0 or qualities.get(Form.JSON) == best:
        return Form.JSON
    return next(form for form in _PREFERENCE if qualities.get(form) == best)


def _parse_accept(accept: str) -> dict[str, float]:
    """Return the quality of each media type that is named (RFC 9110, section 12.5.1)."""
    qualities: dict[str, float] = {}
    for entry in accept.split(","):
        name, *parameters = (part.strip().lower() for part in entry.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                quality = _parse_quality(value.strip())
        qualities[name] = max(quality, qualities.get(name, 0.0))
    return qualities


def _parse_quality(text: str) -> float:
    try:
        quality = float(text)
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0


def render_record(record: Record) -> str:
    """Return the JSON object of a record, with the fields that are set."""
    text = f'{{"id":{quote(record.id)},"modified":{render_time(record.modified)}'
    if record.sortindex is not None:
        text += f',"sortindex":{record.sortindex}'
    if record.parentid is not None:
        text += f',"parentid":{quote(record.parentid)}'
    if record.predecessorid is not None:
        text += f',"predecessorid":{quote(record.predecessorid)}'
    return f'{text},"payload":{quote(record.payload.decode("utf-8", "surrogatepass"))}}}'


def render_values(values: Iterable[str], form: Form) -> bytes:
    """Return JSON values in one of the forms."""
    if form is Form.NEWLINES:
        return "".join(f"{value}\n" for value in values).encode("ascii")
    if form is Form.WHOISI:
        encoded = [value.encode("ascii") for value in values]
        return b"".join(len(value).to_bytes(4, "big") + value for value in encoded)
    return f"[{','.join(values)}]".encode("ascii")


def render_members(members: Mapping[str, str], form: Form) -> bytes:
    """Return a JSON object of members whose values are JSON; outside of JSON one object each."""
    pairs = [f"{quote(name)}:{value}" for name, value in members.items()]
    if form is Form.JSON:
        return f"{{{','.join(pairs)}}}".encode("ascii")
    return render_values([f"{{{pair}}}" for pair in pairs], form)


def render_written(
    modified: int, success: Sequence[str], failed: Mapping[str, Sequence[str]]
) -> bytes:
    """Return what became of several drafts."""
    names = ",".join([quote(name) for name in success])
    reasons = json.dumps(failed, separators=(",", ":"))
    text = f'{{"modified":{render_time(modified)},"success":[{names}],"failed":{reasons}}}'
    return text.encode("ascii")
