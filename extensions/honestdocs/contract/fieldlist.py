"""Field names of sphinxcontrib-httpdomain in all their spellings.

Owns what ``:reqjson string name:`` claims, and what the arrows of ``:<json:`` mean: releases
2.1.0 to 2.2.1 read them the other way round than all others. Must not know docutils.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from honestdocs.contract.operation import Location, Parameter
from honestdocs.contract.place import Place


class Arrows(StrEnum):
    """What ``<`` stands for: the request (releases up to 2.0), or the response (2.1 on)."""

    REQUEST = "request"
    RESPONSE = "response"


_PLAIN = {
    Location.PATH: "param parameter arg argument",
    Location.QUERY: "queryparameter queryparam qparam query",
    Location.FORM: "formparameter formparam fparam form",
    Location.HEADER: "reqheader requestheader",
    Location.RESPONSE_HEADER: "resheader responseheader",
    Location.STATUS: "statuscode status code",
    Location.REQUEST_JSON: "jsonparameter jsonparam json reqjsonobj reqjson reqjsonarr",
    Location.RESPONSE_JSON: "resjsonobj resjson resjsonarr",
}
_LOCATIONS = {name: location for location, names in _PLAIN.items() for name in names.split()}
_ARROW = re.compile(r"^([<>])(json|jsonobj|jsonarr|header)$")
_SPELLINGS = {
    "json": ("reqjson", "resjson"),
    "jsonobj": ("reqjsonobj", "resjsonobj"),
    "jsonarr": ("reqjsonarr", "resjsonarr"),
    "header": ("reqheader", "resheader"),
}


@dataclass(frozen=True, slots=True)
class RawField:
    """A field as it is written: its whole name, and where it stands."""

    name: str
    place: Place


def plain_spelling(name: str, arrows: Arrows) -> str:
    """A field name with its arrow replaced by the spelling that every release reads alike."""
    kind, blank, rest = name.partition(" ")
    found = _ARROW.match(kind)
    if found is None:
        return name
    is_request = (found[1] == "<") is (arrows is Arrows.REQUEST)
    request, response = _SPELLINGS[found[2]]
    return (request if is_request else response) + blank + rest


def has_arrow(name: str) -> bool:
    """Whether a field name is spelled with an arrow."""
    return name[:1] in ("<", ">") and _ARROW.match(name.partition(" ")[0]) is not None


def parse_fields(fields: Iterable[RawField], arrows: Arrows) -> tuple[Parameter, ...]:
    """The parameters that a field list documents; fields of other sorts are left out.

    ``:param int id:`` has a type before its name; ``:status 200, 304:`` names two codes.
    """
    found: list[Parameter] = []
    for raw in fields:
        kind, *words = plain_spelling(raw.name, arrows).split() or [""]
        location = _LOCATIONS.get(kind.lower())
        if location is None or not words:
            continue
        if location is Location.STATUS:
            found.append(Parameter(location=location, name=" ".join(words), place=raw.place))
            continue
        found.append(
            Parameter(
                location=location,
                name=words[-1].strip("`*") or words[-1],
                type=" ".join(words[:-1]),
                array=kind.lower().endswith("arr"),
                place=raw.place,
            )
        )
    return tuple(found)


_DIRECTIVE = re.compile(r"^(\s*)\.\. +http:(\w+)::", re.MULTILINE)
_FIELD = re.compile(r"^\s+:([<>])(json|jsonobj|jsonarr|header)\s+([^:]*):", re.MULTILINE)
_SENT = frozenset(
    "authorization accept accept-encoding accept-language if-match if-none-match user-agent "
    "if-modified-since if-unmodified-since cookie host origin referer range expect".split()
)
_RETURNED = frozenset(
    "etag location set-cookie www-authenticate retry-after last-modified server age vary "
    "content-disposition content-range accept-ranges".split()
)


def uses_arrows(text: str) -> bool:
    """Whether the source of a page spells fields with arrows."""
    return (":<" in text or ":>" in text) and _FIELD.search(text) is not None


def arrow_evidence(text: str) -> int:
    """What the source of a page tells of its author's arrows.

    Positive when ``<`` stands for the request, negative when it stands for the response, 0
    when the page does not tell. A GET has no request body, and some header fields travel one
    way only.
    """
    if ":<" not in text and ":>" not in text:
        return 0
    votes = 0
    starts = [(m.start(), m[2].lower()) for m in _DIRECTIVE.finditer(text)]
    for found in _FIELD.finditer(text):
        method = next((m for at, m in reversed(starts) if at < found.start()), "")
        left = 1 if found[1] == "<" else -1
        if found[2] == "header":
            name = (found[3].split() or [""])[-1].lower()
            votes += left if name in _SENT else -left if name in _RETURNED else 0
        elif method in ("get", "head"):
            votes -= left
    return votes
