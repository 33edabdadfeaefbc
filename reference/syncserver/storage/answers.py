"""Answers of the storage: header fields, bodies and refusals.

Owns their outer form.  Must not know how what they tell was found out.
"""

from __future__ import annotations

from http import HTTPStatus

from fastapi.responses import Response
from starlette.exceptions import HTTPException

from syncserver.problem import create_problem
from syncserver.storage.body import Code
from syncserver.storage.rendering import Form
from syncserver.storage.store import Refusal
from syncserver.storage.timestamp import render_time

TIMESTAMP = "X-Weave-Timestamp"
RECORDS = "X-Weave-Records"
QUOTA_REMAINING = "X-Weave-Quota-Remaining"

WARNED_FROM = 1_048_576
"""Bytes left of the quota from which on a client is told how many."""

_KIB = 1024


def answer_json(content: bytes | str, stamp: int, form: Form = Form.JSON) -> Response:
    """Return an answer with its body, told at the time `stamp`."""
    headers = {TIMESTAMP: render_time(stamp), "Cache-Control": "no-store"}
    return Response(content, media_type=form, headers=headers)


def answer_several(content: bytes, stamp: int, form: Form, number: int) -> Response:
    """Return an answer of `number` values, the number in its head."""
    response = answer_json(content, stamp, form)
    response.headers[RECORDS] = str(number)
    response.headers["Vary"] = "Accept"
    return response


def answer_written(content: bytes | str, stamp: int, left: int | None) -> Response:
    """Return the answer to a write; `left` are the bytes that were left of the quota before."""
    response = answer_json(content, stamp)
    if left is not None and left <= WARNED_FROM:
        response.headers[QUOTA_REMAINING] = str(round(left / _KIB, 2))
    return response


def answer_code(code: Code) -> Response:
    """Return a refusal whose whole body is a number."""
    return Response(
        str(int(code)),
        HTTPStatus.BAD_REQUEST,
        media_type=Form.JSON,
        headers={"Cache-Control": "no-store"},
    )


def answer_refusal(refusal: Refusal) -> Response:
    """Return the answer for what a store refuses."""
    if refusal is Refusal.OVER_QUOTA:
        return answer_code(Code.OVER_QUOTA)
    if refusal is Refusal.MODIFIED:
        detail = "The collection has been changed since X-If-Unmodified-Since."
        return create_problem(HTTPStatus.PRECONDITION_FAILED, detail)
    if refusal is Refusal.NO_USER:
        return create_problem(HTTPStatus.UNAUTHORIZED, "The account was deleted.")
    return answer_code(Code.INVALID_RECORD)


def refuse(detail: str) -> HTTPException:
    """Return the refusal of a request with a field or parameter that cannot be read."""
    return HTTPException(HTTPStatus.BAD_REQUEST, detail)
