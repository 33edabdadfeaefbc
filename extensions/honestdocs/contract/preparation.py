"""From a documented request to the one that is sent.

Owns what may be changed on the way: the origin, credentials, and bound values. Everything
else is sent as documented. Must not know how requests travel.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from honestdocs.contract.binding import Bindings, placeholder_in
from honestdocs.contract.credentials import basic, basic_parts
from honestdocs.contract.document import ELISION, OpenObject, parse_document
from honestdocs.contract.example import Header, Request
from honestdocs.contract.path import local_target, without_base
from honestdocs.contract.wire import Headers, WireRequest

_FRAMING = frozenset(("host", "content-length", "transfer-encoding"))
_MASK = re.compile(
    r"[<{\[(].*[>}\])]|\.\.\.|…|\*{3,}|x{3,}|\$\w+|%\w+%|\b(?:your|my|the)[-_ ]?\w*"
    r"|\b[A-Z]*_?(?:TOKEN|KEY|SECRET|PASSWORD|CREDENTIALS?)\b",
    re.IGNORECASE,
)
_ELIDED = ("...", "…")
_SUSPICIOUS = re.compile(r"[<{$…]|\.\.\.")
_SHORTEST_SECRET = 3
"""A shorter text cannot be told from any other: blotting it out would blot out everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where the requests of a service go, and with which credentials.

    ``origin`` is ``scheme://host:port``, ``base`` the base path (``/v1``) or empty.
    ``credentials`` replaces masked header fields by name, ``passwords`` the passwords of
    Basic credentials by user; both hold secrets.
    """

    origin: str
    base: str = ""
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    passwords: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unprovable:
    """A request that cannot be sent as it is documented; ``reason`` is one sentence."""

    reason: str


def prepare(request: Request, target: Target, bindings: Bindings) -> WireRequest | Unprovable:
    """The request to send, or why there is none."""
    local = local_target(bindings.in_target(local_target(request.target)))
    hole = _hole(local)
    if hole:
        return Unprovable(reason=f"the request target holds the placeholder {hole}")
    headers: list[tuple[str, str]] = []
    for header in request.headers:
        if header.name.lower() in _FRAMING:
            continue
        value = _header_value(header, target, bindings)
        if value is None:
            return Unprovable(
                reason=f"the request header {header.name} holds a placeholder and the service "
                "has no credentials for it"
            )
        headers.append((header.name, value))
    body = _body(request, bindings)
    if isinstance(body, Unprovable):
        return body
    if request.file and not request.body:
        reason = f"the request body is the file {request.file}, which the page does not show"
        return Unprovable(reason=reason)
    url = target.origin + join_path(target.base, local)
    return WireRequest(method=request.method, url=url, headers=tuple(headers), body=body)


def _hole(target: str) -> str:
    """A placeholder or an elision in a request target, or the empty text."""
    if not _SUSPICIOUS.search(target):
        return ""
    found = placeholder_in(target.partition("?")[0]) or placeholder_in(target)
    return found or next((mark for mark in _ELIDED if mark in target), "")


def join_path(base: str, local: str) -> str:
    """A local target below a base path that it may already show."""
    if local == "*" or not base:
        return local
    path = re.split(r"[?#]", local, maxsplit=1)[0]
    if without_base(path, base) is not None:
        return local
    return base.rstrip("/") + local


def _header_value(header: Header, target: Target, bindings: Bindings) -> str | None:
    """The value to send; None for a masked one that nothing replaces."""
    name = header.name.lower()
    configured: str | None = None
    if target.credentials:
        configured = next((v for n, v in target.credentials.items() if n.lower() == name), None)
    value = bindings.in_header(header.name, header.value) if bindings else header.value
    if name in ("authorization", "cookie", "x-api-key") or configured is not None:
        return _credential(value, configured, target.passwords)
    return None if placeholder_in(value) else value


def _credential(value: str, configured: str | None, passwords: Mapping[str, str]) -> str | None:
    user, password = basic_parts(value)
    if user is not None and user in passwords:
        return basic(f"{user}:{passwords[user]}")
    masked = user is None and _MASK.search(value.partition(" ")[2] or value) is not None
    if configured is not None and (masked or user is None or not password):
        return configured
    if masked and (placeholder_in(value) or any(mark in value for mark in _ELIDED)):
        return None
    return value


def _body(request: Request, bindings: Bindings) -> bytes | Unprovable | None:
    if not request.body:
        return None
    hole = placeholder_in(bindings.in_text(request.body))
    if hole and request.body.strip() == hole:
        return Unprovable(reason=f"the request body is the placeholder {hole}")
    media = request.header("Content-Type") or ""
    if "json" in media or request.body[:1] in "{[":
        if any(mark in request.body for mark in _ELIDED) and _is_elided(request.body):
            return Unprovable(reason="the request body is elided with ...")
        return bindings.in_json(request.body).encode()
    if request.body.strip() in _ELIDED:
        return Unprovable(reason="the request body is elided with ...")
    return bindings.in_text(request.body).encode()


def _is_elided(body: str) -> bool:
    return _holds_elision(parse_document(body).value)


def _holds_elision(value: object) -> bool:
    if value is ELISION or isinstance(value, OpenObject):
        return True
    if isinstance(value, dict):
        return any(_holds_elision(below) for below in value.values())
    return isinstance(value, list) and any(_holds_elision(below) for below in value)


def secrets_of(target: Target) -> tuple[str, ...]:
    """All texts that must never be shown: configured credentials and passwords, whole, by
    word, and encoded; the longest first.
    """
    found: set[str] = set()
    for value in (*target.credentials.values(), *target.passwords.values()):
        found.update((value, value.partition(" ")[2]))
        _, password = basic_parts(value)
        found.add(password)
    for user, password in target.passwords.items():
        found.add(basic(f"{user}:{password}").partition(" ")[2])
    return tuple(
        sorted((text for text in found if len(text) >= _SHORTEST_SECRET), key=len, reverse=True)
    )


def safe_headers(headers: Headers) -> Headers:
    """Header fields for showing, credentials left out."""
    hidden = ("authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key")
    return tuple((n, "[secret]" if n.lower() in hidden else v) for n, v in headers)
