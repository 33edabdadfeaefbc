"""Several records in one request: limits and partial failure."""

from __future__ import annotations

from syncserver.storage.batch import BatchLimits, parse_batch
from syncserver.storage.record import Draft

LIMITS = BatchLimits(max_records=3, max_bytes=10, max_payload=100)


def test_records_beyond_the_number_are_to_be_sent_again() -> None:
    batch = parse_batch([{"id": name} for name in "abcde"], LIMITS)
    assert batch.ids == ["a", "b", "c"]
    assert batch.failed == {"d": ["retry wbo"], "e": ["retry wbo"]}


def test_records_that_are_refused_do_not_count() -> None:
    batch = parse_batch([3, {"id": "a"}, {"id": "x", "ttl": -1}, {"id": "b"}, {"id": "c"}], LIMITS)
    assert batch.ids == ["a", "b", "c"]
    assert batch.failed == {"": ["invalid wbo"], "x": ["invalid ttl"]}


def test_from_the_payload_that_fills_the_request_all_are_to_be_sent_again() -> None:
    values = [
        {"id": name, "payload": text} for name, text in [("a", "xxxx"), ("b", "xxxxxx"), ("c", "")]
    ]
    batch = parse_batch(values, LIMITS)
    assert batch.ids == ["a"]
    assert batch.failed == {"b": ["retry bytes"], "c": ["retry bytes"]}


def test_a_record_that_is_named_twice_is_written_once() -> None:
    batch = parse_batch([{"id": "a", "payload": "x"}, {"id": "a", "sortindex": 1}], LIMITS)
    assert batch.drafts == [Draft("a", b"x", sortindex=1)]
    assert batch.ids == ["a", "a"]


def test_an_empty_list_is_a_batch() -> None:
    batch = parse_batch([], LIMITS)
    assert (batch.drafts, batch.ids, batch.failed) == ([], [], {})
