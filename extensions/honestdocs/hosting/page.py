"""The history of a page, as values.

Owns what is known of a page and of a changeset that touched it. Must not know where it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

_ADDRESS = re.compile(r"\s*<[^>]*>\s*")
_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A changeset as a reader sees it."""

    node: str
    author: str
    at: int
    zone: int = 0
    summary: str = ""

    @property
    def short(self) -> str:
        """The first twelve digits of the id, as both tools show it."""
        return self.node[:12]

    @property
    def name(self) -> str:
        """Who made it, without an address."""
        return person(self.author)

    @property
    def day(self) -> str:
        """The day it was made on where it was made, as ``2026-11-24``."""
        return self.moment.strftime("%Y-%m-%d")

    @property
    def moment(self) -> datetime:
        """When it was made, in its author's time zone."""
        return datetime.fromtimestamp(self.at, timezone(timedelta(minutes=self.zone)))

    @property
    def stamp(self) -> str:
        """When it was made, as :rfc:`3339` writes it, in UTC."""
        return datetime.fromtimestamp(self.at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHistory:
    """What is known of a page; ``told`` are its authors as they are kept."""

    path: str
    first: Entry
    last: Entry
    changes: int
    told: str

    @property
    def people(self) -> tuple[tuple[str, int], ...]:
        """Its authors with how often each changed it, most often first."""
        pairs = (line.split(" ", 1) for line in self.told.split("\n"))
        return tuple((name, int(count)) for count, name in pairs)


def person(author: str) -> str:
    """An author's name, without an address: the part before the ``@`` where there is no name."""
    name = _ADDRESS.sub(" ", author).strip().strip('"')
    if not name:
        name = author.strip().strip("<>")
    return name.partition("@")[0] if "@" in name else name


def spell_age(seconds: float) -> str:
    """An age in months up to two years, in years above; empty below one month.

    It is coarse on purpose: a page is written again when the age on it changes.
    """
    days = int(seconds // _DAY)
    months = days // 30
    if months < 1:
        return ""
    count, unit = (months, "month") if months < 24 else (days // 365, "year")  # noqa: PLR2004
    return f"{count} {unit}{'' if count == 1 else 's'}"


def tally_people(authors: Sequence[str]) -> str:
    """Who made changes and how many, most first and then by name: a line for each."""
    counts: dict[str, int] = {}
    for author in authors:
        name = person(author)
        counts[name] = counts.get(name, 0) + 1
    pairs = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return "\n".join(f"{count} {name}" for name, count in pairs)
