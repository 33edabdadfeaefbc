"""What the name of a member or header field says of its value.

Owns the words of such names. Must not know values.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache


class Hint(Enum):
    """What a name lets one expect."""

    NONE = auto()
    IDENTITY = auto()
    """Something that tells one thing from another: ``id``, ``userId``, ``token``, ``cursor``."""
    REVISION = auto()
    """The state of one thing: ``rev``, ``revision``, ``seq``."""
    ETAG = auto()
    TIME = auto()
    """A moment: ``last_modified``, ``created_at``, ``expires``."""
    DURATION = auto()
    """Time that was measured: ``took``, ``elapsed_ms``, ``uptime``."""
    CLAIM = auto()
    """A number or day that is a claim, whatever it looks like: ``size``, ``limit``, ``version``."""


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_UNITS = frozenset("ms s sec secs seconds millis milliseconds us micros microseconds ns".split())
_WORDS: dict[Hint, str] = {
    Hint.IDENTITY: (
        "id ids uid uids uuid uuids guid oid sid pid docid userid objectid sessionid requestid "
        "token tokens nonce cursor session bookmark hash digest checksum fingerprint signature "
        "sha md5 secret salt csrf"
    ),
    Hint.REVISION: "rev revs revision revisions seq sequence",
    Hint.ETAG: "etag etags",
    Hint.TIME: (
        "modified created updated deleted published accessed started finished completed issued "
        "expires expiry expiration timestamp timestamps ts date datetime time at on now since "
        "mtime ctime atime iat exp nbf seen login activity"
    ),
    Hint.DURATION: "took elapsed uptime latency runtime",
    Hint.CLAIM: (
        "size sizes bytes length count counts total totals quota usage used limit max min price "
        "amount cost balance memory disk capacity free available phone isbn ean barcode code "
        "population weight height width version birthday birthdate birth born dob"
    ),
}
_HINTS = {word: hint for hint, words in _WORDS.items() for word in words.split()}
_MEASURED = frozenset(("response", "execution", "processing", "request", "query", "body"))


@lru_cache(maxsize=1024)
def hint_of(name: str) -> Hint:
    """What a name lets one expect; the last word of it decides, in any spelling."""
    words = [word.lower() for word in _WORD.findall(name)]
    if words and words[-1].isdigit():
        words.pop()
    if len(words) > 1 and words[-1] in _UNITS:
        words.pop()
    if not words:
        return Hint.NONE
    if words[-1] == "time" and len(words) > 1 and words[-2] in _MEASURED:
        return Hint.DURATION
    if words[-1] == "match" and words[0] == "if":
        return Hint.ETAG
    return _HINTS.get(words[-1], Hint.NONE)
