"""Binding: a documented value that the server generates stands for the observed one.

Owns the pairs (documented, observed) of one page and their use in later requests. Must not
know how a value was found to be generated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote

from honestdocs.contract.credentials import basic, basic_parts
from honestdocs.contract.hint import Hint, hint_of
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
        """Remembers a pair, and for quoted texts (entity tags) what the quotes hold.

        What no request can carry is not remembered.
        """
        if not documented or not _is_sendable(observed):
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
        if _is_sendable(observed):
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
        target = self._captured(target, _in_target)
        if not self._pairs:
            return target
        return self._replaced(target, 1, _as_target)

    def in_text(self, text: str) -> str:
        """A body, or part of one, with bound values replaced where they are long enough."""
        text = self._captured(text, lambda _text, _at, observed: observed)
        if not self._pairs or not text:
            return text
        return self._replaced(text, _SURE, _as_text)

    def in_header(self, name: str, value: str) -> str:
        """A header field's value with bound values replaced, also inside Basic credentials."""
        bound = self._in_header(name, value)
        return bound if bound == value else _LINE_END.sub(" ", bound)

    def _in_header(self, name: str, value: str) -> str:
        if value in self._pairs:
            return self._pairs[value]
        if name.lower() == "authorization" and value[:6].lower() == "basic ":
            return self._in_basic(value)
        return self.in_text(value)

    def in_json(self, text: str) -> str:
        """A JSON body with bound values replaced: long ones anywhere, short ones where a
        member that is named like an identifier holds just that value.
        """
        text = self._captured(text, lambda _text, _at, observed: _escaped(observed))
        text = self._replaced(text, _SURE, _as_json)
        short = {d: o for d, o in self._pairs.items() if len(d) < _SURE and d in text}
        if not short:
            return text
        return _member_pattern(tuple(sorted(short))).sub(lambda f: _put(f, short), text)

    def _in_basic(self, value: str) -> str:
        user, password = basic_parts(value)
        if user is None:
            return self.in_text(value)
        bound = self._pairs.get(user, user), self._pairs.get(password, password)
        return value if bound == (user, password) else basic(":".join(bound))

    def _captured(self, text: str, put: Callable[[str, int, str], str]) -> str:
        if not self._captures:
            return text
        names = "|".join(map(re.escape, sorted(self._captures, key=len, reverse=True)))
        pattern = rf"<({names})>|\$?\{{({names})\}}|\$({names})(?!\w)"

        def stand(found: re.Match[str]) -> str:
            return put(text, found.start(), self._captures[found[found.lastindex or 0]])

        return re.sub(pattern, stand, text)

    def _replaced(self, text: str, shortest: int, put: Callable[[str, str, str], str]) -> str:
        """A text with the words from a length on replaced: the first one, then the longest.

        ``put`` is given the form that was found, the word that it spells, and the observed one.
        """
        forms = [f for f, word in self._forms.items() if f in text and len(word) >= shortest]
        parts: list[str] = []
        done = 0
        while found := _first(text, forms, done):
            at, form = found
            word = self._forms[form]
            parts += (text[done:at], put(form, word, self._pairs[word]))
            done = at + len(form)
        return "".join(parts) + text[done:]


_SAFE_IN_VALUE = ":@!$'()*,;=~-._[]\""
"""What a single value may hold in a target and still be one; ``+`` is a blank in a query."""
_SAFE_IN_PATH = _SAFE_IN_VALUE + "/"
_SAFE = _SAFE_IN_PATH + "?#&+%"
"""What a reference holds that was written by a server: it is encoded already."""
_LINE_END = re.compile(r"[\r\n\0]+")


def _is_sendable(text: str) -> bool:
    """Whether a text has an encoding; an escape in JSON can make up half a character."""
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)


def _as_target(form: str, word: str, observed: str) -> str:
    """An observed value encoded as the documented one is: a path is one already."""
    if form != word:
        return quote(observed, safe="")
    return quote(observed, safe=_SAFE if "/" in form else _SAFE_IN_VALUE)


def _as_text(form: str, word: str, observed: str) -> str:
    return observed if form == word else quote(observed, safe="")


def _as_json(form: str, word: str, observed: str) -> str:
    if form[0] == observed[:1] == form[-1] == observed[-1:] == '"' and len(observed) > 1:
        return f'"{_escaped(observed[1:-1])}"'
    return _escaped(_as_text(form, word, observed))


def _escaped(text: str) -> str:
    """A text as it stands between the quotes of a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _in_target(target: str, at: int, observed: str) -> str:
    """A captured value in its place: as a whole target, in a path, or in a query."""
    if at == 0:
        return observed
    return quote(observed, safe=_SAFE_IN_VALUE if "?" in target[:at] else _SAFE_IN_PATH)


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
    while at >= 0 and not _fills(text, form, at):
        at = text.find(form, at + 1)
    return at


def _fills(text: str, form: str, at: int) -> bool:
    """Whether a short value is a whole segment or value; a number in a query may be a limit or
    a page unless its name says that it is none.
    """
    end = at + len(form)
    if text[at - 1 : at] not in _BEFORE or text[end : end + 1] not in _AFTER:
        return False
    if text[at - 1] != "=" or not form.isdigit():
        return True
    key = re.split(r"[?&;]", text[: at - 1])[-1]
    return hint_of(key) in _NAMING


_BEFORE = frozenset("/=,:;")
_AFTER = frozenset(("", *"/?&#,;="))
_NAMING = frozenset((Hint.IDENTITY, Hint.REVISION, Hint.ETAG))


@lru_cache(maxsize=256)
def _member_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    values = "|".join(re.escape(word) for word in words)
    return re.compile(
        rf'("(?:id|uuid|[\w-]*(?:_id|Id|ID|-id|token|key|code|channel|ref))"\s*:\s*)'
        rf'("?)({values})("?)(?=\s*[,}}\]\n])'
    )


def _put(found: re.Match[str], pairs: Mapping[str, str]) -> str:
    return found[1] + found[2] + _escaped(pairs[found[3]]) + found[4]


def placeholder_in(text: str) -> str:
    """The first placeholder such as ``<token>``, ``{id}`` or ``$TOKEN`` in a text, or ''."""
    found = _PLACEHOLDER.search(text)
    return found[0] if found else ""
