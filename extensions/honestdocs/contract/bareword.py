"""Words that stand in JSON without quotes: literals, numbers of other languages, placeholders.

Owns what such a word means. Must not know where it ends or what stands around it.
"""

from __future__ import annotations

import json
import re

from honestdocs.contract.notation import Flaws, Placeholder

_LITERALS: dict[str, object] = {"true": True, "false": False, "null": None}
_FOREIGN: dict[str, object] = {**_LITERALS, "none": None, "nil": None, "undefined": None}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_BASED = re.compile(r"([+-]?)0([xXoObB])([0-9a-fA-F]{1,200})")
"""Not longer: Python reads any number of such digits, and then refuses to print the number."""
_LOOSE = re.compile(r"[+-]?(?=[0-9.]*[0-9])[0-9]*(?:_[0-9]+)*\.?[0-9]*(?:[eE][+-]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf(?:inity)?)", re.IGNORECASE)
_TEXTUAL = re.compile(r"[0-9]|.*[/.:@]")
_BASES = {"x": 16, "o": 8, "b": 2}


def is_json_word(word: str) -> bool:
    """Whether a word is a literal or a number as JSON writes them (RFC 8259, 3 and 6)."""
    return word in _LITERALS or _NUMBER.fullmatch(word) is not None


def read_word(word: str, at: int, flaws: Flaws) -> object:
    """The value of a bare word that stands at ``at``; what is no JSON is added to ``flaws``.

    A word with digits first or with ``/ . : @`` in it, such as a date or a URL, is a string
    that lost its quotes; any other is a Placeholder.
    """
    if word in _LITERALS:
        return _LITERALS[word]
    if _NUMBER.fullmatch(word):
        return _number(word, at, flaws)
    folded = word.casefold()
    if folded in _FOREIGN:
        flaws.habit(at, f"{word} is written {json.dumps(_FOREIGN[folded])} in JSON")
        return _FOREIGN[folded]
    if _NOT_FINITE.fullmatch(word):
        flaws.habit(at, f"{word} is no number of JSON")
        return float(word)
    return _loose_number(word, at, flaws)


def _number(word: str, at: int, flaws: Flaws) -> object:
    try:
        return json.loads(word)
    except ValueError:
        # The interpreter refuses integers of thousands of digits.
        flaws.add(at, "a number has more digits than can be read")
        return float(word)


def _loose_number(word: str, at: int, flaws: Flaws) -> object:
    try:
        value = _converted(word)
    except ValueError:
        value = None
    if value is None:
        return _unquoted(word, at, flaws)
    flaws.add(at, f"{word[:40]} is no number of JSON")
    return value


def _converted(word: str) -> int | float | None:
    based = _BASED.fullmatch(word)
    if based is not None:
        return int(based[1] + based[3], _BASES[based[2].lower()])
    if _LOOSE.fullmatch(word):
        return float(word) if set(word) & set(".eE") else int(word)
    return None


def _unquoted(word: str, at: int, flaws: Flaws) -> object:
    if _TEXTUAL.match(word):
        flaws.habit(at, "a string stands without quotes")
        return word
    flaws.habit(at, "a placeholder stands without quotes")
    return Placeholder(word.strip("<>${}% "))
