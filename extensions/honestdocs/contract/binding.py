"""Binding: a documented value that the server generates stands for the observed one.

Owns the pairs (documented, observed) of one page and their use in later requests. Must not
know how a value was found to be generated.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote

from honestdocs.contract.word import find_word

_SURE = 6
"""From this length on a value is replaced wherever it stands alone; shorter ones only where
a whole path segment, query value, header or JSON scalar is that value."""
_PLACEHOLDER = re.compile(r"<[A-Za-z_][\w. -]*>|\{[A-Za-z_][\w.-]*\}|\$\{?[A-Z_][A-Z0-9_]+\}?")


class Bindings:
    """What documented values stand for, in one session.

    >>> bound = Bindings()
    >>> bound.bind("b4n7", "x8k2")
    >>> bound.in_target("/b4n7?from=b4n7x")
    '/x8k2?from=b4n7x'
    """

    def __init__(self) -> None:
        self._pairs: dict[str, str] = {}
        self._forms: dict[str, str] = {}
        self._captures: dict[str, str] = {}

    def __bool__(self) -> bool:
        return bool(self._pairs or self._captures)

    def __contains__(self, documented: object) -> bool:
        return documented in self._pairs

    def bind(self, documented: str, observed: str) -> None:
        """Remembers a pair, and for quoted texts (entity tags) what the quotes hold."""
        if not documented:
            return
        self._set(documented, observed)
        bare = documented.removeprefix("W/").strip('"')
        if bare != documented and bare:
            self._set(bare, observed.removeprefix("W/").strip('"'))

    def _set(self, documented: str, observed: str) -> None:
        self._pairs[documented] = observed
        self._forms[documented] = documented
        self._forms.setdefault(quote(documented, safe=""), documented)

    def capture(self, name: str, observed: str) -> None:
        """Remembers a named value: ``<name>``, ``{name}`` and ``$name`` stand for it."""
        self._captures[name] = observed

    def get(self, documented: str) -> str | None:
        """What a whole documented value stands for, None if it is not bound."""
        return self._pairs.get(documented)

    def standing_for(self, observed: str) -> tuple[str, ...]:
        """The documented values that an observed one stands for."""
        return tuple(name for name, value in self._pairs.items() if value == observed)

    def items(self) -> Iterable[tuple[str, str]]:
        """All pairs."""
        return self._pairs.items()

    def in_target(self, target: str) -> str:
        """A request target with bound values in its path and query replaced."""
        target = self._captured(target)
        if not self._pairs:
            return target
        return self._replaced(target, 1, lambda observed: quote(observed, safe=_SAFE))

    def in_text(self, text: str) -> str:
        """A body, or part of one, with bound values replaced where they are long enough."""
        text = self._captured(text)
        if not self._pairs or not text:
            return text
        return self._replaced(text, _SURE, str)

    def in_header(self, name: str, value: str) -> str:
        """A header field's value with bound values replaced, also inside Basic credentials."""
        value = self._captured(value)
        if not self._pairs:
            return value
        if value in self._pairs:
            return self._pairs[value]
        if name.lower() == "authorization" and value.startswith("Basic "):
            return self._in_basic(value)
        return self.in_text(value)

    def in_json(self, text: str) -> str:
        """A JSON body with bound values replaced: long ones anywhere, short ones where a
        member that is named like an identifier holds just that value.
        """
        text = self.in_text(text)
        short = {d: o for d, o in self._pairs.items() if len(d) < _SURE and d in text}
        if not short:
            return text
        return _member_pattern(tuple(sorted(short))).sub(lambda f: _put(f, short), text)

    def _in_basic(self, value: str) -> str:
        try:
            decoded = base64.b64decode(value[6:], validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return value
        user, colon, password = decoded.partition(":")
        bound = self._pairs.get(user, user) + colon + self._pairs.get(password, password)
        if bound == decoded:
            return value
        return "Basic " + base64.b64encode(bound.encode()).decode()

    def _captured(self, text: str) -> str:
        if not self._captures:
            return text
        for name, observed in self._captures.items():
            for form in (f"<{name}>", f"{{{name}}}", f"${{{name}}}", f"${name}"):
                text = text.replace(form, observed)
        return text

    def _replaced(self, text: str, shortest: int, put: Callable[[str], str]) -> str:
        """A text with the words from a length on replaced: the first one, then the longest."""
        forms = [f for f, word in self._forms.items() if f in text and len(word) >= shortest]
        parts: list[str] = []
        done = 0
        while found := _first(text, forms, done):
            at, form = found
            parts += (text[done:at], put(self._pairs[self._forms[form]]))
            done = at + len(form)
        return "".join(parts) + text[done:]


_SAFE = "/:?#[]@!$&'()*+,;=%~-._\""


def _first(text: str, forms: Iterable[str], start: int) -> tuple[int, str] | None:
    """The first place where one of the forms stands as a word, and the longest form there.

    A short one must fill its place: a segment of a path, a value of a query.
    """
    found = ((_find(text, form, start), form) for form in forms)
    places = [(at, -len(form), form) for at, form in found if at >= 0]
    if not places:
        return None
    at, _, form = min(places)
    return at, form


def _find(text: str, form: str, start: int) -> int:
    if len(form) >= _SURE:
        return find_word(text, form, start)
    at = text.find(form, start)
    while at >= 0:
        end = at + len(form)
        if text[at - 1 : at] in _BEFORE and text[end : end + 1] in _AFTER:
            return at
        at = text.find(form, at + 1)
    return -1


_BEFORE = frozenset("/=,:;")
_AFTER = frozenset(("", *"/?&#,;="))


@lru_cache(maxsize=256)
def _member_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    values = "|".join(re.escape(word) for word in words)
    return re.compile(
        rf'("(?:id|uuid|[\w-]*(?:_id|Id|ID|-id|token|key|code|channel|ref))"\s*:\s*)'
        rf'("?)({values})("?)(?=\s*[,}}\]\n])'
    )


def _put(found: re.Match[str], pairs: Mapping[str, str]) -> str:
    observed = pairs[found[3]]
    return found[1] + found[2] + json.dumps(observed)[1:-1] + found[4]


def placeholder_in(text: str) -> str:
    """The first placeholder such as ``<token>``, ``{id}`` or ``$TOKEN`` in a text, or ''."""
    found = _PLACEHOLDER.search(text)
    return found[0] if found else ""
