"""Flaws that were there before: what is wrong already does not hold up who mends another place.

Owns telling new flaws from known ones. Must not know how flaws come about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from honestdocs.contract.flaw import Flaw
from honestdocs.hosting import durable

_OBSERVED = re.compile(r", observed .*", re.DOTALL)
"""What a server answered may be another value each time."""

Known = Mapping[str, Counter[str]]


def read_known(path: Path) -> Known:
    """The flaws that a build left behind, by file."""
    found = durable.read_json(path)
    if not isinstance(found, dict):
        return {}
    return {file: Counter(messages) for file, messages in found.items()}


def write_known(path: Path, known: Known) -> None:
    """Keeps them for the next build."""
    durable.write_json(path, {file: dict(found) for file, found in known.items() if found})


def new_flaws(flaws: Iterable[Flaw], known: Known) -> tuple[Flaw, ...]:
    """The flaws that are not known, each as often as it is there more often than before."""
    left = {file: Counter(messages) for file, messages in known.items()}
    new: list[Flaw] = []
    for flaw in flaws:
        spare = left.get(flaw.path)
        key = _key(flaw)
        if spare is not None and spare[key] > 0:
            spare[key] -= 1
        else:
            new.append(flaw)
    return tuple(new)


def merge_known(known: Known, flaws: Iterable[Flaw], read: Iterable[str]) -> Known:
    """What is known after a build that read the files ``read`` again and found ``flaws``."""
    now: dict[str, Counter[str]] = {}
    for flaw in flaws:
        now.setdefault(flaw.path, Counter())[_key(flaw)] += 1
    again = set(read)
    kept = {file: found for file, found in known.items() if file not in again}
    return {
        file: now.get(file, Counter()) | kept.get(file, Counter()) for file in sorted({*now, *kept})
    }


def _key(flaw: Flaw) -> str:
    return f"{flaw.kind}: {_OBSERVED.sub('', flaw.message)}"
