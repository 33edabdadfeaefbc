"""JSON Pointers (RFC 6901) into observed values.

Owns their spelling and resolution. Must not know why a value is looked up.
"""

from __future__ import annotations

import re

_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")


def unescape(token: str) -> str:
    """The member's name that a reference token stands for (RFC 6901, section 4)."""
    return token.replace("~1", "/").replace("~0", "~")


def escape(name: str) -> str:
    """A member's name as a reference token of a JSON Pointer (RFC 6901, section 3)."""
    return name.replace("~", "~0").replace("/", "~1")


def resolve(value: object, pointer: str) -> object | None:
    """The value at a pointer, None where there is nothing."""
    if pointer in ("", "/"):
        return value
    for token in pointer.removeprefix("/").split("/"):
        name = unescape(token)
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and _INDEX.fullmatch(name) and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value
