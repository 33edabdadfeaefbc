"""The key exchange in the words of OpenAPI, for `/openapi.json`.

Owns texts and schemas only: nothing here changes what the service does.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse, Response

from syncserver.keyexchange.identifier import PARTY_LENGTH

_PROBLEM = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
    "required": ["title", "status", "detail"],
}
_PROBLEM_CONTENT = {"application/problem+json": {"schema": _PROBLEM}}
_TAGGED = (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED, HTTPStatus.PRECONDITION_FAILED)
_STATUSES = {
    200: "Done.",
    301: "Moved to the page for people.",
    304: "The client knows the content already.",
    400: "An identifier is missing, malformed, or none of the channel's two clients.",
    404: "There is no such channel.",
    412: "A precondition does not hold.",
    413: "The body is too large.",
    503: "No channel identifier is free, or the store is away.",
}
_PARTY = {"type": "string", "minLength": PARTY_LENGTH, "maxLength": PARTY_LENGTH}
_TEXT = {"type": "string"}
_REQUEST_HEADERS: dict[str, tuple[str, dict[str, Any]]] = {
    "X-KeyExchange-Id": ("Identifier of the client, drawn anew for each exchange.", _PARTY),
    "X-KeyExchange-Cid": ("Channel that the report ends.", _TEXT),
    "X-KeyExchange-Log": ("Short report, put before the body.", _TEXT),
    "If-None-Match": ("Tags of contents that are not wanted.", _TEXT),
    "If-Match": ("Tags of which one must be that of the content.", _TEXT),
}
_RESPONSE_HEADERS = {
    "ETag": "Quoted hex MD5 of the content.",
    "X-KeyExchange-Channel": "Identifier of the channel.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Operation:
    summary: str
    statuses: tuple[int, ...]
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    takes_body: bool = False


_OPERATIONS = {
    "redirect": _Operation(summary="Go to the page for people", statuses=(301, 503)),
    "open": _Operation(
        summary="Open a channel",
        statuses=(200, 400, 503),
        required=("X-KeyExchange-Id",),
        answers=("X-KeyExchange-Channel",),
    ),
    "read": _Operation(
        summary="Read a channel",
        statuses=(200, 304, 400, 404, 503),
        required=("X-KeyExchange-Id",),
        optional=("If-None-Match",),
        answers=("ETag",),
    ),
    "peek": _Operation(
        summary="Look whether a channel has changed",
        statuses=(200, 304, 400, 404, 503),
        required=("X-KeyExchange-Id",),
        optional=("If-None-Match",),
        answers=("ETag",),
    ),
    "write": _Operation(
        summary="Replace the content of a channel",
        statuses=(200, 400, 404, 412, 413, 503),
        required=("X-KeyExchange-Id",),
        optional=("If-Match", "If-None-Match"),
        answers=("ETag",),
        takes_body=True,
    ),
    "close": _Operation(
        summary="Close a channel",
        statuses=(200, 400, 404, 503),
        required=("X-KeyExchange-Id",),
    ),
    "report": _Operation(
        summary="Report how an exchange ended",
        statuses=(200, 400, 413, 503),
        optional=("X-KeyExchange-Id", "X-KeyExchange-Cid", "X-KeyExchange-Log"),
        takes_body=True,
    ),
}


def describe(name: str) -> dict[str, Any]:
    """Return what the framework's router takes to describe the operation `name`."""
    operation = _OPERATIONS[name]
    # Whatever does not answer 200 has no content, which the framework would promise otherwise.
    kind = JSONResponse if operation.statuses[0] == HTTPStatus.OK else Response
    return {
        "response_class": kind,
        "summary": operation.summary,
        "status_code": operation.statuses[0],
        "responses": _describe_responses(operation),
        "openapi_extra": _describe_request(operation),
    }


def _describe_request(operation: _Operation) -> dict[str, Any]:
    parameters = [_describe_parameter(name, required=True) for name in operation.required]
    parameters += [_describe_parameter(name, required=False) for name in operation.optional]
    if not operation.takes_body:
        return {"parameters": parameters}
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {"parameters": parameters, "requestBody": {"content": content}}


def _describe_parameter(name: str, *, required: bool) -> dict[str, Any]:
    text, schema = _REQUEST_HEADERS[name]
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": text,
        "schema": schema,
    }


def _describe_responses(operation: _Operation) -> dict[int | str, dict[str, Any]]:
    described: dict[int | str, dict[str, Any]] = {}
    for status in operation.statuses:
        described[status] = {"description": _STATUSES[status]}
        if status in _TAGGED:
            described[status]["headers"] = {
                name: {"description": _RESPONSE_HEADERS[name], "schema": _TEXT}
                for name in operation.answers
            }
        if status >= HTTPStatus.BAD_REQUEST:
            described[status]["content"] = _PROBLEM_CONTENT
    # Without this the framework promises a 422 that the service never sends.
    described["default"] = {"description": "Any other refusal.", "content": _PROBLEM_CONTENT}
    return described
