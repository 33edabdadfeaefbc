"""The bodies of requests to the storage: JSON, read to drafts or to the number of a refusal.

Pure.  Owns which number goes with which fault.  Must not know HTTP.
"""

from __future__ import annotations

import json
from enum import IntEnum
from typing import NoReturn

from syncserver.storage.batch import Batch, BatchLimits, parse_batch
from syncserver.storage.record import Draft, RecordError, parse_draft


class Code(IntEnum):
    """The numbers that are the whole body of a refusal with the status 400."""

    UNCONFIRMED = 4
    MALFORMED_JSON = 6
    INVALID_RECORD = 8
    OVER_QUOTA = 14


class BodyError(Exception):
    """A body that is refused, with the number that says why."""

    def __init__(self, code: Code) -> None:
        super().__init__(code.name)
        self.code = code


def parse_single(body: bytes, record_id: str, limits: BatchLimits) -> Draft:
    """Return the draft of the record `record_id`.  Raises `BodyError`."""
    return _parse_draft(_parse_json(body), record_id, limits)


def parse_several(body: bytes, limits: BatchLimits) -> Draft | Batch:
    """Return the batch that a list is, or the draft that an object is.  Raises `BodyError`."""
    value = _parse_json(body)
    if isinstance(value, list):
        return parse_batch(value, limits)
    draft = _parse_draft(value, None, limits)
    if "/" in draft.id:
        raise BodyError(Code.INVALID_RECORD)
    return draft


def _parse_draft(value: object, record_id: str | None, limits: BatchLimits) -> Draft:
    try:
        return parse_draft(value, record_id, limits.max_payload)
    except RecordError:
        raise BodyError(Code.INVALID_RECORD) from None


def _parse_json(body: bytes) -> object:
    """Return the value; NaN and infinities, which Python would take, are no JSON."""
    try:
        value: object = json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BodyError(Code.MALFORMED_JSON) from None
    return value


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)
