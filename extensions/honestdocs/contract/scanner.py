"""Tokens of JSON as people write it.

Owns where a token begins and ends, comments and ellipses among them. Must not know how tokens
nest.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from honestdocs.contract.bareword import is_json_word, read_word
from honestdocs.contract.notation import ELISION, Flaws, Placeholder
from honestdocs.contract.quoting import ENDS_TEXT, read_string, unescape

_BLANKS = re.compile(r"[ \t\r\n]*")
_ODD_BLANKS = re.compile(r"[\s\ufeff\u200b\u2060]+")
_COMMENT = re.compile(r"//[^\n]*|#[^\n]*|/\*.*?(?:\*/|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
_DOTS = r"(?:\.(?: ?\.){2,}|…+)"
_ELLIPSIS = re.compile(rf"{_DOTS}|<\s*{_DOTS}\s*>|\({_DOTS}\)")
_ELIDING = re.compile(rf"(?://+|#+|/\*+|<!--)\s*{_DOTS}")
_ASIDE = re.compile(rf"[ \t]*([\w(][^\n\"'{{}}\[\],:<…]*?)[ \t]*{_DOTS}?(?=[ \t]*(?:[\n}}\],]|\Z))")
_ELIDED_MEMBER = re.compile(rf"[ \t]*:[ \t]*(?:{_DOTS}|\"{_DOTS}\")")

_PUNCTUATION = frozenset("[]{}:,;")
_PLACEHOLDER = re.compile(r"<([^<>\n\"]{1,200})>(?=[\s,}\]:]|\Z)")
_WORD = r"[ \t]*([A-Za-z_][\w.-]*)[ \t]*"
_BRACED = re.compile(rf"\{{\{{{_WORD}\}}\}}|\{{{_WORD}\}}")
_CALL = re.compile(r"(?:new )?[A-Za-z_$][\w$.]*\([^()\n]*\)")
_RUN = re.compile(r"[^\s,\]\[{}\"](?:[^,\]\[{}\"\n]|\[[^\[\],\"\n]*\])*")
_STOP = re.compile(rf"\s(?=//|#|/\*|<!--)|;\s*\Z|(?=({_DOTS}))")
_NAME = re.compile(r"<[^<>\n\"]*>|[\w$@-][\w$@.-]*")
_NAMED = re.compile(r"[ \t]*(?:[:=]|->)")
_JUNK = re.compile(r"(?:\"(?:[^\"\\\n]|\\.)*+\"|[^,}\]\n])+")


class Token(NamedTuple):
    """A piece of text.

    ``sort`` is a bracket, ``,`` or ``:``, or one of the words ``value``, ``name``, ``elision``,
    ``junk`` and ``end``.
    """

    sort: str
    start: int
    end: int
    value: object = None


class Scanner:
    """Reads one token after the other; ``position`` may be set back to a token's start."""

    def __init__(self, text: str, flaws: Flaws) -> None:
        self.text = text
        self.flaws = flaws
        self.position = 0

    def value(self, *, after: int | None = None, member: bool = False) -> Token:
        """The next token where a value may stand.

        ``after`` is the end of an item that stands before with no comma between; ``member``
        tells that the value belongs to a name.
        """
        token = self._common() or self._placeholder() or self._punctuation()
        if token is not None:
            return token
        string = read_string(self.text, self.position, self.flaws, name=False)
        if string is not None:
            return self._token("value", *string)
        return self._call() or self._bare(after, member=member)

    def name(self, *, after: int | None = None) -> Token:
        """The next token where a member name may stand; ``after`` as for ``value``."""
        token = self._common() or self._punctuation()
        if token is not None:
            return self._elided_member(token) if token.sort == "elision" else token
        start = self.position
        string = read_string(self.text, start, self.flaws, name=True)
        if string is None:
            return self._bare_name()
        stray = after is not None and self._same_line(after, start)
        if stray and not _NAMED.match(self.text, string[0]):
            return self._junk()
        return self._token("name", *string)

    def begins_name(self, end: int) -> bool:
        """Whether a string that ends at ``end`` is a member name: a colon follows."""
        return _NAMED.match(self.text, end) is not None

    def _token(self, sort: str, end: int, value: object = None) -> Token:
        start, self.position = self.position, end
        return Token(sort, start, end, value)

    def _same_line(self, start: int, end: int) -> bool:
        return self.text.find("\n", start, end) < 0

    def _common(self) -> Token | None:
        """An elision or the end; what may stand anywhere is passed over."""
        text = self.text
        while True:
            blanks = _BLANKS.match(text, self.position)
            start = self.position = blanks.end() if blanks else self.position
            if start >= len(text):
                return Token("end", start, start)
            comment = _COMMENT.match(text, start) if text[start] in "/#<" else None
            odd = _ODD_BLANKS.match(text, start)
            if comment is not None and _ELIDING.match(comment[0]):
                return self._token("elision", comment.end(), ELISION)
            if comment is not None:
                self.flaws.habit(start, "a comment is not JSON")
                self.position = comment.end()
            elif odd is not None:
                self.flaws.habit(start, "a blank is none of JSON's")
                self.position = odd.end()
            else:
                return self._ellipsis()

    def _ellipsis(self) -> Token | None:
        found = _ELLIPSIS.match(self.text, self.position)
        if found is None:
            return None
        aside = _ASIDE.match(self.text, found.end())
        if aside is not None and not is_json_word(aside[1].strip()):
            return self._token("elision", aside.end(), ELISION)
        return self._token("elision", found.end(), ELISION)

    def _elided_member(self, token: Token) -> Token:
        found = _ELIDED_MEMBER.match(self.text, token.end)
        if found is not None:
            self.position = found.end()
        return token

    def _punctuation(self) -> Token | None:
        character = self.text[self.position]
        if character not in _PUNCTUATION:
            return None
        if character == ";":
            self.flaws.habit(self.position, "a semicolon stands for a comma")
            character = ","
        return self._token(character, self.position + 1)

    def _junk(self) -> Token:
        found = _JUNK.match(self.text, self.position)
        return self._token("junk", found.end() if found else self.position + 1)

    def _placeholder(self) -> Token | None:
        found = _PLACEHOLDER.match(self.text, self.position)
        found = found or _BRACED.match(self.text, self.position)
        return found and self._unquoted(found.end(), found[found.lastindex or 0].strip())

    def _call(self) -> Token | None:
        found = _CALL.match(self.text, self.position)
        return found and self._unquoted(found.end(), found[0])

    def _unquoted(self, end: int, name: str) -> Token:
        self.flaws.habit(self.position, "a placeholder stands without quotes")
        return self._token("value", end, Placeholder(name))

    def _bare_name(self) -> Token:
        text, start = self.text, self.position
        found = _NAME.match(text, start)
        if found is not None and text.startswith('"', found.end()):
            if _NAMED.match(text, found.end() + 1):
                self.flaws.add(start, "the opening quote is missing")
                return self._token("name", found.end() + 1, found[0])
        elif found is not None and _NAMED.match(text, found.end()):
            self.flaws.habit(start, "a member name stands without quotes")
            return self._token("name", found.end(), found[0])
        return self._junk()

    def _bare(self, after: int | None, *, member: bool) -> Token:
        text, start = self.text, self.position
        found = _RUN.match(text, start)
        if found is None:
            return self._junk()
        run, end = found[0], found.end()
        if not run[-1].isspace() and text.startswith('"', end) and ENDS_TEXT.match(text, end + 1):
            self.flaws.add(start, "the opening quote is missing")
            return self._token("value", end + 1, unescape(run))
        stop = _STOP.search(run, 1)
        word = _leading(run[: stop.start()] if stop else run)
        end = start + len(word)
        if member and stop and stop[1] and stop.start() == len(word):
            return self._token("elision", end + len(stop[1]), ELISION)
        if after is not None and self._same_line(after, start) and not is_json_word(word):
            return self._junk()
        value = read_word(word, start, self.flaws)
        return self._token("value", end, value)


def _leading(run: str) -> str:
    """The run without what follows a number or literal: ``1 2`` is two values, ``1 kg`` one."""
    words = run.split(None, 2)
    if len(words) > 1 and is_json_word(words[0]) and is_json_word(words[1]):
        return words[0]
    return run.rstrip()
