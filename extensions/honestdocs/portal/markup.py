"""A built page as the portal sends it: no script of its own inside, ours beside it.

Owns the rewriting of HTML. A strict Content-Security-Policy lets no inline script run, so each
is sent from a URL of the portal instead. Must not know files.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

PREFIX = "/_portal"
"""Below it lies everything that is the portal's own."""

_SCRIPT = re.compile(rb"<script\b([^>]*)>(.*?)</script\s*>", re.IGNORECASE | re.DOTALL)
_SOURCE = re.compile(rb"\bsrc\s*=", re.IGNORECASE)
_TYPE = re.compile(rb"\btype\s*=\s*[\"']?([^\"'\s>]*)", re.IGNORECASE)
_RUN = frozenset((b"", b"module", b"text/javascript", b"application/javascript"))
"""Types of scripts that a browser runs; others are data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """HTML without inline scripts, and these scripts by the name that it calls them."""

    html: bytes
    scripts: dict[str, bytes]


def rewrite(html: bytes, extra: bytes = b"") -> Page:
    """The page with each inline script replaced by a reference to ``PREFIX/inline/NAME``, and
    ``extra`` put at the end of its head.
    """
    scripts: dict[str, bytes] = {}

    def move(found: re.Match[bytes]) -> bytes:
        attributes, text = found[1], found[2]
        type_ = _TYPE.search(attributes)
        runs = (type_[1].lower() if type_ else b"") in _RUN
        if _SOURCE.search(attributes) or not runs or not text.strip():
            return found[0]
        name = f"{hashlib.blake2b(text, digest_size=10).hexdigest()}.js"
        scripts[name] = text
        return b'<script%s src="%s/inline/%s"></script>' % (
            attributes,
            PREFIX.encode(),
            name.encode(),
        )

    moved = _SCRIPT.sub(move, html)
    head, end, rest = moved.partition(b"</head>")
    return Page(html=head + extra + end + rest if end else moved, scripts=scripts)
