"""Uniform error answers: problem details (RFC 9457) for every refusal of the server.

Owns how an error becomes an HTTP answer.  Must not know which service raised it; a service that
promises another form for its own refusals answers with a response of its own instead.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match

from syncserver.service import UnavailableError

# RFC 9110 renamed it; the library has the new name from Python 3.13 on.
_TITLES = {413: "Content Too Large"}
_log = logging.getLogger("syncserver.problem")
_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


def create_problem(
    status: int, detail: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """Return the error answer for `status`; `detail` tells a developer what to change."""
    title = _TITLES.get(status, HTTPStatus(status).phrase)
    return JSONResponse(
        {"title": title, "status": status, "detail": detail or title},
        status_code=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
        media_type="application/problem+json",
    )


def install_problems(app: FastAPI, retry_after: int = 0) -> None:
    """Make every error that leaves a route of `app` a problem answer.

    A 503 tells to come back after `retry_after` seconds, 0: it does not tell.
    """
    advice = {"Retry-After": str(retry_after)} if retry_after else {}

    async def answer_unavailable(_request: Request, error: UnavailableError) -> Response:
        return create_problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error), advice)

    app.exception_handler(HTTPException)(_answer_refusal)
    app.exception_handler(UnavailableError)(answer_unavailable)
    app.exception_handler(Exception)(_answer_fault)


async def _answer_refusal(request: Request, error: HTTPException) -> Response:
    headers = dict(error.headers or {})
    detail = error.detail
    if error.status_code == HTTPStatus.NOT_FOUND and detail == HTTPStatus.NOT_FOUND.phrase:
        detail = "Nothing is served at this path."
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = _read_allowed(request)
        headers["Allow"] = ", ".join(allowed)
        detail = f"This path takes {', '.join(allowed)}."
    return create_problem(error.status_code, detail, headers)


def _read_allowed(request: Request) -> list[str]:
    """Return every method that some route takes at the request's path, sorted.

    Several routes share one path, and the framework's own answer names only the first one's
    methods, in an order that changes from process to process.
    """
    routes: list[BaseRoute] = request.app.routes
    scopes = {method: {**request.scope, "method": method} for method in _METHODS}
    return [
        method
        for method, scope in scopes.items()
        if any(route.matches(scope)[0] is Match.FULL for route in routes)
    ]


async def _answer_fault(request: Request, _error: Exception) -> Response:
    """Say nothing of the fault itself: the client cannot mend it.

    The number leads to it in the log, where the engine tells the fault and this line which
    request met it.
    """
    crash_id = uuid.uuid4().hex
    request_id = request.scope.get("state", {}).get("request_id", "")
    _log.error("application error: crash id %s, request id %s", crash_id, request_id)
    return create_problem(
        HTTPStatus.INTERNAL_SERVER_ERROR, f"application error: crash id {crash_id}"
    )
