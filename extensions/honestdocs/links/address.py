"""Addresses of the web: what is asked for, and whom.

Owns splitting and joining of URLs (RFC 3986). Must not know what is found there.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urljoin

_SAFE = "!#$%&'()*+,/:;=?@[]~"
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_MAIL = (
    r"(?:[\w.!#$%&'*+/=?^`{|}~-]+|\"(?:[^\"\\]|\\.)*\")"
    rf"@(?:{_LABEL}(?:\.{_LABEL})*|\[[\w:.-]+\])"
)
"""A name, quoted or not, at a domain or an address in brackets (RFC 5321, section 4.1.2), both of
any script (RFC 6531).
"""
SCHEMES = frozenset(("http", "https"))
_CLEAN = re.compile(r"https?://[a-z0-9.:-]+(?:[/?][\w!$&-;=@\[\]~?%]*+)?", re.ASCII)
"""Addresses that are sent as they are written."""
_HOST = re.compile(r"(https?://[a-z0-9.:-]+)(?:[/?]|\Z)")
_PARTS = re.compile(r"([^:/?#]*):(?://(?:([^/?#]*)@)?([^/?#]*))?(.*)", re.DOTALL)
"""Scheme, credentials, host with port, and all that follows: of any text, whether it is an address
or not (RFC 3986, appendix B)."""


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
    scheme, user, host, rest = _parts_of(url)
    if host is None:
        return url
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = quote(host, safe=":[]")
    credentials = "" if user is None else quote(user, safe=_SAFE) + "@"
    return f"{scheme.lower()}://{credentials}{host.lower()}{quote(rest, safe=_SAFE)}"


def _parts_of(url: str) -> tuple[str, str | None, str | None, str]:
    found = _PARTS.fullmatch(url)
    return (found[1], found[2], found[3], found[4]) if found else ("", None, None, url)


def host_of(url: str) -> str:
    """Whom the URL asks: scheme, host and port."""
    plain = _HOST.match(url)
    if plain:
        return plain[1]
    scheme, _, host, _ = _parts_of(url)
    return f"{scheme}://{host or ''}".lower()


def follow(url: str, location: str) -> tuple[str, str]:
    """Where a ``Location`` leads from a URL: the address, and its fragment."""
    try:
        found = urljoin(url, location.strip())
    except ValueError:  # whoever asks for it tells what is wrong
        found = location.strip()
    return split_fragment(found)


def mail_fault(target: str) -> str:
    """What is wrong with a ``mailto:`` address (RFC 6068), or the empty text."""
    people = target.partition(":")[2].partition("?")[0]
    if not people:
        return "" if "to=" in target else "it names nobody"
    told = [unquote(one).strip() for one in people.split(",")]
    wrong = [one for one in told if not re.fullmatch(_MAIL, one)]
    return f"{wrong[0]!r} is no mail address" if wrong else ""
