"""A request that a reader wants to try, and what is allowed of it.

Owns the rules: a declared service, a documented operation, a plain path, fields that concern
nobody but the service. Must not send anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import unquote

from honestdocs.contract.catalog import Catalog
from honestdocs.contract.configuration import Service, service_of
from honestdocs.contract.operation import Operation
from honestdocs.contract.path import path_of
from honestdocs.contract.wire import Headers
from honestdocs.verification.snapshot import Snapshot

MOST_BODY = 64 * 1024
"""Bytes of a request's body."""

MOST_TARGET = 4096
MOST_FIELDS = 40
MOST_VALUE = 4096

_TARGET = re.compile(r"/[!-\[\]-~]*", re.ASCII)
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")
_METHODS = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS".split())
_REFUSED = frozenset(
    """
    connection content-length expect forwarded host http2-settings keep-alive origin te trailer
    transfer-encoding upgrade via x-real-ip true-client-ip x-client-ip x-http-method-override
    """.split()
)
_REFUSED_BEGINNINGS = ("proxy-", "sec-", "x-forwarded-", "x-original-", "cf-", ":")


class RefusedError(Exception):
    """A request that is not sent; ``status`` is the HTTP status that says so."""

    def __init__(self, message: str, status: int = 403) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A request as a reader has put it together: well formed, but not yet allowed."""

    service: str
    method: str
    target: str
    headers: Headers = ()
    body: bytes | None = None


def parse_attempt(data: object) -> Attempt:
    """The attempt of a JSON value. Raises RefusedError."""
    if not isinstance(data, Mapping):
        _refuse("an attempt is a JSON object")
    body = data.get("body", "")
    if not isinstance(body, str):
        _refuse("body must be a text")
    encoded = body.encode("utf-8", "surrogatepass")
    if len(encoded) > MOST_BODY:
        raise RefusedError(f"the body is larger than {MOST_BODY} bytes", 413)
    attempt = Attempt(
        service=_word(data, "service"),
        method=_word(data, "method"),
        target=_word(data, "target"),
        headers=_fields(data.get("headers", [])),
        body=encoded or None,
    )
    _check_target(attempt.target)
    return attempt


def _refuse(said: str, status: int = 400) -> NoReturn:
    raise RefusedError(said, status)


def _word(data: Mapping[str, object], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) and value else _refuse(f"{name} must be a text")


def _fields(value: object) -> Headers:
    if not isinstance(value, list) or len(value) > MOST_FIELDS:
        _refuse(f"headers must be a list of at most {MOST_FIELDS} pairs")
    return tuple(_field(pair) for pair in value)


def _field(pair: object) -> tuple[str, str]:
    match pair:
        case [str(name), str(value)]:
            pass
        case _:
            _refuse("a header is a pair of name and value")
    if not _NAME.fullmatch(name):
        _refuse(f"{name[:60]!r} is no name of a header field")
    if not _VALUE.fullmatch(value) or len(value) > MOST_VALUE:
        _refuse(f"the value of {name} holds what no header field can hold")
    lower = name.lower()
    if lower in _REFUSED or lower.startswith(_REFUSED_BEGINNINGS):
        _refuse(f"{name} is not passed on", 403)
    return name, value.strip(" \t")


def _check_target(target: str) -> None:
    """Refuses what is no plain path with a query below the service (RFC 9112, section 3.2.1)."""
    if len(target) > MOST_TARGET:
        _refuse(f"the target is longer than {MOST_TARGET} characters", 414)
    if not _TARGET.fullmatch(target) or "#" in target or target.startswith("//"):
        _refuse("the target must be a path with an optional query, percent-encoded")
    path = target.partition("?")[0]
    plain = unquote(unquote(path)).replace("\\", "/")
    if any(part in {".", ".."} for part in plain.split("/")) or "\0" in plain:
        _refuse("the path must not hold . or .. as a segment", 403)


def admit(attempt: Attempt, snapshot: Snapshot) -> tuple[Service, Operation]:
    """The service and the documented operation of an attempt. Raises RefusedError."""
    services = {service.name: service for service in snapshot.services if service.served}
    service = services.get(attempt.service)
    if service is None:
        raise RefusedError(f"there is no service {attempt.service[:60]!r} to be tried", 404)
    mine = [
        operation
        for operation in snapshot.contract.operations
        if service_of(operation.page, snapshot.services) is service
    ]
    if attempt.method not in _METHODS:
        raise RefusedError(f"{attempt.method[:20]!r} is no method that can be tried", 405)
    catalog = Catalog(mine, (*snapshot.contract.bases, service.path))
    found = catalog.find(attempt.method, attempt.target)
    if not found:
        said = f"{attempt.method} {path_of(attempt.target)[:200]} is not documented"
        raise RefusedError(f"{said} for {attempt.service}")
    return service, found[0]
