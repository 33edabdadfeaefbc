"""What is done for each request to the storage.

Owns the order of checks: who asks, what is asked, whether it may be.  Must not know paths, nor how
records are kept.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

from fastapi import Request
from fastapi.responses import Response

from syncserver.authentication import Authenticator, UserId, require_user
from syncserver.problem import create_problem
from syncserver.storage.answers import (
    answer_code,
    answer_json,
    answer_refusal,
    answer_several,
    answer_written,
    refuse,
)
from syncserver.storage.batch import MISSING, Batch
from syncserver.storage.body import BodyError, Code, parse_several, parse_single
from syncserver.storage.record import Draft
from syncserver.storage.rendering import (
    choose_form,
    quote,
    render_members,
    render_record,
    render_values,
    render_written,
)
from syncserver.storage.selection import Query, Selection, SelectionError, parse_query
from syncserver.storage.settings import KIB, StorageSettings
from syncserver.storage.store import (
    UNCONDITIONAL,
    Conditions,
    Place,
    Refusal,
    StorageStore,
    Written,
)
from syncserver.storage.timestamp import parse_time, read_clock, render_time

T = TypeVar("T")

_LARGE_BODY = 65536
"""Bytes of a body from which on it is parsed in a thread, so that other requests need not wait."""

_MANY_RECORDS = 200
"""Records of an answer from which on it is put together in a thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pages:
    store: StorageStore
    authenticator: Authenticator
    settings: StorageSettings
    clock: Callable[[], float]

    def read_time(self) -> int:
        return read_clock(self.clock())

    async def require_user(self, request: Request, username: str) -> UserId:
        return await require_user(request, self.authenticator, username)

    async def find_place(self, request: Request, username: str, collection: str) -> Place:
        return Place(user=await self.require_user(request, username), collection=collection)


class InfoPages(_Pages):
    """What a client learns about all collections at once."""

    async def list_times(self, request: Request, username: str) -> Response:
        """Answer with the time of the last change of each collection."""
        user = await self.require_user(request, username)
        now = self.read_time()
        listing = await self.store.list_times(user, now)
        times = {name: render_time(time) for name, time in listing.members.items()}
        form = choose_form(request.headers.get("Accept", ""))
        stamp = max(now, listing.clock)
        return answer_several(render_members(times, form), stamp, form, len(times))

    async def count_records(self, request: Request, username: str) -> Response:
        """Answer with the number of records of each collection."""
        user = await self.require_user(request, username)
        now = self.read_time()
        listing = await self.store.count_records(user, now)
        counts = {name: str(number) for name, number in listing.members.items()}
        form = choose_form(request.headers.get("Accept", ""))
        stamp = max(now, listing.clock)
        return answer_several(render_members(counts, form), stamp, form, len(counts))

    async def measure_collections(self, request: Request, username: str) -> Response:
        """Answer with the KiB that the payloads of each collection have."""
        user = await self.require_user(request, username)
        now = self.read_time()
        listing = await self.store.measure_collections(user, now)
        sizes = {name: size / KIB for name, size in listing.members.items()}
        return answer_json(json.dumps(sizes, separators=(",", ":")), max(now, listing.clock))

    async def read_quota(self, request: Request, username: str) -> Response:
        """Answer with the KiB that are used and those that may be used."""
        user = await self.require_user(request, username)
        now = self.read_time()
        listing = await self.store.measure_collections(user, now)
        used = sum(listing.members.values()) / KIB
        quota = json.dumps([used, self.settings.quota or None], separators=(",", ":"))
        return answer_json(quota, max(now, listing.clock))


class RecordPages(_Pages):
    """Reading, writing and deleting records."""

    async def read(self, request: Request, username: str, collection: str, record: str) -> Response:
        """Answer with one record."""
        place = await self.find_place(request, username, collection)
        now = self.read_time()
        reading = await self.store.read_record(place, record, now)
        stamp = max(now, reading.clock)
        if reading.records:
            return answer_json(render_record(reading.records[0]), stamp)
        problem = create_problem(HTTPStatus.NOT_FOUND, "There is no such record.")
        problem.headers["X-Weave-Timestamp"] = render_time(stamp)
        return problem

    async def list(self, request: Request, username: str, collection: str) -> Response:
        """Answer with the records that the query selects, or with their ids."""
        place = await self.find_place(request, username, collection)
        query = _read_query(request)
        form = choose_form(request.headers.get("Accept", ""))
        now = self.read_time()
        if query.full:
            reading = await self.store.read_records(place, query.selection, now)
            clock, number = reading.clock, len(reading.records)
            content = await _run(
                number > _MANY_RECORDS,
                lambda: render_values(map(render_record, reading.records), form),
            )
        else:
            naming = await self.store.list_ids(place, query.selection, now)
            clock, number = naming.clock, len(naming.ids)
            content = render_values(map(quote, naming.ids), form)
        return answer_several(content, max(now, clock), form, number)

    async def put(self, request: Request, username: str, collection: str, record: str) -> Response:
        """Write the record that the path names."""
        place = await self.find_place(request, username, collection)
        conditions = self._read_conditions(request, quota_first=True)
        body = await request.body()
        try:
            draft = parse_single(body, record, self.settings.limits)
        except BodyError as error:
            return await self._refuse_body(place, error, conditions)
        return await self._write_single(place, draft, conditions)

    async def post(self, request: Request, username: str, collection: str) -> Response:
        """Write the records of a list, or the one record of the body."""
        place = await self.find_place(request, username, collection)
        conditions = self._read_conditions(request, quota_first=False)
        body = await request.body()
        limits = self.settings.limits
        try:
            parsed = await _run(len(body) > _LARGE_BODY, lambda: parse_several(body, limits))
        except BodyError as error:
            since = Conditions(unmodified_since=conditions.unmodified_since)
            return await self._refuse_body(place, error, since)
        if isinstance(parsed, Draft):
            return await self._write_single(place, parsed, conditions)
        return await self._write_batch(place, parsed, conditions)

    async def delete(
        self, request: Request, username: str, collection: str, record: str
    ) -> Response:
        """Delete the record that the path names."""
        place = await self.find_place(request, username, collection)
        return await self._delete(request, place, Selection(ids=(record,)))

    async def delete_selected(self, request: Request, username: str, collection: str) -> Response:
        """Delete the records that the query selects."""
        place = await self.find_place(request, username, collection)
        return await self._delete(request, place, _read_query(request).selection)

    async def delete_everything(self, request: Request, username: str) -> Response:
        """Delete all collections of the user."""
        user = await self.require_user(request, username)
        if "X-Confirm-Delete" not in request.headers:
            return answer_code(Code.UNCONFIRMED)
        conditions = Conditions(unmodified_since=_read_since(request))
        now = self.read_time()
        return _answer_deleted(await self.store.delete_everything(user, conditions, now), now)

    async def _write_single(self, place: Place, draft: Draft, conditions: Conditions) -> Response:
        now = self.read_time()
        written = await self.store.write(place, [draft], conditions, now)
        if isinstance(written, Refusal):
            return answer_refusal(written)
        if written.missing:
            return answer_refusal(Refusal.NO_PAYLOAD)
        stamp = max(now, written.clock)
        return answer_written(render_time(written.modified), stamp, written.left)

    async def _write_batch(self, place: Place, batch: Batch, conditions: Conditions) -> Response:
        now = self.read_time()
        written: Written | Refusal = Written(clock=now, modified=now)
        if batch.drafts:
            written = await self.store.write(place, batch.drafts, conditions, now)
        elif conditions:
            written = await self.store.examine(place, conditions, now) or written
        if isinstance(written, Refusal):
            return answer_refusal(written)
        missing = written.missing
        success: Sequence[str] = [name for name in batch.ids if name not in missing]
        failed = {**batch.failed, **{name: [MISSING] for name in sorted(missing)}}
        stamp = max(now, written.clock)
        return answer_written(render_written(stamp, success, failed), stamp, written.left)

    async def _delete(self, request: Request, place: Place, selection: Selection) -> Response:
        conditions = Conditions(unmodified_since=_read_since(request))
        now = self.read_time()
        return _answer_deleted(await self.store.delete(place, selection, conditions, now), now)

    async def _refuse_body(
        self, place: Place, error: BodyError, conditions: Conditions
    ) -> Response:
        """Refuse for what comes before the body in the order of refusals, else for the body."""
        refusal = None
        if conditions:
            refusal = await self.store.examine(place, conditions, self.read_time())
        return answer_code(error.code) if refusal is None else answer_refusal(refusal)

    def _read_conditions(self, request: Request, *, quota_first: bool) -> Conditions:
        since = _read_since(request)
        quota = self.settings.quota_bytes
        if since is None and quota is None:
            return UNCONDITIONAL
        return Conditions(unmodified_since=since, quota=quota, quota_first=quota_first)


async def _run(is_long: bool, work: Callable[[], T]) -> T:  # noqa: FBT001 - not part of an interface
    return await asyncio.to_thread(work) if is_long else work()


def _read_query(request: Request) -> Query:
    try:
        return parse_query(request.scope["query_string"])
    except SelectionError as error:
        raise refuse(str(error)) from None


def _read_since(request: Request) -> int | None:
    text = request.headers.get("X-If-Unmodified-Since")
    if text is None:
        return None
    try:
        return parse_time(text)
    except ValueError:
        raise refuse("X-If-Unmodified-Since must be a number of seconds.") from None


def _answer_deleted(written: Written | Refusal, now: int) -> Response:
    if isinstance(written, Refusal):
        return answer_refusal(written)
    stamp = max(now, written.clock)
    return answer_json(render_time(stamp), stamp)
