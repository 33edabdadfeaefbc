"""The registration in the words of OpenAPI, for `/openapi.json`.

Owns texts and schemas only: nothing here changes what the service does.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi.responses import Response

from syncserver.registration.refusal import Code

_PROBLEM = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
    "required": ["title", "status", "detail"],
}
_TEXT = {"type": "string"}
_DRAFT = {
    "type": "object",
    "properties": {
        "password": {"type": "string", "minLength": 8},
        "email": {"type": "string", "maxLength": 64},
        "captcha-challenge": _TEXT,
        "captcha-response": _TEXT,
    },
    "required": ["password", "email"],
}
_STATUSES = {
    400: "Refused; the number says why.",
    401: "The user's name and password are missing or wrong.",
    404: "There is no such user.",
    413: "The body is too large.",
    503: "The database or the mail server does not answer.",
}
_CAPTCHA = (
    ("captcha-challenge", "query", "The challenge that was solved."),
    ("captcha-response", "query", "Its solution."),
)
_SECRET = (("X-Weave-Secret", "header", "Secret that replaces a captcha."),)
_RESET = (("X-Weave-Password-Reset", "header", "Code that was mailed."),)
_LINK = (
    ("username", "query", "User whose password is to be set."),
    ("key", "query", "Code that was mailed."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Operation:
    summary: str
    statuses: tuple[int, ...] = ()
    parameters: tuple[tuple[str, str, str], ...] = ()
    answer: str = "text/plain"
    takes: str = ""
    codes: tuple[Code, ...] = ()
    secured: bool = False


_CREATION = (
    Code.TAKEN,
    Code.NAME,
    Code.JSON,
    Code.ADDRESS,
    Code.FOREIGN_ADDRESS,
    Code.NO_PASSWORD,
    Code.WEAK_PASSWORD,
    Code.CAPTCHA,
)
_OPERATIONS = {
    "account.look": _Operation(summary="Look whether a name is taken"),
    "account.create": _Operation(
        summary="Make an account",
        statuses=(400, 413),
        parameters=_SECRET,
        takes="application/json",
        codes=_CREATION,
    ),
    "account.delete": _Operation(summary="Delete an account", statuses=(401,), secured=True),
    "account.find_node": _Operation(summary="Find the storage of a user", statuses=(404,)),
    "account.send_code": _Operation(
        summary="Mail a reset code",
        statuses=(400,),
        parameters=_CAPTCHA,
        codes=(Code.NAME, Code.ADDRESS, Code.CAPTCHA),
    ),
    "account.void_code": _Operation(
        summary="Void a reset code",
        statuses=(400, 401),
        parameters=_CAPTCHA,
        codes=(Code.CAPTCHA,),
        secured=True,
    ),
    "account.change_password": _Operation(
        summary="Set a new password",
        statuses=(400, 401, 404, 413),
        parameters=_RESET,
        takes="text/plain",
        codes=(Code.RESET_CODE, Code.NO_PASSWORD, Code.WEAK_PASSWORD),
        secured=True,
    ),
    "account.change_email": _Operation(
        summary="Set a new address",
        statuses=(400, 401, 413),
        takes="text/plain",
        codes=(Code.ADDRESS,),
        secured=True,
    ),
    "account.show_captcha": _Operation(
        summary="Show a captcha", statuses=(404,), answer="text/html"
    ),
    "people.show_reset": _Operation(
        summary="Ask for a new password", parameters=_LINK, answer="text/html"
    ),
    "people.reset": _Operation(
        summary="Set a new password by form",
        statuses=(400, 413),
        answer="text/html",
        takes="application/x-www-form-urlencoded",
    ),
    "people.show_delete": _Operation(
        summary="Ask whose account is to be deleted", answer="text/html"
    ),
    "people.delete": _Operation(
        summary="Delete an account by form",
        statuses=(413,),
        answer="text/html",
        takes="application/x-www-form-urlencoded",
    ),
}


def describe(name: str, method: str) -> dict[str, Any]:
    """Return what the framework's router takes to describe the operation `name`."""
    operation = _OPERATIONS[name]
    return {
        "name": f"{name.replace('.', '_')}_{method.lower()}",
        "summary": operation.summary,
        "response_class": Response,
        "responses": _describe_responses(operation),
        "openapi_extra": _describe_request(operation),
    }


def _describe_request(operation: _Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "parameters": [
            {"name": name, "in": place, "required": False, "description": text, "schema": _TEXT}
            for name, place, text in operation.parameters
        ]
    }
    if operation.secured:
        described["security"] = [{"basic": []}]
    if operation.takes:
        schema: dict[str, Any] = _DRAFT if operation.takes == "application/json" else _TEXT
        described["requestBody"] = {
            "required": True,
            "content": {operation.takes: {"schema": schema}},
        }
    return described


def _describe_responses(operation: _Operation) -> dict[int | str, dict[str, Any]]:
    described: dict[int | str, dict[str, Any]] = {
        200: {"description": "Done.", "content": {operation.answer: {"schema": _TEXT}}}
    }
    problem = {"application/problem+json": {"schema": _PROBLEM}}
    for status in sorted({503, *operation.statuses}):
        described[status] = {"description": _STATUSES[status], "content": dict(problem)}
        if status == HTTPStatus.BAD_REQUEST:
            codes = {"type": ["integer", "null"], "enum": [*map(int, operation.codes), None]}
            described[status]["content"] = {"application/json": {"schema": codes}}
    # Without this the framework promises a 422 that the service never sends.
    described["default"] = {"description": "Any other refusal.", "content": problem}
    return described
