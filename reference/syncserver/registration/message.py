"""Requests and answers of the registration: bodies, header fields and forms.

Owns their outer form.  Must not know what is asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.responses import Response

from syncserver.body import read_body
from syncserver.registration.refusal import Code
from syncserver.registration.registrar import Solution

_NO_STORE = {"Cache-Control": "no-store"}


def answer_text(text: str) -> Response:
    """Return an answer in plain text."""
    return Response(text, media_type="text/plain", headers=_NO_STORE)


def answer_null(status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Return the answer that there is nothing, as JSON says it."""
    return Response("null", status, media_type="application/json", headers=_NO_STORE)


def answer_code(code: Code) -> Response:
    """Return a refusal whose whole body is its number."""
    return Response(
        str(int(code)), HTTPStatus.BAD_REQUEST, media_type="application/json", headers=_NO_STORE
    )


async def read_text(request: Request, limit: int) -> str | None:
    """Return the body as text, None when it is none that can be kept."""
    return _decode(await read_body(request, limit))


async def read_draft(request: Request, limit: int) -> Mapping[str, object] | None:
    """Return the members of the JSON object in the body, None when there is none."""
    text = await read_text(request, limit)
    try:
        draft = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    if not isinstance(draft, dict) or not all(map(_is_text, draft.values())):
        return None
    return draft


async def read_form(request: Request, limit: int) -> dict[str, str]:
    """Return the fields of the form in the body; what is no form has none."""
    text = await read_text(request, limit)
    pairs = parse_qsl(text or "", keep_blank_values=True, max_num_fields=None)
    return {name: value for name, value in pairs if "\0" not in value}


def read_solution(request: Request, fields: Mapping[str, object]) -> Solution:
    """Return what is to show that a person sits there."""
    return Solution(
        challenge=str(fields.get("captcha-challenge", "")),
        response=str(fields.get("captcha-response", "")),
        secret=request.headers.get("X-Weave-Secret", ""),
    )


def _decode(content: bytes) -> str | None:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _is_text(value: object) -> bool:
    """Tell whether a member, if it is a string, is one that can be kept: JSON can spell others."""
    return not isinstance(value, str) or _decode(value.encode(errors="surrogatepass")) is not None
