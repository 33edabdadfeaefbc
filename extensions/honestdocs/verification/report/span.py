"""Where a documented value stands in its line, and what the line would be if it told the truth.

Owns that search. Must not know how a line is shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from honestdocs.contract.outcome import Kind, Mismatch
from honestdocs.verification.report.phrase import UNSENT

_LABELS = {
    Kind.PARSE: "does not parse",
    Kind.OPERATION: "another operation",
    Kind.CREDENTIALS: "contradicts the command",
    Kind.UNLISTED_STATUS: "not listed",
    Kind.DATE: "no such date",
    Kind.MISSING_MEMBER: "not in the response",
    Kind.MISSING_HEADER: "not in the response",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What to point at in a line, from ``start`` to ``end``, both 0 to point at nothing;
    ``label`` says why. ``truth`` is the line as observed, empty where nothing can be shown.
    """

    start: int
    end: int
    label: str = "documented"
    truth: str = ""


def find_span(line: str, mismatch: Mismatch, below: str = "") -> Span:
    """What to point at in the line that holds the documented value of a mismatch; ``below`` is
    the next line, whose indentation tells how members are written.
    """
    if mismatch.kind is Kind.UNDOCUMENTED_MEMBER:
        return Span(start=0, end=0, label="not documented", truth=_added(line, mismatch, below))
    found = _place(line, mismatch)
    if mismatch.kind is Kind.MISSING_MEMBER:
        key = _key_span(line, _last_token(mismatch.subject))
        found = replace(found, start=min(found.start, key[0]) if key else found.start)
    if mismatch.kind is Kind.MISSING_HEADER:
        found = replace(found, start=len(_indent(line)))
    if mismatch.kind in UNSENT or mismatch.kind in _LABELS:
        return replace(found, label=_label(mismatch), truth="")
    if mismatch.kind is Kind.LENGTH:
        sides = f"documented {mismatch.documented}, observed {mismatch.observed}"
        return replace(found, label=sides, truth="")
    if not mismatch.observed:
        return replace(found, label="nothing was observed", truth="")
    return found


def _label(mismatch: Mismatch) -> str:
    label = _LABELS[mismatch.kind]
    if mismatch.kind is Kind.PARSE:  # its mend says more: "this JSON does not parse: ..."
        return mismatch.fix.partition(f"{label}: ")[2] or label
    if mismatch.subject == "operation":  # not an example's, but the operation itself
        return mismatch.observed or label
    return label


def _place(line: str, mismatch: Mismatch) -> Span:
    """The span of the value, of its name, or of the whole line, whichever is there."""
    header = mismatch.subject.startswith("header ")
    if header:
        start = _after_name(line, mismatch.subject.removeprefix("header "))
    elif mismatch.subject.startswith("/"):
        start = _after_key(line, _last_token(mismatch.subject))
    else:
        start = None
    value = _value(line, mismatch.documented, start or 0)
    if value is None and header and start is not None:
        value = start, len(line.rstrip())
    if value is not None:
        rest = "" if mismatch.kind is Kind.STATUS else line[value[1] :]
        truth = line[: value[0]] + mismatch.observed + rest
        return Span(start=value[0], end=value[1], truth=truth.rstrip())
    key = _key_span(line, _last_token(mismatch.subject)) if start is not None else None
    if key is not None:
        truth = line[:start] + mismatch.observed
        return Span(start=key[0], end=key[1], truth=truth)
    indent = len(line) - len(line.lstrip())
    return Span(start=indent, end=len(line.rstrip()), truth=line[:indent] + mismatch.observed)


def _value(line: str, documented: str, start: int) -> tuple[int, int] | None:
    """Where a documented text stands by itself: ``20`` is not part of ``200``."""
    if not documented:
        return None
    before = r"(?<![\w.])" if documented[0].isalnum() else ""
    after = r"(?![\w])" if documented[-1].isalnum() else ""
    found = re.compile(before + re.escape(documented) + after).search(line, start)
    return found.span() if found else None


def _after_name(line: str, name: str) -> int | None:
    found = re.search(rf"(?i)(?:^|[\s'\"]){re.escape(name)}\s*:\s*", line)
    return found.end() if found else None


def _after_key(line: str, name: str) -> int | None:
    found = re.search(rf"{_quoted(name)}\s*:\s*", line)
    return found.end() if found else None


def _key_span(line: str, name: str) -> tuple[int, int] | None:
    found = re.search(rf"{_quoted(name)}(?=\s*:)", line)
    return found.span() if found else None


def _quoted(name: str) -> str:
    return f"[\"']{re.escape(name)}[\"']"


def _last_token(pointer: str) -> str:
    return pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")


def _added(line: str, mismatch: Mismatch, below: str) -> str:
    """An undocumented member as it would be written below the line that opens its object."""
    indent = _indent(line)
    if line.rstrip().endswith(("{", "[")):
        indent = max(indent + "  ", _indent(below), key=len)
    name = _last_token(mismatch.subject)
    if name.isdigit():
        return indent + mismatch.observed
    return f'{indent}"{name}": {mismatch.observed}'


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
