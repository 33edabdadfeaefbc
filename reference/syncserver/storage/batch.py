"""Several drafts in one request: which of them are taken, and why the others are not.

Pure.  Owns the limits of a request and what happens to a record that is named twice.  Must not
know where records are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from syncserver.storage.record import MAX_PAYLOAD, Draft, RecordError, parse_draft

TOO_MANY = "retry wbo"
TOO_LARGE = "retry bytes"
MISSING = "payload missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLimits:
    """What one request may hold: records, bytes of all payloads together, bytes of one payload."""

    max_records: int = 100
    max_bytes: int = 1_048_576
    max_payload: int = MAX_PAYLOAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Drafts of different records, what their requests were called in turn, and what failed."""

    drafts: Sequence[Draft]
    ids: Sequence[str]
    failed: dict[str, list[str]] = field(default_factory=dict)


def parse_batch(values: Sequence[object], limits: BatchLimits) -> Batch:
    """Return what the values of a list are; nothing is refused as a whole.

    When the payloads have reached the limit together, the draft that reached it and all after it
    fail: the client sends them again in another request.
    """
    drafts: dict[str, Draft] = {}
    ids: list[str] = []
    failed: dict[str, list[str]] = {}
    size = 0
    for value in values:
        try:
            draft = parse_draft(value, max_payload=limits.max_payload)
        except RecordError as error:
            failed[error.record_id] = [error.reason]
            continue
        size += len(draft.payload or b"")
        if len(ids) >= limits.max_records:
            failed[draft.id] = [TOO_MANY]
        elif size >= limits.max_bytes:
            failed[draft.id] = [TOO_LARGE]
        else:
            earlier = drafts.get(draft.id)
            drafts[draft.id] = draft if earlier is None else earlier.amend(draft)
            ids.append(draft.id)
    return Batch(drafts=list(drafts.values()), ids=ids, failed=failed)
