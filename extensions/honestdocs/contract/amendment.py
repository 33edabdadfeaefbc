"""One change of a documented JSON text: a value replaced, a member added or removed, an array
made as long as the observed one.

Owns where in the text the change goes, so that all around it stays. Must not know the file that
holds the text, nor why it changes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from honestdocs.contract.binding import placeholder_in
from honestdocs.contract.document import ELISION, Placeholder, parse_document, spots_of
from honestdocs.contract.nesting import Spot
from honestdocs.contract.notation import Lines, OpenObject
from honestdocs.contract.passage import Unmendable
from honestdocs.contract.pointer import unescape
from honestdocs.contract.spelling import Spelling, begins_line, indent_of

_COMMA = re.compile(r"\s*,")
_BLANK_LINE = re.compile(r"[ \t]*(?:\n|\Z)")
_COMMENT = re.compile(r"[ \t]*(?://|#|/\*|<!--)")
_ELLIPSIS = re.compile(r"\.\.\.|…")
_WIDE = 80
"""A value that was on one line stays there if it is no longer than that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A text with the places of its values, and how it is spelled."""

    text: str
    root: Spot
    spelling: Spelling

    @classmethod
    def of(cls, text: str) -> _Text:
        root = spots_of(text)
        if root is None:
            raise Unmendable("the documented text holds no JSON")
        return cls(text=text, root=root, spelling=Spelling.of(text, root))

    def spot(self, tokens: Sequence[str]) -> Spot | None:
        spot = self.root
        for token in tokens:
            below = spot.inner.get(token)
            if below is None:
                return None
            spot = below
        return spot

    def demand(self, tokens: Sequence[str]) -> Spot:
        spot = self.spot(tokens)
        if spot is None:
            raise Unmendable("the documented text does not show where it stands")
        return spot

    def put(self, start: int, end: int, new: str) -> str:
        return self.text[:start] + new + self.text[end:]


def tokens_of(pointer: str) -> tuple[str, ...]:
    """The names and indices of a JSON Pointer (RFC 6901)."""
    return tuple(unescape(token) for token in pointer.split("/")[1:])


def value_at(value: object, tokens: Sequence[str]) -> object:
    """The documented value at a place, ``ELISION`` where there is none."""
    for token in tokens:
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and token.isdigit() and int(token) < len(value):
            value = value[int(token)]
        else:
            return ELISION
    return value


def is_open(value: object) -> bool:
    """Whether a documented value holds something that its reader has to fill in or think of."""
    if value is ELISION or isinstance(value, (Placeholder, OpenObject)):
        return True
    if isinstance(value, str):
        return bool(placeholder_in(value))
    if isinstance(value, dict):
        return any(is_open(below) for below in value.values())
    return isinstance(value, list) and any(is_open(below) for below in value)


def is_elided(text: str) -> bool:
    """Whether a text leaves something out."""
    return _ELLIPSIS.search(text) is not None


def as_elided(documented: str, observed: str) -> str:
    """The observed text, elided where the documented one is: ``abc...`` leaves out all but
    three characters.
    """
    found = _ELLIPSIS.search(documented)
    if found is None:
        return observed
    head, tail = found.start(), len(documented) - found.end()
    if head + tail >= len(observed) or is_elided(documented[found.end() :]):
        return observed
    return observed[:head] + found[0] + observed[len(observed) - tail :]


def replace_value(text: str, pointer: str, value: object) -> str:
    """The text with the value at a documented place replaced."""
    here = _Text.of(text)
    tokens = tokens_of(pointer)
    spot = here.demand(tokens)
    documented = value_at(parse_document(text).value, tokens)
    if is_open(documented):
        raise Unmendable("a placeholder or an elision stands there, which only its author can mend")
    if isinstance(documented, str) and isinstance(value, str):
        value = as_elided(documented, value)
    return here.put(spot.value, spot.end, _spelled(here, spot, value))


def _spelled(here: _Text, spot: Spot, value: object) -> str:
    old = here.text[spot.value : spot.end]
    indent = indent_of(here.text, spot.value)
    brief = here.spelling.value(value, lined=False)
    flat = not here.spelling.lined or (old[:1] in ("{", "[") and "\n" not in old)
    if flat and (len(brief) <= _WIDE or not here.spelling.lined):
        return brief
    return here.spelling.value(value, indent, lined=True)


def remove_member(text: str, pointer: str) -> str:
    """The text without a member, however often its name is there."""
    tokens = tokens_of(pointer)
    _Text.of(text).demand(tokens)
    while spot := _Text.of(text).spot(tokens):
        text = _removed(text, spot)
    return text


def _removed(text: str, spot: Spot) -> str:
    """The text without an item and the comma that is one too many then."""
    comma = _COMMA.match(text, spot.end)
    if comma is not None:
        rest = _BLANK_LINE.match(text, comma.end())
        if begins_line(text, spot.at) and rest is not None:
            return text[: text.rfind("\n", 0, spot.at) + 1] + text[rest.end() :]
        end = comma.end()
        while text[end : end + 1] in (" ", "\t"):
            end += 1
        return text[: spot.at] + text[end:]
    before = text[: spot.at].rstrip()
    if before.endswith(","):
        return before[:-1] + text[spot.end :]
    if before.endswith(("{", "[")):
        rest_text = text[spot.end :]
        stripped = rest_text.lstrip()
        return before + (stripped if stripped[:1] in ("}", "]") else rest_text)
    raise Unmendable("a comment or an elision stands where its comma is looked for")


def add_member(text: str, pointer: str, value: object, after: str | None) -> str:
    """The text with a member added behind the one called ``after``, or before all others."""
    here = _Text.of(text)
    *above, name = tokens_of(pointer)
    parent = here.demand(above)
    if here.text[parent.value : parent.value + 1] != "{":
        raise Unmendable("the object that it belongs to has no braces of its own")
    sibling = parent.inner.get(after) if after is not None else None
    first = min(parent.inner.values(), key=lambda spot: spot.at, default=None)
    near = sibling or first
    lined = begins_line(text, near.at) if near is not None else here.spelling.lined
    indent = indent_of(text, near.at) if near is not None else _below(here, parent)
    item = here.spelling.member(name) + here.spelling.value(value, indent, lined=lined)
    if sibling is not None:
        return _inserted(here, sibling.end, item, indent if lined else None)
    if first is not None:
        gap = f"\n{indent}" if lined else here.spelling.gap
        return here.put(first.at, first.at, f"{item},{gap}")
    return _filled(here, parent, [item], lined=lined)


def _below(here: _Text, parent: Spot) -> str:
    return indent_of(here.text, parent.value) + here.spelling.unit


def _filled(here: _Text, parent: Spot, items: Sequence[str], *, lined: bool) -> str:
    """The text with items in a container that held none."""
    inner = here.text[parent.value + 1 : parent.end - 1]
    if inner.strip():
        raise Unmendable("a comment or an elision stands where it belongs")
    if not lined:
        return here.put(parent.value + 1, parent.end - 1, f",{here.spelling.gap}".join(items))
    below, outer = _below(here, parent), indent_of(here.text, parent.value)
    new = f"\n{below}" + f",\n{below}".join(items) + f"\n{outer}"
    return here.put(parent.value + 1, parent.end - 1, new)


def _inserted(here: _Text, end: int, item: str, indent: str | None) -> str:
    """The text with an item behind one that ends there; on a line of its own if indented."""
    text, comma = here.text, _COMMA.match(here.text, end)
    gap = here.spelling.gap if indent is None else f"\n{indent}"
    if comma is None:
        if indent is not None and _COMMENT.match(text, end):
            line_end = _line_end(text, end)
            return f"{text[:end]},{text[end:line_end]}{gap}{item}{text[line_end:]}"
        return here.put(end, end, f",{gap}{item}")
    if indent is not None and _COMMENT.match(text, comma.end()):
        line_end = _line_end(text, comma.end())
        return here.put(line_end, line_end, f"{gap}{item},")
    if indent is not None and not _BLANK_LINE.match(text, comma.end()):
        return here.put(comma.end(), comma.end(), f" {item},")
    return here.put(comma.end(), comma.end(), f"{gap}{item},")


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def fit_array(text: str, pointer: str, observed: list[object]) -> str:
    """The text with an array as long as the observed one: elements are added or removed at
    its end, or beside its elision.
    """
    tokens = tokens_of(pointer)
    documented = value_at(parse_document(text).value, tokens)
    if not isinstance(documented, list):
        raise Unmendable("the documented text does not show the array")
    for at in _superfluous(documented, len(observed)):
        text = _removed(text, _Text.of(text).demand((*tokens, str(at))))
    if any(value is ELISION for value in documented):
        return text
    for value in observed[len(documented) :]:
        text = _appended(text, tokens, value, lines=isinstance(documented, Lines))
    return text


def _superfluous(documented: list[object], length: int) -> list[int]:
    """The positions of documented elements that no observed one stands for, the last first."""
    fixed = [at for at, value in enumerate(documented) if value is not ELISION]
    elisions = [at for at, value in enumerate(documented) if value is ELISION]
    first = elisions[0] if elisions else len(documented)
    last = elisions[-1] if elisions else len(documented)
    shift = length - len(documented)
    between = [at for at in reversed(fixed) if first < at < last]
    gone = [at for at in fixed if (first > at >= length) or (at > last and at + shift < first)]
    return sorted([*between, *reversed(gone)][: max(len(fixed) - length, 0)], reverse=True)


def _appended(text: str, tokens: Sequence[str], value: object, *, lines: bool) -> str:
    here = _Text.of(text)
    parent = here.demand(tokens)
    last = max(parent.inner.values(), key=lambda spot: spot.at, default=None)
    if lines:
        return here.put(parent.end, parent.end, "\n" + here.spelling.value(value, lined=False))
    lined = begins_line(text, last.at) if last is not None else False
    indent = indent_of(text, last.at) if last is not None else _below(here, parent)
    item = here.spelling.value(value, indent, lined=lined)
    if last is None:
        return _filled(here, parent, [item], lined=False)
    return _inserted(here, last.end, item, indent if lined else None)
