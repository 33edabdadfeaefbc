"""JSON Pointers (RFC 6901) into observed values.

Owns their resolution. Must not know why a value is looked up.
"""

from __future__ import annotations

import re

_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")


def resolve(value: object, pointer: str) -> object | None:
    """The value at a pointer, None where there is nothing."""
    if pointer in ("", "/"):
        return value
    for token in pointer.removeprefix("/").split("/"):
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and _INDEX.fullmatch(name) and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value
