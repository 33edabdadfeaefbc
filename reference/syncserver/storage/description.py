"""The storage in the words of OpenAPI, for `/openapi.json`.

Owns texts and schemas only: nothing here changes what the service does.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from syncserver.storage.record import MAX_ID, MAX_SORTINDEX, MAX_TTL

_PROBLEM = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
    "required": ["title", "status", "detail"],
}
_TIME = {"type": "number", "minimum": 0}
_REFERENCE = {"type": "string", "maxLength": MAX_ID}
_FIELDS: dict[str, Any] = {
    "parentid": _REFERENCE,
    "predecessorid": _REFERENCE,
    "sortindex": {"type": "integer", "minimum": -MAX_SORTINDEX, "maximum": MAX_SORTINDEX},
    "payload": {"type": "string"},
}
_RECORD = {
    "type": "object",
    "properties": {"id": {"type": "string", "maxLength": MAX_ID}, "modified": _TIME, **_FIELDS},
    "required": ["id", "modified", "payload"],
}
_DRAFT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "minLength": 1, "maxLength": MAX_ID},
        **_FIELDS,
        "ttl": {"type": "integer", "minimum": 0, "maximum": MAX_TTL},
    },
}
_WRITTEN = {
    "type": "object",
    "properties": {
        "modified": _TIME,
        "success": {"type": "array", "items": {"type": "string"}},
        "failed": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
    "required": ["modified", "success", "failed"],
}
_CODE = {"type": "integer", "enum": [4, 6, 8, 14]}
_FORMS = ("application/newlines", "application/whoisi")
_STATUSES = {
    200: "Done.",
    400: "The request cannot be understood, or not be granted; the number says why.",
    401: "The user's name and password are missing or wrong.",
    404: "There is no such record.",
    412: "Somebody else has written since.",
    413: "The body is too large.",
    503: "The database does not answer.",
}
_QUERY: dict[str, tuple[str, dict[str, Any]]] = {
    "ids": ("Identifiers, separated by commas.", {"type": "string"}),
    "parentid": ("Parent that the records have.", {"type": "string"}),
    "predecessorid": ("Predecessor that the records have.", {"type": "string"}),
    "newer": ("Time after which the records were changed.", {"type": "number"}),
    "older": ("Time before which the records were changed.", {"type": "number"}),
    "index_above": ("Number above which the sortindex is.", {"type": "number"}),
    "index_below": ("Number below which the sortindex is.", {"type": "number"}),
    "limit": ("Greatest number of records.", {"type": "integer"}),
    "offset": ("Number of records to leave out first.", {"type": "integer"}),
    "sort": ("Order.", {"type": "string", "enum": ["oldest", "newest", "index"]}),
}
_FULL = ("Anything but empty: whole records instead of identifiers.", {"type": "string"})
_SINCE = ("X-If-Unmodified-Since", "Time after which nothing may have changed.", _TIME)
_CONFIRM = ("X-Confirm-Delete", "Anything: yes, all of it.", {"type": "string"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Operation:
    summary: str
    answer: dict[str, Any]
    statuses: tuple[int, ...] = ()
    query: tuple[str, ...] = ()
    full: bool = False
    headers: tuple[tuple[str, str, dict[str, Any]], ...] = ()
    takes: dict[str, Any] | None = None
    forms: bool = False


def _map(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": schema}


_WRITE_STATUSES = (400, 412, 413)
_OPERATIONS = {
    "list_times": _Operation(
        summary="When collections were last changed", answer=_map(_TIME), forms=True
    ),
    "count_records": _Operation(
        summary="How many records collections have", answer=_map({"type": "integer"}), forms=True
    ),
    "measure_collections": _Operation(
        summary="How large collections are", answer=_map({"type": "number"})
    ),
    "read_quota": _Operation(
        summary="How much is used and may be used",
        answer={"type": "array", "items": {"type": ["number", "null"]}},
    ),
    "read": _Operation(summary="Read a record", answer=_RECORD, statuses=(404,)),
    "put": _Operation(
        summary="Write a record",
        answer=_TIME,
        statuses=_WRITE_STATUSES,
        headers=(_SINCE,),
        takes=_DRAFT,
    ),
    "delete": _Operation(
        summary="Delete a record", answer=_TIME, statuses=(400, 412), headers=(_SINCE,)
    ),
    "list": _Operation(
        summary="Read a collection",
        answer={"type": "array", "items": {"anyOf": [{"type": "string"}, _RECORD]}},
        statuses=(400,),
        query=tuple(_QUERY),
        full=True,
        forms=True,
    ),
    "post": _Operation(
        summary="Write several records",
        answer={"anyOf": [_WRITTEN, _TIME]},
        statuses=_WRITE_STATUSES,
        headers=(_SINCE,),
        takes={"anyOf": [{"type": "array", "items": _DRAFT}, _DRAFT]},
    ),
    "delete_selected": _Operation(
        summary="Delete records of a collection",
        answer=_TIME,
        statuses=(400, 412),
        query=tuple(_QUERY),
        headers=(_SINCE,),
    ),
    "delete_everything": _Operation(
        summary="Delete all collections",
        answer=_TIME,
        statuses=(400, 412),
        headers=(_CONFIRM, _SINCE),
    ),
}


def describe(page: str, name: str) -> dict[str, Any]:
    """Return what the framework's router takes to describe the operation of `page`.

    `name` tells it from another operation of the same page.
    """
    operation = _OPERATIONS[page]
    return {
        "name": name,
        "summary": operation.summary,
        "responses": _describe_responses(operation),
        "openapi_extra": _describe_request(operation),
    }


def _describe_request(operation: _Operation) -> dict[str, Any]:
    query = {name: _QUERY[name] for name in operation.query}
    if operation.full:
        query["full"] = _FULL
    parameters = [_describe_parameter(name, "query", *parts) for name, parts in query.items()]
    parameters += [
        _describe_parameter(name, "header", text, schema)
        for name, text, schema in operation.headers
    ]
    described: dict[str, Any] = {"parameters": parameters, "security": [{"basic": []}]}
    if operation.takes is not None:
        content = {"application/json": {"schema": operation.takes}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _describe_parameter(name: str, place: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": place, "required": False, "description": text, "schema": schema}


def _describe_responses(operation: _Operation) -> dict[int | str, dict[str, Any]]:
    content: dict[str, Any] = {"application/json": {"schema": operation.answer}}
    if operation.forms:
        content |= {form: {"schema": {"type": "string"}} for form in _FORMS}
    clock = {"X-Weave-Timestamp": {"description": "Time of the answer.", "schema": _TIME}}
    described: dict[int | str, dict[str, Any]] = {
        200: {"description": _STATUSES[200], "headers": clock, "content": content}
    }
    problem = {"application/problem+json": {"schema": _PROBLEM}}
    for status in sorted({401, 503, *operation.statuses}):
        described[status] = {"description": _STATUSES[status], "content": dict(problem)}
        if status == HTTPStatus.BAD_REQUEST:
            described[status]["content"]["application/json"] = {"schema": _CODE}
    # Without this the framework promises a 422 that the service never sends.
    described["default"] = {"description": "Any other refusal.", "content": problem}
    return described
