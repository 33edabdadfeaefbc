"""Kinds of values that a server makes up, and how to tell one by its looks.

Owns the recognition of a single value. Must not know pairs of values or header fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from honestdocs.contract.hint import Hint, hint_of


class VolatileKind(StrEnum):
    """The kinds; each is there because its values cannot be the same in two runs."""

    UUID = "uuid"
    """RFC 9562, in the form of five groups."""
    DATE_TIME = "iso date-time"
    """RFC 3339, also without a zone, with a blank for the ``T``, or in ISO 8601's basic form."""
    DATE = "iso date"
    """RFC 3339, ``full-date``: the day on which the server ran."""
    HTTP_DATE = "http date"
    """RFC 9110, section 5.6.7, in all three forms, and as RFC 5322 and date(1) write it."""
    EPOCH_SECONDS = "epoch seconds"
    """Whole or with a fraction, from September 2001 to the year 2100."""
    EPOCH_MILLISECONDS = "epoch milliseconds"
    EPOCH_MICROSECONDS = "epoch microseconds"
    HEX = "hex token"
    """Digests, object ids, trace ids."""
    BASE64 = "base64 token"
    """Opaque words in the alphabets of RFC 4648, sections 4 and 5, and those inside them."""
    JWT = "jwt"
    """RFC 7519 in compact form."""
    ETAG = "etag"
    """RFC 9110, section 8.8.3."""
    REVISION = "revision"
    """A number that counts states, and a digest: ``2-7051cbe5c8faecd085a3fa619e6e6337``."""
    ULID = "ulid"
    URL = "url"
    """An absolute URL, or a path with a generated segment."""
    NUMBER = "number id"
    """A number under a name such as ``id``; no number alone tells that it is one."""
    IDENTIFIER = "identifier"
    """A short opaque word under a name such as ``id``."""
    HASH = "password hash"
    """Salted, in the form of crypt(5): ``$2b$12$...``."""
    DURATION = "duration"
    """Time that was measured, by its name; or an age in a header field."""
    COUNTER = "counter"
    """What is left of a rate limit, in a header field."""
    COOKIE = "cookie"
    SERVER = "server name"
    """Product and version of whatever answered, in a header field."""


_DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_LONG_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK = r"[0-2]\d:[0-5]\d:[0-6]\d"
_ZONE = r"(?:[A-Z]{3,4}|[+-]\d{4})"

UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_ISO_DAY = r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_ISO_CLOCK = r"[0-2]\d:[0-5]\d(?::[0-6]\d(?:[.,]\d{1,9})?)?"
_BASIC = r"[12]\d{3}[01]\d[0-3]\dT[0-2]\d[0-5]\d[0-6]\d(?:\.\d{1,9})?Z?"
DATE_TIME = rf"(?:{_ISO_DAY}[Tt ]{_ISO_CLOCK} ?(?:[Zz]|UTC|GMT|[+-]\d\d:?\d\d)?|{_BASIC})"
HTTP_DATE = (
    rf"(?:{_DAY}, \d{{1,2}}[ -]{_MONTH}[ -]\d{{4}} {_CLOCK} {_ZONE}"
    rf"|{_LONG_DAY}, \d\d-{_MONTH}-\d\d {_CLOCK} {_ZONE}"
    rf"|{_DAY} {_MONTH} [ \d]?\d {_CLOCK} (?:{_ZONE} )?\d{{4}})"
)
REVISION = r"\d{1,9}-(?:[0-9a-f]{32}|g1AAAA[\w-]+)"
JWT = r"eyJ[\w-]+\.[\w-]+\.[\w-]*"
_CRYPT = r"\$(?:2[abxy]|argon2(?:id|i|d)|scrypt|pbkdf2[\w-]*|y|[156])\$\S{20,}"

_SHAPE = re.compile(
    rf"(?P<UUID>{UUID})"
    rf"|(?P<DATE_TIME>{DATE_TIME})"
    rf"|(?P<HTTP_DATE>{HTTP_DATE})"
    rf"|(?P<REVISION>{REVISION})"
    rf"|(?P<JWT>{JWT})"
    rf"|(?P<HASH>{_CRYPT})"
    rf"|(?P<day>{_ISO_DAY})"
    r"|(?P<quoted>(?:W/)?\"[^\"\s]+\")"
    r"|(?P<url>[a-zA-Z][a-zA-Z0-9+.-]*://[^\s\"<>]+)"
    r"|(?P<path>/[^\s\"<>]+)"
    r"|(?P<number>[0-9]{1,20}(?:\.[0-9]{1,9})?)"
    r"|(?P<hex>[0-9a-f]{6,}|[0-9A-F]{6,})"
    r"|(?P<word>[A-Za-z0-9+/_~-]{6,}={0,2})"
    r"|(?P<state>[0-9]{1,9}-[0-9A-Za-z_-]+)",
    re.ASCII,
)
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_RUN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_SEGMENT = re.compile(r"[A-Za-z0-9]+")
_DIGIT = re.compile(r"[0-9]")
_LETTER = re.compile(r"[a-fA-F]")

_SHORTEST = 10
"""Nothing shorter but a path tells by its looks alone that a server made it up."""
LONG = 16
"""So many characters of a token tell by themselves that it was made up."""

_EPOCHS = (
    (VolatileKind.EPOCH_SECONDS, 1),
    (VolatileKind.EPOCH_MILLISECONDS, 10**3),
    (VolatileKind.EPOCH_MICROSECONDS, 10**6),
)
_FIRST, _LAST = 10**9, 4_102_444_800
_LAST_SIGNED = 2**31 - 1


def kind_of(value: object, *, name: str = "") -> VolatileKind | None:
    """The kind of a string or number, None for one that is no more than itself.

    ``name`` is the member or header field that holds it. Words, counts, prices, versions and
    booleans are never made up by their looks; a name such as ``id`` is evidence for numbers
    and short opaque words, and a name such as ``size`` against numbers.
    """
    if isinstance(value, str):
        return text_kind(value, hint_of(name))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number_kind(value, hint_of(name))
    return None


def number_kind(value: float, hint: Hint) -> VolatileKind | None:
    """The kind of a number under a name that gives that hint."""
    if hint in (Hint.IDENTITY, Hint.REVISION) and isinstance(value, int):
        return VolatileKind.NUMBER if value >= 0 else None
    if hint is Hint.DURATION:
        return VolatileKind.DURATION if value >= 0 else None
    if hint is Hint.CLAIM:
        return None
    return _epoch_kind(value, _LAST, certain=hint is Hint.TIME)


def _epoch_kind(value: float, last: int, *, certain: bool) -> VolatileKind | None:
    """The unit in which a number is a time; a round one needs a name that says so."""
    for kind, scale in _EPOCHS:
        if _FIRST * scale <= value < last * scale:
            return kind if certain or not _is_round(int(value), scale) else None
    return None


def _is_round(value: int, scale: int) -> bool:
    """Whether a number is more likely a size or a limit: 1500000000, 1 GiB, the largest int."""
    return value % (10**6 * scale) == 0 or value % 2**20 == 0 or value == _LAST_SIGNED


def text_kind(value: str, hint: Hint) -> VolatileKind | None:
    """The kind of a string under a name that gives that hint."""
    if len(value) < _SHORTEST and hint not in _NAMING and "/" not in value:
        return None
    found = _SHAPE.fullmatch(value)
    shape = found.lastgroup if found is not None else None
    if shape is None:
        return None
    judge = _JUDGES.get(shape)
    return VolatileKind[shape] if judge is None else judge(value, hint)


_NAMING = frozenset((Hint.IDENTITY, Hint.REVISION, Hint.ETAG))


def _day_kind(_value: str, hint: Hint) -> VolatileKind | None:
    return None if hint is Hint.CLAIM else VolatileKind.DATE


def _digits_kind(value: str, hint: Hint) -> VolatileKind | None:
    if hint in _NAMING and "." not in value:
        return VolatileKind.NUMBER
    if hint is Hint.CLAIM:
        return None
    certain = hint is Hint.TIME
    return _epoch_kind(float(value), _LAST if certain else _LAST_SIGNED, certain=certain)


def _hex_kind(value: str, hint: Hint) -> VolatileKind | None:
    if len(value) < LONG and hint not in _NAMING:
        return None
    mixed = _DIGIT.search(value) and _LETTER.search(value)
    return VolatileKind.HEX if mixed else None


def _word_kind(value: str, hint: Hint) -> VolatileKind | None:
    if len(value) < LONG and hint not in _NAMING:
        return None
    if _ULID.fullmatch(value) and _DIGIT.search(value):
        return VolatileKind.ULID
    if not is_opaque(value):
        return None
    return VolatileKind.BASE64 if len(value) >= LONG else VolatileKind.IDENTIFIER


def _quoted_kind(value: str, hint: Hint) -> VolatileKind | None:
    inner = value.removeprefix("W/")[1:-1]
    made_up = hint is Hint.ETAG or text_kind(inner, Hint.NONE) is not None
    return VolatileKind.ETAG if made_up else None


def _url_kind(_value: str, _hint: Hint) -> VolatileKind | None:
    """Any absolute URL may be the service's own."""
    return VolatileKind.URL


def _path_kind(value: str, _hint: Hint) -> VolatileKind | None:
    """A path is made up if one of its segments is; what stands there names something."""
    path = re.split(r"[?#]", value, maxsplit=1)[0]
    segments = [segment for segment in path.split("/") if segment]
    made_up = any(text_kind(segment, Hint.IDENTITY) is not None for segment in segments)
    return VolatileKind.URL if made_up else None


def _state_kind(_value: str, hint: Hint) -> VolatileKind | None:
    return VolatileKind.REVISION if hint is Hint.REVISION else None


_JUDGES: dict[str, Callable[[str, Hint], VolatileKind | None]] = {
    "day": _day_kind,
    "number": _digits_kind,
    "hex": _hex_kind,
    "word": _word_kind,
    "quoted": _quoted_kind,
    "url": _url_kind,
    "path": _path_kind,
    "state": _state_kind,
}
"""Who decides where the looks alone do not."""


def turns(value: str) -> int:
    """How often a word changes between lower case, upper case and digits.

    A capital that begins a word is no change.
    """
    return len(_RUN.findall(value)) - len(_SEGMENT.findall(value))


def is_opaque(value: str) -> bool:
    """Whether no person thought of a word: it changes its sort of characters all the time.

    ``wZjuQfpS`` and ``fm64GtdA`` do, ``myNewBucket``, ``sha256-AES128`` and ``kinto-v13`` do not.
    """
    runs = _RUN.findall(value)
    length = sum(map(len, runs))
    changes = len(runs) - len(_SEGMENT.findall(value))
    if length < _TELLING:
        return changes >= _FEW and length <= 3 * (changes + 1)
    spoken = sum(len(run) for run in runs if len(run) >= _SPOKEN and not run.isdigit())
    if 2 * spoken > length and not (value.islower() or value.isupper()):
        return False
    return changes > _FEW and length <= 3.3 * (changes + 1)


_TELLING = 12
"""Shorter words have too few characters to look at closely."""
_FEW = 2
_SPOKEN = 4
"""So many letters that change no more than at the first one are a word of a language."""
