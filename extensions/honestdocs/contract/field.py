"""Header fields whose values a server makes up, or may spell in another way.

Owns what the name of a field says about equality (RFC 9110). Must not know messages.
"""

from __future__ import annotations

import re

from honestdocs.contract.kind import HTTP_DATE, VolatileKind
from honestdocs.contract.likeness import common_kind

_DATES = frozenset("date expires last-modified sunset".split())
_SERVERS = frozenset(
    "server via x-powered-by x-served-by x-backend-server x-aspnet-version".split()
)
_TRACES = re.compile(
    r"(?:.*-)?(?:request|correlation|trace|transaction|amzn)-?id|cf-ray|x-amz-id-2|traceparent"
    r"|x-cloud-trace-context"
)
_TIMED = frozenset("age retry-after x-runtime x-response-time x-couchdb-body-time".split())
_COUNTERS = re.compile(r"(?:x-)?rate-?limit-(?:.*-)?(?:remaining|reset|used)")
_DIGESTS = frozenset("content-md5 digest content-digest repr-digest".split())
_REFERENCES = frozenset(("location", "content-location"))

_HTTP_DATE = re.compile(HTTP_DATE, re.ASCII)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?: ?m?s)?")
_ETAG = re.compile(r"(W/)?\"[^\"]*\"")
_EPOCH = 10**9


def header_kind(
    name: str, documented: str, observed: str, origins: tuple[str, ...] = ()
) -> VolatileKind | None:
    """The kind of which both values of a header field are; None if they have to be equal.

    ``origins`` are the origins of the service, as for ``common_kind``. The two values can be
    exchanged.
    """
    if not documented or not observed:
        return None
    field = name.lower()
    if field in _SERVERS:
        return VolatileKind.SERVER
    if field in _DATES:
        return _http_date_kind(documented, observed)
    if field == "etag":
        return _etag_kind(documented, observed)
    if field == "set-cookie":
        return VolatileKind.COOKIE if _same_cookie(documented, observed) else None
    return _named_kind(field, documented, observed) or _value_kind(
        field, documented, observed, origins
    )


def _named_kind(field: str, documented: str, observed: str) -> VolatileKind | None:
    """The kind of fields that any value of one form fits."""
    if _TRACES.fullmatch(field):
        return VolatileKind.IDENTIFIER
    if field in _DIGESTS:
        same = field == "content-md5" or _algorithms(documented) == _algorithms(observed)
        return VolatileKind.BASE64 if same else None
    if not _NUMBER.fullmatch(documented) or not _NUMBER.fullmatch(observed):
        return None
    if field in _TIMED:
        return VolatileKind.DURATION
    if _COUNTERS.fullmatch(field) and _is_epoch(documented) is _is_epoch(observed):
        return VolatileKind.COUNTER
    return None


def _value_kind(
    field: str, documented: str, observed: str, origins: tuple[str, ...]
) -> VolatileKind | None:
    if field in _REFERENCES and documented == observed:
        return VolatileKind.URL
    return common_kind(documented, observed, name=field, origins=origins)


def _http_date_kind(documented: str, observed: str) -> VolatileKind | None:
    both = _HTTP_DATE.fullmatch(documented) and _HTTP_DATE.fullmatch(observed)
    return VolatileKind.HTTP_DATE if both else None


def _etag_kind(documented: str, observed: str) -> VolatileKind | None:
    ours, theirs = _ETAG.fullmatch(documented), _ETAG.fullmatch(observed)
    same = ours is not None and theirs is not None and ours[1] == theirs[1]
    return VolatileKind.ETAG if same else None


def _algorithms(value: str) -> list[str]:
    return [part.partition("=")[0].strip().lower() for part in value.split(",")]


def _is_epoch(number: str) -> bool:
    """Whether a reset is told as a moment, not as a delay."""
    digits = number.partition(".")[0]
    return digits.isdigit() and int(digits) >= _EPOCH


def _same_cookie(documented: str, observed: str) -> bool:
    """Whether two cookies have the same name and attributes (RFC 6265, section 4.1.1).

    Their values and ages are the server's; an empty value, which takes a cookie back, is not.
    """
    ours, theirs = _cookie(documented), _cookie(observed)
    return ours == theirs


def _cookie(value: str) -> tuple[str, bool, frozenset[tuple[str, str]]]:
    pair, *attributes = value.split(";")
    name, _, content = pair.partition("=")
    return name.strip(), bool(content.strip(' "')), frozenset(map(_attribute, attributes))


def _attribute(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    key = name.strip().lower()
    return key, "" if key in ("expires", "max-age") else value.strip().lower()


_PARAMETER = re.compile(r";\s*([^=;\s]+)\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^;\s]*)")


def same_content_type(documented: str, observed: str) -> bool:
    """Whether two media types are the same (RFC 9110, section 8.3.1).

    Case matters in no name and in no charset, the order of parameters never does; any
    boundary of a multipart type is as good as another.
    """
    return _media_type(documented) == _media_type(observed)


def _media_type(value: str) -> tuple[str, dict[str, str]]:
    media = value.partition(";")[0].strip().lower()
    return media, {key.lower(): _parameter(key.lower(), text) for key, text in _pairs(value)}


def _pairs(value: str) -> list[tuple[str, str]]:
    return [(found[1], found[2]) for found in _PARAMETER.finditer(value)]


def _parameter(key: str, text: str) -> str:
    value = re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text
    if key == "boundary":
        return ""
    return value.lower() if key == "charset" else value


_METHODS = frozenset("allow access-control-allow-methods".split())
_NAMES = frozenset(
    "vary access-control-allow-headers access-control-expose-headers "
    "access-control-request-headers cache-control pragma connection accept-ranges "
    "content-language accept-patch accept-post".split()
)
_ELEMENT = re.compile(r"(?:[^\",]|\"(?:[^\"\\]|\\.)*\")+")


def same_list(name: str, documented: str, observed: str) -> bool:
    """Whether two values of a field are the same, order aside where it says nothing.

    That is so in lists of methods, field names and directives; case matters in methods only
    (RFC 9110, sections 5.6.1 and 9.1). Any other field has to be equal.
    """
    field = name.lower()
    if field in _METHODS:
        return _elements(documented) == _elements(observed)
    if field in _NAMES:
        return _elements(documented.lower()) == _elements(observed.lower())
    return documented.strip() == observed.strip()


def list_difference(
    name: str, documented: str, observed: str
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """What only the documented list has, and what only the observed one has; None for a
    field that is no list.
    """
    field = name.lower()
    if field not in _METHODS and field not in _NAMES:
        return None
    ours, theirs = _spelled(documented), _spelled(observed)
    return (
        tuple(sorted(ours[key] for key in ours if key not in theirs)),
        tuple(sorted(theirs[key] for key in theirs if key not in ours)),
    )


def _spelled(value: str) -> dict[str, str]:
    """The elements of a list by their lower-case spelling."""
    return {item.lower(): item for item in _elements(value)}


def _elements(value: str) -> frozenset[str]:
    found = (re.sub(r"\s*([=;])\s*", r"\1", item.strip()) for item in _ELEMENT.findall(value))
    return frozenset(item for item in found if item)
