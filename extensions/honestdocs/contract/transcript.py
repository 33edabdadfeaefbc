"""A request and its answer as a documented example, ready to stand on a page.

Owns the reStructuredText. What belongs to one connection or one moment is left out, and
credentials become placeholders. Must not know who sent the request.
"""

from __future__ import annotations

import json
import re
from typing import Self

from honestdocs.contract.comparison import UNCOMPARED
from honestdocs.contract.wire import Headers, WireRequest, WireResponse

_PASSING = frozenset(("date", "server", "content-encoding", "x-request-id"))
_SECRET = re.compile(r"auth|cookie|token|secret|password|api-?key", re.IGNORECASE)
_INDENT = " " * 3
_PLAIN = re.compile(r"[^\n\t\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ELIDED = "..."


def render_transcript(target: str, request: WireRequest, response: WireResponse) -> str:
    """The example; ``target`` is the request's path as its page documents it.

    JSON is laid out over lines. A body that is no text is elided.
    """
    sent = [f"{request.method} {target} HTTP/1.1", *_lines(request.headers)]
    reason = f" {response.reason}" if response.reason else ""
    came = [f"HTTP/1.1 {response.status}{reason}", *_lines(response.headers)]
    bodiless = request.method == "HEAD"
    return (
        "**Example request**:\n\n"
        + _block(sent, _text(request.body or b""))
        + "\n**Example response**:\n\n"
        + _block(came, "" if bodiless else _text(response.body))
    )


def is_secret(name: str) -> bool:
    """Whether the value of a header field must not be shown or kept."""
    return _SECRET.search(name) is not None


def _lines(headers: Headers) -> list[str]:
    left_out = UNCOMPARED | _PASSING
    return [
        f"{name}: {_shown(name, value)}".rstrip()
        for name, value in headers
        if name.lower() not in left_out
    ]


def _shown(name: str, value: str) -> str:
    if not is_secret(name):
        return value
    scheme, blank, _ = value.partition(" ")
    return f"{scheme} <credentials>" if blank and scheme.isalpha() else "<credentials>"


def _text(body: bytes) -> str:
    """A body as it is shown: JSON over lines, other text as it is."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return _ELIDED
    try:
        value = json.loads(text, parse_float=_Number, parse_int=_Number)
    except (ValueError, RecursionError):
        shown = text.replace("\r\n", "\n")
        return _ELIDED if _PLAIN.search(shown) else shown.rstrip("\n")
    if not isinstance(value, (dict, list)):
        return text.strip()
    return _laid_out(value)


class _Number(float):
    """A number in the spelling that it had: 1.10 stays 1.10."""

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = text
        return number

    text: str

    def __repr__(self) -> str:
        return self.text


def _laid_out(value: object, depth: int = 0) -> str:
    inner, outer = "    " * (depth + 1), "    " * depth
    if isinstance(value, dict) and value:
        members = (
            f"{inner}{json.dumps(name, ensure_ascii=False)}: {_laid_out(each, depth + 1)}"
            for name, each in value.items()
        )
        return "{\n" + ",\n".join(members) + f"\n{outer}}}"
    if isinstance(value, list) and any(isinstance(each, (dict, list)) for each in value):
        items = (f"{inner}{_laid_out(each, depth + 1)}" for each in value)
        return "[\n" + ",\n".join(items) + f"\n{outer}]"
    if isinstance(value, list):
        return "[" + ", ".join(_laid_out(each, depth) for each in value) + "]"
    return repr(value) if isinstance(value, _Number) else json.dumps(value, ensure_ascii=False)


def _block(head: list[str], body: str) -> str:
    lines = [*head, *(["", *body.split("\n")] if body else [])]
    shown = "".join(f"{_INDENT}{line}".rstrip() + "\n" for line in lines)
    return f".. sourcecode:: http\n\n{shown}"
