"""What differs, in words.

Owns the phrases for a mismatch. Must not know a format.
"""

from __future__ import annotations

from collections.abc import Iterable

from honestdocs.contract.cause import Cause
from honestdocs.contract.outcome import Kind, Mismatch
from honestdocs.contract.volatile import list_difference

UNSENT = frozenset((Kind.PARSE, Kind.OPERATION, Kind.CREDENTIALS, Kind.UNLISTED_STATUS, Kind.DATE))
"""Kinds that are found without a server: nothing was observed of them."""

_ALONE = {
    Kind.PARSE: "does not parse",
    Kind.OPERATION: "belongs to another operation",
    Kind.CREDENTIALS: "contradicts the command beside it",
    Kind.UNLISTED_STATUS: "is not among the documented status codes",
    Kind.DATE: "is no possible date",
    Kind.MISSING_MEMBER: "is documented, and missing from the response",
    Kind.MISSING_HEADER: "is documented, and missing from the response",
    Kind.UNDOCUMENTED_MEMBER: "is in the response, and not documented",
}


def is_list(found: Mismatch | Cause) -> bool:
    """Whether two lists differ: their difference is told then, not their whole."""
    name = found.subject.removeprefix("header ")
    return found.kind is Kind.HEADER and list_difference(name, "", "") is not None


def phrase(found: Mismatch | Cause) -> str:
    """What differs, in one phrase: ``/data/id: documented 1, observed 2``.

    A phrase follows its grade, so it does not say again that a status or a header differs.
    """
    what = found.subject.removeprefix("header ") or found.kind.value
    if found.kind in _ALONE:
        return f"{what} {_ALONE[found.kind]}"
    if found.kind is Kind.HEADER:
        difference = list_difference(what, found.documented, found.observed)
        if difference is not None:
            return f"{what}: {_lists(*difference)}"
    sides = (("documented", found.documented), ("observed", found.observed))
    told = ", ".join(f"{side} {value or 'nothing'}" for side, value in sides)
    return told if found.kind is Kind.STATUS else f"{what}: {told}"


def _lists(gone: tuple[str, ...], new: tuple[str, ...]) -> str:
    """How two lists differ."""
    parts = [f"also has {', '.join(new)}"] if new else []
    parts += [f"has no {', '.join(gone)}"] if gone else []
    return ", ".join(parts) or "is spelled otherwise"


def fixes(mismatches: Iterable[Mismatch]) -> tuple[str, ...]:
    """The likely mends, each once."""
    return tuple(dict.fromkeys(mismatch.fix for mismatch in mismatches if mismatch.fix))
