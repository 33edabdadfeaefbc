"""What makes two values generated ones of the same kind.

Owns the comparison of a documented value with an observed one by kind. Must not know header
fields or where the values stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from honestdocs.contract.hint import Hint, hint_of
from honestdocs.contract.kind import (
    DATE_TIME,
    HTTP_DATE,
    JWT,
    LONG,
    REVISION,
    UUID,
    VolatileKind,
    number_kind,
    text_kind,
    turns,
)
from honestdocs.contract.reference import same_shape

_ZONED = re.compile(r".*(?:[Zz]|UTC|GMT|[+-]\d\d:?\d\d)", re.ASCII)
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_TOKEN = re.compile(r"[A-Za-z0-9+/_~-]+={0,2}")
_PART = re.compile(
    rf"[a-zA-Z][a-zA-Z0-9+.-]{{1,20}}://[^\s\"'<>()\[\]{{}},;]+|{HTTP_DATE}|{DATE_TIME}|{UUID}|{JWT}"
    rf"|{REVISION}|\d{{10,16}}\.\d+|\d{{4}}-\d\d-\d\d|[A-Za-z0-9]{{8,}}={{0,2}}",
    re.ASCII,
)
_SHORT_HEX = re.compile(r"(?=.*\d.*\d)(?=.*[a-f].*[a-f])[0-9a-f]{8,}", re.ASCII)
_NESTED = re.compile(r"://|\?")
"""A reference inside a reference has to be equal, which bounds the recursion."""
_DIGIT = re.compile(r"[0-9]")
_SHORTEST_TEXT, _LONGEST_TEXT = 10, 20_000
_SLACK = 4
"""Tokens differ in length by a quarter at most."""


def common_kind(
    documented: object, observed: object, *, name: str = "", origins: tuple[str, ...] = ()
) -> VolatileKind | None:
    """The kind of which both values are, in the same format; None if there is none.

    Both are strings or both numbers. ``name`` is the member or header field that holds them.
    ``origins`` are the origins of the service, documented and observed, each perhaps with a
    base path. Texts that hold generated values in equal surroundings are of their kind. The
    two values can be exchanged.
    """
    if isinstance(documented, str):
        if isinstance(observed, str):
            return _common_text(documented, observed, hint_of(name), origins)
        return None
    if isinstance(documented, bool) or isinstance(observed, bool):
        return None
    if isinstance(documented, (int, float)) and isinstance(observed, (int, float)):
        hint = hint_of(name)
        kind = number_kind(documented, hint)
        return kind if kind is not None and kind is number_kind(observed, hint) else None
    return None


def _common_text(
    documented: str, observed: str, hint: Hint, origins: tuple[str, ...]
) -> VolatileKind | None:
    kind = _whole_kind(documented, observed, hint, origins)
    return kind if kind is not None else _common_parts(documented, observed, origins)


def _whole_kind(
    documented: str, observed: str, hint: Hint, origins: tuple[str, ...]
) -> VolatileKind | None:
    ours, theirs = text_kind(documented, hint), text_kind(observed, hint)
    if ours is theirs:
        same = documented == observed or (
            ours is not None and _same_format(ours, documented, observed, origins)
        )
        return ours if same else None
    return _one_sided(ours, theirs, documented, observed, origins)


def _same_format(
    kind: VolatileKind, documented: str, observed: str, origins: tuple[str, ...]
) -> bool:
    if kind is VolatileKind.URL:
        return _same_reference(documented, observed, origins)
    if kind is VolatileKind.BASE64:
        return _similar_length(documented, observed)
    form = _FORMS.get(kind)
    return form is None or form(documented) == form(observed)


def _same_reference(documented: str, observed: str, origins: tuple[str, ...]) -> bool:
    def alike(a: str, b: str, name: str) -> bool:
        if _NESTED.search(a) or _NESTED.search(b):
            return False
        return _common_text(a, b, hint_of(name), origins) is not None

    return same_shape(documented, observed, origins, alike)


def _date_form(text: str) -> tuple[bool, str]:
    """With a zone or without, and what stands between date and time."""
    basic = text[8] in "Tt"
    return _ZONED.fullmatch(text[10:]) is not None, "basic" if basic else text[10].upper()


_FORMS: dict[VolatileKind, Callable[[str], object]] = {
    VolatileKind.DATE_TIME: _date_form,
    VolatileKind.HTTP_DATE: lambda text: (text.count(" "), "," in text),
    VolatileKind.HEX: lambda text: (len(text), text.islower()),
    VolatileKind.IDENTIFIER: len,
    VolatileKind.HASH: lambda text: text.split("$", 2)[1],
    VolatileKind.ETAG: lambda text: text.startswith("W/"),
}
"""What two values of a kind have in common beyond the kind."""


def _similar_length(documented: str, observed: str) -> bool:
    ours, theirs = len(documented), len(observed)
    return _SLACK * abs(ours - theirs) <= max(ours, theirs)


_TOKENS = frozenset(
    (VolatileKind.HEX, VolatileKind.BASE64, VolatileKind.IDENTIFIER, VolatileKind.NUMBER)
)


def _one_sided(
    ours: VolatileKind | None,
    theirs: VolatileKind | None,
    documented: str,
    observed: str,
    origins: tuple[str, ...],
) -> VolatileKind | None:
    """The kind of two values of which one does not show it.

    One digest in many has no letter, and one random word in ten looks like a spoken one.
    """
    kinds = {kind for kind in (ours, theirs) if kind is not None}
    if kinds == {VolatileKind.URL}:
        same = _same_reference(documented, observed, origins)
        return VolatileKind.URL if same else None
    if not kinds <= _TOKENS:
        return None
    same_length = len(documented) == len(observed)
    if VolatileKind.HEX in kinds and same_length and _is_hex(documented) and _is_hex(observed):
        return VolatileKind.HEX
    return _common_token(kinds, documented, observed)


def _is_hex(text: str) -> bool:
    return _HEX.fullmatch(text) is not None


def _common_token(kinds: set[VolatileKind], documented: str, observed: str) -> VolatileKind | None:
    if not _TOKEN.fullmatch(documented) or not _TOKEN.fullmatch(observed):
        return None
    if VolatileKind.BASE64 in kinds:
        lively = turns(documented) > 1 and turns(observed) > 1
        return VolatileKind.BASE64 if lively and _similar_length(documented, observed) else None
    same = VolatileKind.IDENTIFIER in kinds and len(documented) == len(observed)
    return VolatileKind.IDENTIFIER if same and len(documented) < LONG else None


def _common_parts(documented: str, observed: str, origins: tuple[str, ...]) -> VolatileKind | None:
    """The kind of the generated values in two texts that are equal around them.

    Where they are of several kinds, it is the first one's.
    """
    if not _SHORTEST_TEXT <= len(documented) <= _LONGEST_TEXT or len(observed) > _LONGEST_TEXT:
        return None
    if not _DIGIT.search(documented) or not _DIGIT.search(observed):
        return None
    ours, theirs = _parts(documented), _parts(observed)
    if not ours or len(ours) != len(theirs) or _around(documented) != _around(observed):
        return None
    kinds = [_part_kind(a, b, origins) for a, b in zip(ours, theirs, strict=True) if a != b]
    return kinds[0] if kinds and None not in kinds else None


def _parts(text: str) -> list[str]:
    return [found[0] for found in _PART.finditer(text)]


def _around(text: str) -> str:
    return _PART.sub("\0", text)


def _part_kind(documented: str, observed: str, origins: tuple[str, ...]) -> VolatileKind | None:
    """The kind of two parts; equal surroundings are evidence for short digests, too."""
    short = _SHORT_HEX.fullmatch(documented) and _SHORT_HEX.fullmatch(observed)
    if short and len(documented) == len(observed):
        return VolatileKind.HEX
    return _whole_kind(documented, observed, Hint.NONE, origins)
