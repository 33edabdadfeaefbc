"""How a request is spelled on the wire.

Owns the request target, the header lines and what must never be sent (RFC 9112, sections 3
and 5). Must not know the engine, nor connections.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from honestdocs.contract.wire import Headers

OF_THE_TRANSPORT = frozenset({"host", "content-length", "transfer-encoding"})
"""Names of the fields that frame a message: the transport writes them itself."""

IMPLICIT = ("Accept", "User-Agent", "Content-Type", "Expect")
"""Names of the fields that libcurl would add unless told otherwise."""

ALWAYS_FRAMED = frozenset({"POST", "PUT", "PATCH"})
"""Methods whose empty body is announced by ``Content-Length: 0`` (RFC 9110, section 8.6)."""

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
"""Methods that may be sent again without harm (RFC 9110, section 9.2.2)."""

_CLEAN_URL = re.compile(r"(https?://[!\"$-.0-;=@-~]+)(/[!\"$-~]*)")
_ANY_URL = re.compile(r"(https?://[^/?#]+)([^#]*)(?:#.*)?", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"[\r\n\0]")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_INVISIBLE = re.compile(r"[^!-~]")


class RequestError(ValueError):
    """A request that cannot be sent as it stands; the message is one sentence."""


def split_url(url: str) -> tuple[str, str]:
    """The origin and the request target of a URL, the target ready to be sent.

    The target keeps its spelling; spaces, control characters and non-ASCII are percent-encoded
    as UTF-8, a fragment is left out, and it is empty where the URL has no path. Raises
    ``RequestError`` where this is no http(s) URL or where it holds a line break or a NUL.
    """
    if clean := _CLEAN_URL.fullmatch(url):
        return clean[1], clean[2]
    if _BREAK.search(url):
        raise RequestError("The request target holds a line break or a NUL: nothing was sent.")
    if not (match := _ANY_URL.fullmatch(url)):
        raise RequestError("The URL does not begin with http:// or https:// and a host.")
    target = _INVISIBLE.sub(_percent, match[2])
    return match[1], target if not target or target.startswith("/") else "/" + target


def _percent(character: re.Match[str]) -> str:
    return quote(character[0], safe="", errors="surrogatepass")


def check_method(method: str) -> None:
    """Raise ``RequestError`` unless the method is a token (RFC 9110, section 9.1)."""
    if not _TOKEN.fullmatch(method):
        raise RequestError(
            f"The method {_excerpt(method)} is not a word of HTTP: nothing was sent."
        )


def header_lines(headers: Headers) -> tuple[list[bytes], frozenset[str]]:
    """Header lines in the engine's notation, and the names given, in lower case.

    In that notation ``Name;`` stands for an empty value and ``Name:`` keeps the engine from
    adding that field. Raises ``RequestError`` where a field would break out of its line.
    """
    lines: list[bytes] = []
    names: set[str] = set()
    for name, value in headers:
        key = name.lower()
        if key in OF_THE_TRANSPORT:
            continue
        _check_field(name, value)
        names.add(key)
        line = f"{name}: {value}" if value.strip() else f"{name};"
        lines.append(line.encode("utf-8", "surrogateescape"))
    lines += [f"{name}:".encode() for name in IMPLICIT if name.lower() not in names]
    return lines, frozenset(names)


known_lines = lru_cache(maxsize=64)(header_lines)
"""The same as ``header_lines``, remembered: many requests in a row have the same fields."""


def _check_field(name: str, value: str) -> None:
    if not _TOKEN.fullmatch(name):
        raise RequestError(
            f"The header name {_excerpt(name)} is no word of HTTP: nothing was sent."
        )
    if _BREAK.search(value):
        raise RequestError(f"The value of {name} holds a line break or a NUL: nothing was sent.")


def _excerpt(text: str) -> str:
    """The first word, quoted: what follows a break may be a secret."""
    return repr(re.split(r"[\s:\0]", text, maxsplit=1)[0][:40])
