"""JSON as authors write it in documentation.

Owns what a documented text means as JSON (RFC 8259), where its members stand, and how a value
is shown to a person. Must not know what a server sends or how values are compared.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from honestdocs.contract.nesting import DEPTH, Spot
from honestdocs.contract.notation import (
    ELISION,
    Elision,
    Flaw,
    Flaws,
    Lines,
    OpenObject,
    Placeholder,
)
from honestdocs.contract.recovery import recover

__all__ = [
    "ELISION",
    "Document",
    "Elision",
    "Flaw",
    "Lines",
    "OpenObject",
    "Placeholder",
    "locate",
    "looks_like_json",
    "parse_document",
    "parse_observed",
    "render_value",
    "spots_of",
]

_T = TypeVar("_T")
WIDTH = 120
"""So many characters of a value are shown, about."""

_CONTAINER = re.compile(r"\s*[\[{](?!(?!(?:true|false|null)\b)[A-Za-z][\w:. -]*\][ \t]*\n\s*\S)")
_SCALAR = re.compile(
    r'\s*(?:"(?:[^"\\\n]|\\.)*+"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)\s*\Z'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a text says as JSON.

    ``value`` is made of Python's values, ``ELISION``, Placeholder, OpenObject and Lines;
    ``parsed`` is False where no value could be recovered. ``flaws`` tell, in order, what in the
    text is not JSON; elisions are no flaws. ``lines`` tells newline-delimited JSON.
    """

    value: Any = None
    flaws: tuple[Flaw, ...] = ()
    parsed: bool = False
    lines: bool = False


@lru_cache(maxsize=8)
def parse_document(text: str) -> Document:
    """What a text says as JSON, with as much recovered as can be; raises nothing.

    In an array an elision is the element ``ELISION``, neighbouring ones are one; an object
    with an elided member is an OpenObject; a name without a value has ``ELISION``. Blank text
    says nothing and has no flaw. Strings are left as they are, dots in them too. Of a name
    that is there twice the last value is kept, as parsers do (RFC 8259, section 4).

    The few texts that were asked for last are remembered, since one text is looked at by
    several rules in turn: nobody may change a value.
    """
    try:
        value = _whole(_STRICT, text)
    except (ValueError, RecursionError):
        return _parse_lines(text) or _parse_loosely(text)
    if text.count("[") + text.count("{") > DEPTH and _is_deep(value):
        return _parse_loosely(text)
    return Document(value=value, parsed=True)


@lru_cache(maxsize=8)
def parse_observed(text: str) -> Document:
    """The same of what a server sent, which nobody can be asked to mend: a name that is there
    twice is no flaw, and its last value counts.
    """
    try:
        value = _whole(_LENIENT, text)
    except (ValueError, RecursionError):
        return parse_document(text)
    if text.count("[") + text.count("{") > DEPTH and _is_deep(value):
        return parse_document(text)
    return Document(value=value, parsed=True)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name is there twice")
    return members


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no number of JSON")


_STRICT = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse)
_LENIENT = json.JSONDecoder(parse_constant=_refuse)


def _whole(decoder: json.JSONDecoder, text: str) -> object:
    """The value that a text is. White space around it is rare: only then it is looked for."""
    try:
        value, end = decoder.raw_decode(text)
    except ValueError:
        return decoder.decode(text)
    return value if end == len(text) else decoder.decode(text)


def _is_deep(value: object) -> bool:
    """Whether a value nests deeper than we walk."""
    level = [value]
    for _ in range(DEPTH + 1):
        level = [
            below
            for node in level
            if isinstance(node, (dict, list))
            for below in (node.values() if isinstance(node, dict) else node)
            if isinstance(below, (dict, list))
        ]
        if not level:
            return False
    return True


def _parse_lines(text: str) -> Document | None:
    """Newline-delimited JSON of which every line is plain; None for anything else."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2:  # noqa: PLR2004 - a single line is no list of lines
        return None
    try:
        values = Lines(_whole(_STRICT, line) for line in lines)
    except (ValueError, RecursionError):
        return None
    if any(_is_deep(value) for value in values):
        return None
    return Document(value=values, parsed=True, lines=True)


def _parse_loosely(text: str) -> Document:
    flaws = Flaws()
    found = recover(text, flaws)
    return Document(
        value=found.value,
        flaws=flaws.told(text),
        parsed=found.spot is not None,
        lines=isinstance(found.value, Lines),
    )


def locate(text: str, pointer: str) -> tuple[int, int] | None:
    """Line offset and column, both from 0, of the place a JSON Pointer (RFC 6901) names.

    Of a member that is where its name begins. If the place is not in the text, the deepest
    one around it that is; None where the text holds no value or the pointer is none. An index
    counts the elements of the documented array, ``ELISION`` being one of them, and in
    newline-delimited JSON the first one counts the values.
    """
    spot = spots_of(text)
    if spot is None or (pointer and not pointer.startswith("/")):
        return None
    for token in pointer.split("/")[1:]:
        below = spot.inner.get(token.replace("~1", "/").replace("~0", "~"))
        if below is None:
            break
        spot = below
    return text.count("\n", 0, spot.at), spot.at - text.rfind("\n", 0, spot.at) - 1


@lru_cache(maxsize=16)
def spots_of(text: str) -> Spot | None:
    """Where everything in a text stands, None where it holds no value; nobody may change it."""
    return recover(text, Flaws()).spot


def looks_like_json(text: str) -> bool:
    """Whether a text begins as an object or array does, or is a single JSON scalar."""
    return _CONTAINER.match(text) is not None or _SCALAR.match(text) is not None


def render_value(value: object) -> str:
    """A value as compact JSON for a person, with ``…`` for the middle of a long one.

    An elision is ``...``, a placeholder ``<name>``; a subclass of str is shown as it stands.
    """
    return _shortened(_render(value, 0))


def _shortened(text: str) -> str:
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    if len(text) <= WIDTH:
        return text
    tail = WIDTH // 4
    return f"{text[: WIDTH - tail - 3]} … {text[-tail:]}"


def _render(value: object, depth: int) -> str:
    if isinstance(value, (dict, list)):
        return _render_container(value, depth)
    if isinstance(value, Elision):
        return "..."
    if isinstance(value, Placeholder) or (isinstance(value, str) and type(value) is not str):
        return str(value)
    if isinstance(value, str):
        return json.dumps(_clipped(value), ensure_ascii=False)
    if value is None or isinstance(value, (bool, int, float)):
        return _render_plain(value)
    return repr(value)


def _render_plain(value: object) -> str:
    try:
        return json.dumps(value)
    except ValueError:
        # The interpreter refuses to print integers of thousands of digits.
        return "a number of thousands of digits"


def _clipped(text: str) -> str:
    """A long text without its middle, so that megabytes are not quoted to be cut."""
    return text if len(text) <= 4 * WIDTH else f"{text[: 2 * WIDTH]}{text[-2 * WIDTH :]}"


def _render_container(value: dict[str, object] | list[object], depth: int) -> str:
    brackets = "{}" if isinstance(value, dict) else "[]"
    if depth > 2 * WIDTH:
        return "…".join(brackets)
    if isinstance(value, dict):
        items = _ends([*value.items()])
        parts = [f"{_render(name, 0)}: {_render(item, depth + 1)}" for name, item in items]
        parts.extend(["..."] if isinstance(value, OpenObject) else [])
    else:
        parts = [_render(item, depth + 1) for item in _ends(value)]
    if isinstance(value, Lines):
        return " ".join(parts)
    return f"{brackets[0]}{', '.join(parts)}{brackets[1]}"


def _ends(items: list[_T]) -> list[_T]:
    """The items that can be seen of a long container."""
    return items if len(items) <= 2 * WIDTH else items[:WIDTH] + items[-WIDTH:]
