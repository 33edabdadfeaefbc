"""Addresses of the web: what is asked for, and whom.

Owns splitting and joining of URLs (RFC 3986). Must not know what is found there.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urljoin, urlsplit

_SAFE = "!#$%&'()*+,/:;=?@[]~"
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
)
SCHEMES = frozenset(("http", "https"))
_CLEAN = re.compile(r"https?://[a-z0-9.:-]+(?:[/?][\w!$&-;=@\[\]~?%]*+)?", re.ASCII)
"""Addresses that are sent as they are written."""
_HOST = re.compile(r"(https?://[a-z0-9.:-]+)(?:[/?]|\Z)")


def scheme_of(target: str) -> str:
    """The scheme in lower case, or the empty text for a relative reference."""
    if target.startswith(("http://", "https://")):
        return target.partition(":")[0]
    scheme, colon, _ = target.partition(":")
    named = re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme)
    return scheme.lower() if colon and named else ""


def split_fragment(target: str) -> tuple[str, str]:
    """The address that is asked for, and the fragment (decoded) to look for in the answer."""
    url, _, fragment = target.partition("#")
    return as_ascii(url), unquote(fragment) if "%" in fragment else fragment


def as_ascii(url: str) -> str:
    """The URL as it is sent: host in punycode, everything else percent-encoded where needed."""
    if _CLEAN.fullmatch(url):
        return url
    parts = urlsplit(url)
    host = parts.netloc
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = quote(host, safe="@:[]")
    rest = quote(url[len(parts.scheme) + 3 + len(parts.netloc) :], safe=_SAFE)
    return f"{parts.scheme.lower()}://{host.lower()}{rest}"


def host_of(url: str) -> str:
    """Whom the URL asks: scheme, host and port."""
    plain = _HOST.match(url)
    if plain:
        return plain[1]
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def follow(url: str, location: str) -> tuple[str, str]:
    """Where a ``Location`` leads from a URL: the address, and its fragment."""
    return split_fragment(urljoin(url, location.strip()))


def mail_fault(target: str) -> str:
    """What is wrong with a ``mailto:`` address (RFC 6068), or the empty text."""
    people = unquote(target.partition(":")[2].partition("?")[0])
    if not people:
        return "" if "to=" in target else "it names nobody"
    wrong = [one.strip() for one in people.split(",") if not _MAIL.fullmatch(one.strip())]
    return f"{wrong[0]!r} is no mail address" if wrong else ""
