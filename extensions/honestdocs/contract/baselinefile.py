"""The baseline as a TOML file that people read, edit, merge and review.

Owns its notation: sorted, one value a line, so that a difference shows just what was accepted
or mended. Must not open files.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from honestdocs.contract.baseline import Acceptance, Baseline
from honestdocs.contract.errors import ContractError

NAME = "honestdocs-baseline.toml"
"""What the file is called where nobody says otherwise."""

FORMAT = 1

_HEAD = """\
# Findings that are accepted for now. `honestdocs check` fails on all others, and on these again
# when they have expired; `honestdocs baseline --prune` removes those that are mended.
"""
_TEXTS = ("file", "check", "rule", "example", "message", "owner", "reason", "fingerprint")
_NEEDED = ("file", "check", "rule", "owner", "fingerprint")
_MARK = re.compile(r"[0-9a-f]{16}")
_LONGEST = 300


class BaselineError(ContractError):
    """A baseline file that cannot be understood; the message names file, entry and value."""


def render_baseline(baseline: Baseline) -> str:
    """The file as text, with a line break at its end; equal for equal baselines."""
    parts = [_HEAD, f"format = {FORMAT}\n"]
    parts += ["\n[[accepted]]\n" + "".join(_lines(one)) for one in baseline.acceptances]
    return "".join(parts)


def _lines(one: Acceptance) -> Iterator[str]:
    texts = {name: str(getattr(one, name)) for name in _TEXTS}
    for name in ("file", "check", "rule", "example", "message"):
        if texts[name]:
            yield f"{name} = {_quote(_cut(texts[name]) if name == 'message' else texts[name])}\n"
    if one.count > 1:
        yield f"count = {one.count}\n"
    yield f"owner = {_quote(one.owner)}\n"
    yield f"expires = {one.expires.isoformat()}\n"
    if one.reason:
        yield f"reason = {_quote(one.reason)}\n"
    yield f"fingerprint = {_quote(one.fingerprint)}\n"


def _quote(text: str) -> str:
    """A basic string of TOML 1.0: JSON's, but for DEL, which TOML wants escaped, and for
    surrogates, which it cannot hold.
    """
    text = re.sub("[\ud800-\udfff]", "\ufffd", text)
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def parse_baseline(text: str, name: str) -> Baseline:
    """The baseline that a file called ``name`` holds. Raises BaselineError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BaselineError(f"{name}: is no TOML: {error}") from None
    unknown = set(data) - {"format", "accepted"}
    if unknown:
        raise BaselineError(f"{name}: unknown {min(unknown)!r}; known are format and [[accepted]]")
    if data.get("format") != FORMAT:
        raise BaselineError(f"{name}: format is {data.get('format')!r}; {FORMAT} is understood")
    entries = data.get("accepted", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BaselineError(f"{name}: accepted is no list of tables; write [[accepted]]")
    found = [_parse(entry, f"{name}: entry {at}") for at, entry in enumerate(entries, 1)]
    marks = [one.fingerprint for one in found]
    twice = next((mark for mark in marks if marks.count(mark) > 1), None)
    if twice:
        raise BaselineError(f"{name}: fingerprint {twice!r} stands twice; keep one, with a count")
    return Baseline(tuple(found))


def _parse(entry: Mapping[str, object], where: str) -> Acceptance:
    for name, value in entry.items():
        if name not in {*_TEXTS, "count", "expires"}:
            raise BaselineError(f"{where}: unknown key {name!r}")
        if name in _TEXTS and not isinstance(value, str):
            raise BaselineError(f"{where}: {name} is {value!r}, no text")
    missing = [name for name in (*_NEEDED, "expires") if not entry.get(name)]
    if missing:
        raise BaselineError(f"{where}: has no {missing[0]}")
    texts = {name: str(entry.get(name, "")) for name in _TEXTS}
    if not _MARK.fullmatch(texts["fingerprint"]):
        said = texts["fingerprint"]
        raise BaselineError(f"{where}: fingerprint {said!r} is not 16 hexadecimal digits")
    return Acceptance(
        **texts, expires=_day(entry["expires"], where), count=_count(entry.get("count", 1), where)
    )


def _day(value: object, where: str) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise BaselineError(f"{where}: expires is {value!r}; write a day, as in 2027-01-31")
    return value


def _count(value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise BaselineError(f"{where}: count is {value!r}; write a number above 0")
    return value
