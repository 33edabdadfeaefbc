"""Records and the drafts of them that clients send: which values a field may have.

Pure.  Owns the rules for one record.  Must not know HTTP, JSON's text or where records are kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

MAX_ID = 64
MAX_SORTINDEX = 999_999_999
MAX_TTL = 31_536_000
MAX_PAYLOAD = 262_144

URL_ID = r"[A-Za-z0-9._\-?#~\\]+"
"""What an identifier that is part of a path may consist of; in a body it may be anything."""

_UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")


class RecordError(Exception):
    """A draft that is refused; `reason` is the text that the interface promises."""

    def __init__(self, reason: str, record_id: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.record_id = record_id


@dataclass(frozen=True, slots=True)
class Draft:
    """What a request says about a record; None for a field that it does not name.

    `payload` is UTF-8, `ttl` in seconds.
    """

    id: str
    payload: bytes | None = None
    sortindex: int | None = None
    parentid: str | None = None
    predecessorid: str | None = None
    ttl: int | None = None

    def amend(self, later: Draft) -> Draft:
        """Return what is left when `later` is said after this about the same record."""
        return Draft(
            id=self.id,
            payload=self.payload if later.payload is None else later.payload,
            sortindex=self.sortindex if later.sortindex is None else later.sortindex,
            parentid=self.parentid if later.parentid is None else later.parentid,
            predecessorid=(
                self.predecessorid if later.predecessorid is None else later.predecessorid
            ),
            # A payload starts the life of the record anew, whatever was said about it before.
            ttl=later.ttl if later.ttl is not None or later.payload is not None else self.ttl,
        )


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it is kept; `modified` in hundredths of a second, `payload` UTF-8."""

    id: str
    modified: int
    payload: bytes
    sortindex: int | None = None
    parentid: str | None = None
    predecessorid: str | None = None


def parse_draft(
    value: object, record_id: str | None = None, max_payload: int = MAX_PAYLOAD
) -> Draft:
    """Return the draft that a JSON value is, for the record `record_id` if that is given.

    Raises `RecordError`.  Fields of other names are not looked at.
    """
    if not isinstance(value, Mapping):
        raise RecordError("invalid wbo")
    found = value.get("id")
    if record_id is None or found is not None:
        found = _read_id(found)
    name = record_id if record_id is not None else str(found)
    if len(name) > MAX_ID:
        raise RecordError("invalid id", name)
    try:
        return Draft(
            id=name,
            parentid=_read_reference(value, "parentid"),
            predecessorid=_read_reference(value, "predecessorid"),
            sortindex=_read_integer(value, "sortindex", -MAX_SORTINDEX, MAX_SORTINDEX),
            ttl=_read_integer(value, "ttl", 0, MAX_TTL),
            payload=_read_payload(value, max_payload),
        )
    except RecordError as error:
        raise RecordError(error.reason, name) from None


def _read_id(value: object) -> str:
    """Return the text of an identifier; a number becomes text."""
    text = _read_text(value)
    if not text or len(text) > MAX_ID or _UNSTORABLE.search(text):
        raise RecordError("invalid id", _show(text or ""))
    return text


def _read_text(value: object) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def _show(text: str) -> str:
    """Return what names a refused record in the answer."""
    return _UNSTORABLE.sub("\ufffd", text)


def _read_reference(value: Mapping[str, object], field: str) -> str | None:
    found = value.get(field)
    if found is None:
        return None
    text = _read_text(found)
    if text is None or len(text) > MAX_ID or _UNSTORABLE.search(text):
        raise RecordError(f"invalid {field}")
    return text


def _read_integer(value: Mapping[str, object], field: str, least: int, greatest: int) -> int | None:
    """Return the integer; text becomes one and what follows the point is cut off."""
    found = value.get(field)
    if found is None:
        return None
    if isinstance(found, int | float | str) and not isinstance(found, bool):
        try:
            number = int(found)
        except (ValueError, OverflowError):
            raise RecordError(f"invalid {field}") from None
        if least <= number <= greatest:
            return number
    raise RecordError(f"invalid {field}")


def _read_payload(value: Mapping[str, object], max_payload: int) -> bytes | None:
    if "payload" not in value:
        return None
    text = value["payload"]
    if not isinstance(text, str):
        raise RecordError("payload not a string")
    # JSON can write half of a character's pair, which is no text but must come back as it was.
    payload = text.encode("utf-8", "surrogatepass")
    if len(payload) > max_payload:
        raise RecordError("payload too large")
    return payload
