"""Objects and arrays as people write them, with as much recovered as can be.

Owns how tokens nest, and which flaw a wrong one is. Must not know how a token is spelled or
what stands at the top of a text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from honestdocs.contract.notation import ELISION, OpenObject
from honestdocs.contract.scanner import Scanner, Token

DEPTH = 200
"""Deeper nesting is a flaw: whoever walks a value stays far from the interpreter's limit."""

_COLON = re.compile(r"\s*(=>|->|:=|=|:)")
_NO_VALUE = re.compile(r"\s*(?:[,}\]]|\Z|\"[^\"\n]*\"\s*:)")
_REST = re.compile(r"\s*\Z")
_BRACKET = re.compile(r'"(?:[^"\\\n]|\\.)*+"|([\[{])|([\]}])')
_MOST_CLOSERS = 8
_CLOSERS = {"{": "}", "[": "]", "": ""}
_OPENERS = {"}": "{", "]": "["}


class Spot(NamedTuple):
    """Where a member or element begins, and where those inside it do, by reference token.

    ``value`` is where the value of a member begins, ``end`` where it ends; ``earlier`` are the
    places of the same name before.
    """

    at: int
    inner: dict[str, Spot]
    value: int = 0
    end: int = 0
    earlier: tuple[Spot, ...] = ()


class _State(Enum):
    START = auto()
    """The bracket was read: an item follows, or the end."""
    ITEM = auto()
    """An item was read: a comma follows, or the end."""
    COMMA = auto()
    """A comma was read: an item follows."""
    ELIDED = auto()
    """An ellipsis was read: anything may follow."""
    VALUE = auto()
    """A name and its colon were read: its value follows."""


@dataclass(slots=True)
class _Frame:
    """A container that is being read; ``opener`` is empty for members without braces."""

    opener: str
    start: int
    value: dict[str, object] | list[object]
    inner: dict[str, Spot] = field(default_factory=dict)
    state: _State = _State.START
    comma: int = 0
    end: int = 0
    name: str | None = None
    name_at: int = 0
    opened: bool = False

    @property
    def after(self) -> int | None:
        """The end of the item before, where a comma has to follow."""
        return self.end if self.state is _State.ITEM else None


class Container:
    """Reads an object or array with all that it holds, without recursion.

    ``token`` is its bracket, or its first member's name where ``implicit`` tells that the
    braces were left out. The scanner stands behind the container afterwards.
    """

    def __init__(self, scanner: Scanner, token: Token, *, implicit: bool = False) -> None:
        self.scanner = scanner
        self.text = scanner.text
        self.flaws = scanner.flaws
        self.result: tuple[object, Spot] = (None, Spot(token.start, {}))
        self.stack: list[_Frame] = []
        if implicit:
            self._open_implicitly(token)
        else:
            self._open(token)

    def read(self) -> tuple[object, Spot]:
        """The value with the places of what it holds."""
        while self.stack:
            frame = self.stack[-1]
            if frame.state is _State.VALUE:
                self._member_value(frame)
            elif isinstance(frame.value, dict):
                self._member(frame)
            else:
                self._element(frame)
        return self.result

    def _open(self, token: Token) -> None:
        if len(self.stack) >= DEPTH:
            self._skip(token)
            return
        value: dict[str, object] | list[object] = {} if token.sort == "{" else []
        self.stack.append(_Frame(token.sort, token.start, value))

    def _open_implicitly(self, token: Token) -> None:
        """Begins an object at the name of its first member."""
        self.flaws.add(token.start, "members stand without braces")
        self.scanner.position = token.start
        self.stack.append(_Frame("", token.start, {}))

    def _skip(self, token: Token) -> None:
        """Leaves out a container that is nested too deep."""
        self.flaws.habit(token.start, f"values are nested more than {DEPTH} levels deep")
        depth, end = 0, len(self.text)
        for found in _BRACKET.finditer(self.text, token.start):
            depth += (found[1] is not None) - (found[2] is not None)
            if depth == 0:
                end = found.end()
                break
        self.scanner.position = end
        self._attach(ELISION, Spot(token.start, {}), end)

    def _element(self, frame: _Frame) -> None:
        token = self.scanner.value(after=frame.after)
        if token.sort == "elision":
            self._elide(frame, token)
        elif not self._structure(frame, token):
            self._separate(frame)
            if isinstance(token.value, str) and self.scanner.begins_name(token.end):
                self._open_implicitly(token)
            else:
                self._take(token)

    def _elide(self, frame: _Frame, token: Token) -> None:
        value = frame.value
        if isinstance(value, dict):
            frame.opened = True
        elif not value or value[-1] is not ELISION:
            frame.inner[str(len(value))] = Spot(token.start, {}, token.start, token.end)
            value.append(ELISION)
        frame.state = _State.ELIDED

    def _member(self, frame: _Frame) -> None:
        token = self.scanner.name(after=frame.after)
        if token.sort == "elision":
            self._elide(frame, token)
        elif token.sort == "name":
            self._separate(frame)
            self._name(frame, token)
        elif not self._structure(frame, token):
            self.flaws.habit(token.start, "a value stands without a name")
            frame.name = None
            self._take(token)

    def _name(self, frame: _Frame, token: Token) -> None:
        frame.name, frame.name_at = str(token.value), token.start
        frame.state = _State.VALUE
        colon = _COLON.match(self.text, token.end)
        if colon is not None:
            if colon[1] != ":":
                self.flaws.habit(colon.start(1), f"{colon[1]} stands for a colon")
            self.scanner.position = colon.end()
        elif _NO_VALUE.match(self.text, token.end):
            self.flaws.add(token.end, "this name has no value")
            self._attach(ELISION, Spot(token.start, {}), token.end)
        else:
            self.flaws.add(token.end, "a colon is missing")

    def _member_value(self, frame: _Frame) -> None:
        colon = self.scanner.position
        token = self.scanner.value(member=True)
        sort = token.sort
        if sort in (":", "junk"):
            self.flaws.add(token.start, "this text has no place here")
        elif sort == "elision":
            self._attach(ELISION, Spot(token.start, {}), token.end)
            frame.state = _State.ELIDED
        elif sort not in ("value", "{", "[") or self._is_next_name(colon, token):
            if sort != "end":
                self.flaws.add(colon, "this name has no value")
            self.scanner.position = token.start
            self._attach(ELISION, Spot(token.start, {}), colon)
            frame.state = _State.ELIDED if sort == "value" else _State.ITEM
        else:
            self._take(token)

    def _is_next_name(self, colon: int, token: Token) -> bool:
        apart = token.sort == "value" and "\n" in self.text[colon : token.start]
        return apart and self.scanner.begins_name(token.end)

    def _separate(self, frame: _Frame) -> None:
        if frame.state is _State.ITEM:
            self.flaws.add(frame.end, "a comma is missing")

    def _take(self, token: Token) -> None:
        if token.sort == "value":
            self._attach(token.value, Spot(token.start, {}), token.end)
        else:
            self._open(token)

    def _attach(self, value: object, spot: Spot, end: int) -> None:
        """Puts a value that was read into the container around it."""
        spot = Spot(spot.at, spot.inner, spot.at, end)
        if not self.stack:
            self.result = (value, spot)
            return
        frame = self.stack[-1]
        if isinstance(frame.value, list):
            frame.inner[str(len(frame.value))] = spot
            frame.value.append(value)
        elif frame.name is not None:
            earlier: tuple[Spot, ...] = ()
            if frame.name in frame.value:
                self.flaws.habit(frame.name_at, f'the name "{frame.name[:40]}" is there twice')
                twin = frame.inner[frame.name]
                earlier = (*twin.earlier, twin)
            frame.inner[frame.name] = Spot(frame.name_at, spot.inner, spot.value, end, earlier)
            frame.value[frame.name] = value
        frame.state, frame.end = _State.ITEM, end

    def _structure(self, frame: _Frame, token: Token) -> bool:
        """Handles what may stand between the items of any container; False for an item."""
        if token.sort == "end":
            self._end(token)
        elif token.sort == ",":
            if frame.state in (_State.START, _State.COMMA):
                self.flaws.add(token.start, "a comma too many")
            frame.state = _State.ELIDED if frame.state is _State.ELIDED else _State.COMMA
            frame.comma = token.start
        elif token.sort in _OPENERS:
            self._closer(frame, token)
        elif token.sort in (":", "junk"):
            self.flaws.add(token.start, "this text has no place here")
        else:
            return False
        return True

    def _closer(self, frame: _Frame, token: Token) -> None:
        closer = _CLOSERS[frame.opener]
        if token.sort == closer:
            if frame.state is _State.COMMA:
                self.flaws.add(frame.comma, "a comma stands before the closing bracket")
            self._close(token.end)
        elif any(outer.opener == _OPENERS[token.sort] for outer in self.stack):
            if closer:
                self.flaws.add(token.start, f"{closer} is missing before {token.sort}")
            self.scanner.position = token.start
            self._close(token.start)
        elif len(self.stack) == 1 and _REST.match(self.text, token.end):
            self.flaws.add(token.start, f"{token.sort} stands where {closer or 'nothing'} should")
            self._close(token.end)
        else:
            self.flaws.add(token.start, f"{token.sort} closes nothing")

    def _close(self, end: int) -> None:
        frame = self.stack.pop()
        value = frame.value
        if frame.opened and isinstance(value, dict):
            value = OpenObject(value)
        elif frame.opened and isinstance(value, list) and value[-1:] != [ELISION]:
            value.append(ELISION)
        self._attach(value, Spot(frame.start, frame.inner), end)

    def _end(self, token: Token) -> None:
        """Closes everything at the end of the text."""
        closers = "".join(_CLOSERS[frame.opener] for frame in reversed(self.stack))
        if self.stack[-1].state is _State.ELIDED:
            # The ellipsis that ends the text stands for all that is left of every container.
            for frame in self.stack:
                frame.opened = True
        elif closers:
            missing = closers if len(closers) <= _MOST_CLOSERS else f"{len(closers)} brackets"
            verb = "is" if missing == closers else "are"
            self.flaws.add(len(self.text.rstrip()), f"{missing} {verb} missing at the end")
        while self.stack:
            self._close(token.start)
