"""URLs and paths that name the same sort of thing.

Owns what may differ between two references (RFC 3986): the origin of the service, and segments
that name something. Must not know what such a segment looks like: that is an argument.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_REFERENCE = re.compile(
    r"(?P<origin>(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*))?"
    r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.DOTALL,
)
_DOCUMENTATION = re.compile(
    r"(?:.*@)?(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\]|(?:[\w-]+\.)*"
    r"(?:example(?:\.(?:com|net|org))?|test|invalid|localhost))(?::\d+)?",
    re.ASCII | re.IGNORECASE,
)
"""Hosts that stand for any host in documentation (RFC 2606, RFC 6761), with loopback."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The parts of a reference; ``origin`` is empty for a path, ``query`` None without ``?``."""

    origin: str
    path: str
    query: str | None
    fragment: str


def parse_reference(text: str) -> Reference:
    """The parts of a reference; any text is one."""
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return Reference(origin="", path=text, query=None, fragment="")
    return Reference(
        origin=(found["origin"] or "").lower(),
        path=found["path"],
        query=found["query"],
        fragment=found["fragment"] or "",
    )


Alike = Callable[[str, str, str], bool]
"""Tells whether two texts under a name are generated values of one kind."""


def same_shape(documented: str, observed: str, origins: tuple[str, ...], alike: Alike) -> bool:
    """Whether two references differ only in what a server may choose.

    That is the origin, if both are the service's own (one of ``origins``, which may end in a
    base path) or stand for any host in documentation; and each segment, query value or
    fragment of which ``alike`` says so. Queries have the same keys, in any order.
    """
    ours, theirs = parse_reference(documented), parse_reference(observed)
    if bool(ours.origin) is not bool(theirs.origin):
        return False
    if ours.origin != theirs.origin and not (
        _is_service(ours, origins) and _is_service(theirs, origins)
    ):
        return False
    if ours.fragment != theirs.fragment and not alike(ours.fragment, theirs.fragment, ""):
        return False
    return _same_query(ours.query, theirs.query, alike) and (
        _same_path(ours.path, theirs.path, alike)
        or _same_path(_below_base(ours, origins), _below_base(theirs, origins), alike)
    )


def _is_service(reference: Reference, origins: tuple[str, ...]) -> bool:
    _, _, authority = reference.origin.partition("://")
    if _DOCUMENTATION.fullmatch(authority):
        return True
    return any(parse_reference(origin).origin == reference.origin for origin in origins)


def _below_base(reference: Reference, origins: tuple[str, ...]) -> str:
    """The path below the longest base path among the origins that the reference is under."""
    path = reference.path
    for origin in origins:
        base = parse_reference(origin)
        prefix = base.path.rstrip("/")
        if base.origin == reference.origin and f"{reference.path}/".startswith(f"{prefix}/"):
            path = min(path, reference.path[len(prefix) :], key=len)
    return path


def _same_path(documented: str, observed: str, alike: Alike) -> bool:
    if documented == observed or {documented, observed} == {"", "/"}:
        return True
    ours, theirs = documented.split("/"), observed.split("/")
    return len(ours) == len(theirs) and all(
        a == b or (bool(a) and bool(b) and alike(a, b, "id"))
        for a, b in zip(ours, theirs, strict=True)
    )


def _same_query(documented: str | None, observed: str | None, alike: Alike) -> bool:
    if documented == observed:
        return True
    if documented is None or observed is None:
        return False
    ours, theirs = _pairs(documented), _pairs(observed)
    return len(ours) == len(theirs) and all(
        a[0] == b[0] and (a[1] == b[1] or alike(a[1], b[1], a[0]))
        for a, b in zip(ours, theirs, strict=True)
    )


def _pairs(query: str) -> list[tuple[str, str]]:
    parts = [part.partition("=") for part in query.split("&")]
    return sorted((key, value) for key, _, value in parts)
