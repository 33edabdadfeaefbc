"""Status codes as they are documented: ``200``, ``200 OK``, ``4xx``, ``50X``, ``400-404``.

Owns the reading of a documented code. Must not know where it was written.
"""

from __future__ import annotations

import re
from functools import lru_cache

_CODE = re.compile(r"^[1-5][0-9xX*]{2}$")
_RANGE = re.compile(r"^([1-5]\d\d)\s*(?:-|–|\.\.)\s*([1-5]\d\d)$")


@lru_cache(maxsize=1024)
def covers(documented: str, code: str) -> bool:
    """Whether a documented status such as ``4xx`` stands for a three-digit ``code``."""
    return any(_one(part, code) for part in re.split(r"[,/|]|\bor\b", documented))


def _one(part: str, code: str) -> bool:
    text = part.strip()
    bounds = _RANGE.match(text)
    if bounds:
        return int(bounds[1]) <= int(code) <= int(bounds[2])
    word = text.split(" ", 1)[0]
    if not _CODE.match(word):
        return text.lower() in ("default", "*", "any")
    return all(a == b or a in "xX*" for a, b in zip(word, code, strict=True))


def is_status(documented: str) -> bool:
    """Whether a text can be read as a status code, a class of codes or a range."""
    return any(covers(documented, str(code)) for code in range(100, 600))
