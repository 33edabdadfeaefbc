"""The body of a page as text.

Owns the choice of its character encoding. Must not know what is looked for in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from honestdocs.contract.wire import Headers
from honestdocs.links.retry import field

_META = re.compile(rb"<meta[^>]+charset=[\"']?([\w.:-]+)", re.IGNORECASE)
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.IGNORECASE)
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
"""Byte order marks, which count more than anything else that is told (Encoding standard)."""
_HEAD = 2048
"""Bytes in which a page tells its encoding (HTML standard: 1024; some are late)."""


def is_html(headers: Headers) -> bool:
    """Whether a response is a page with anchors; one that says nothing may be."""
    kind = field(headers, "content-type").partition(";")[0].strip().lower()
    return not kind or "html" in kind or kind.endswith("/xml")


def text_of(body: bytes, headers: Headers) -> str:
    """The text: in the encoding that its first bytes, the server or the page tell, where that
    fits; else UTF-8, and Latin-1, which fits everything.
    """
    for mark, coding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(coding, errors="replace")
    for name in _codings(body, headers):
        try:
            return body.decode(name)
        except (LookupError, ValueError):
            continue
    return body.decode("latin-1")


def _codings(body: bytes, headers: Headers) -> Iterator[str]:
    told = _CHARSET.search(field(headers, "content-type"))
    if told:
        yield told[1]
    meta = _META.search(body, 0, _HEAD)
    if meta:
        yield meta[1].decode("ascii")
    yield "utf-8"
