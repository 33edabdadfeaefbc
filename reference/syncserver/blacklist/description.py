"""The page of operators in the words of OpenAPI, for `/openapi.json`.

Owns texts and schemas only: nothing here changes what the page does.
"""

from __future__ import annotations

from typing import Any

from fastapi.responses import Response

_TEXT = {"type": "string"}
_PROBLEM = {
    "application/problem+json": {
        "schema": {
            "type": "object",
            "properties": {"title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT},
            "required": ["title", "status", "detail"],
        }
    }
}
_REFUSALS = {
    400: "The form does not come from this page.",
    401: "The operator's name and password are missing or wrong.",
    404: "This server has no page for operators.",
    413: "The body is too large.",
    503: "The cache does not answer.",
}
_FORM = {"content": {"application/x-www-form-urlencoded": {"schema": _TEXT}}}


def describe(name: str) -> dict[str, Any]:
    """Return what the framework's router takes to describe the operation `name`."""
    shown = name == "show"
    statuses = (401, 404, 503) if shown else (400, 401, 404, 413, 503)
    responses: dict[int | str, dict[str, Any]] = {
        status: {"description": _REFUSALS[status], "content": _PROBLEM} for status in statuses
    }
    if shown:
        responses[200] = {"description": "The list.", "content": {"text/html": {"schema": _TEXT}}}
    else:
        responses[303] = {"description": "Done: back to the list."}
    responses["default"] = {"description": "Any other refusal.", "content": _PROBLEM}
    extra: dict[str, Any] = {"security": [{"basic": []}]}
    if not shown:
        extra["requestBody"] = _FORM
    return {
        "name": f"admin_{name}",
        "summary": "See who is shut out" if shown else "Let addresses in again",
        "status_code": 200 if shown else 303,
        "response_class": Response,
        "responses": responses,
        "openapi_extra": extra,
    }
