"""Documented operations and what is claimed of them.

Owns the values Operation and Parameter (OpenAPI's words). Must not know how they are written.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from honestdocs.contract.packing import packed
from honestdocs.contract.place import Place


class Location(StrEnum):
    """Where a parameter travels; the first five are OpenAPI's ``in``."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    COOKIE = "cookie"
    FORM = "form"
    REQUEST_JSON = "request json"
    RESPONSE_JSON = "response json"
    RESPONSE_HEADER = "response header"
    STATUS = "status"


@packed
@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One documented field; ``name`` of a status is its code as written (``200``, ``4xx``).

    ``array`` tells that a JSON field stands in each object of an array.
    """

    location: Location
    name: str
    type: str = ""
    array: bool = False
    place: Place


@packed
@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A method and a path template, where they are documented and with which fields.

    ``registered`` is False for a directive marked ``:noindex:``.
    """

    method: str
    path: str
    place: Place
    page: str
    anchor: str = ""
    synopsis: str = ""
    deprecated: bool = False
    registered: bool = True
    parameters: tuple[Parameter, ...] = ()

    @property
    def key(self) -> str:
        """Method and path template."""
        return f"{self.method} {self.path}"

    def named(self, location: Location) -> tuple[Parameter, ...]:
        """The parameters of one location, in order."""
        return tuple(p for p in self.parameters if p.location is location)
