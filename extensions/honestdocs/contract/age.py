"""Ages as people write them: ``90s``, ``30m``, ``12h``, ``7d``.

Owns that spelling. Must not know what is old.
"""

from __future__ import annotations

import re

from honestdocs.contract.errors import ContractError

_AGE = re.compile(r"^(\d+(?:\.\d+)?)([smhdw]?)$", re.ASCII)
_SECONDS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}


class AgeError(ContractError):
    """A text that is no age; the message names it."""


def parse_age(text: str) -> float:
    """The seconds that a text such as ``12h`` says; a bare number counts seconds.

    Raises AgeError.
    """
    found = _AGE.match(text)
    if found is None:
        raise AgeError(f"{text!r} is no age; write it as in 90s, 30m, 12h or 7d")
    return float(found[1]) * _SECONDS[found[2]]
