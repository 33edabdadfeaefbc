"""All links of a tree as its last reading left them, in a file beside the doctrees.

Owns the file, a line of JSON for the tree and one for the links to each target: a check that
trusts it need not start Sphinx. Must not know Sphinx, nor the policy: of a configuration it keeps
what holds no secret.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeAlias, overload

from honestdocs.contract.link import EXTERNAL, LinkKind, LinkState, Verdict
from honestdocs.links.raw import Raw

NAME = "honestdocs-links.json"
VALUES = (
    "linkcheck_ignore linkcheck_exclude_documents linkcheck_allowed_redirects linkcheck_retries "
    "linkcheck_timeout linkcheck_anchors linkcheck_anchors_ignore linkcheck_anchors_ignore_for_url "
    "linkcheck_allow_unauthorized linkcheck_report_timeouts_as_broken linkcheck_workers "
    "linkcheck_rate_limit_timeout linkcheck_case_insensitive_urls tls_verify tls_cacerts "
    "user_agent honestdocs_links"
).split()
SECRET_VALUES = ("linkcheck_auth", "linkcheck_request_headers")
_VERSION = 3
_ENCODER = json.JSONEncoder(separators=(",", ":"))


class LinkIndexError(Exception):
    """The file cannot be used; the message says why and what to do."""


class Entry(NamedTuple):
    """A link as it was read, and what reading alone tells of it."""

    page: str
    raw: Raw
    verdict: Verdict


Row: TypeAlias = tuple[str, str, str, int, int]
"""Where a target is linked from: page, text, file, line of the paragraph, and which link in it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # nobody compares it
class LinkIndex:
    """All links of a tree. ``entries`` are those within it that do not just work, ``working``
    counts those that do; ``targets`` are the addresses that lead out, each with the rows of the
    links to it. ``values`` are configuration values, ``withheld`` the names of those that may hold
    secrets and are not kept; ``suffix`` ends the address of a page.
    """

    srcdir: str
    entries: tuple[Entry, ...] = ()
    targets: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    working: int = 0
    values: Mapping[str, object] = field(default_factory=dict, repr=False)
    withheld: tuple[str, ...] = ()
    suffix: str = ".html"
    base: str = ""


class Rows(Sequence[Row]):
    """The rows of one target, read when they are first looked at: mostly their number counts."""

    __slots__ = ("_length", "_rows", "_text")

    def __init__(self, length: int, text: str) -> None:
        self._length = length
        self._text = text
        self._rows: list[Row] | None = None

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        if self._rows is None:
            self._rows = [tuple(row) for row in json.loads(self._text)]
        return self._rows[at]


class Gathered(NamedTuple):
    """Links sorted by what is to be done with them, as in ``LinkIndex``."""

    entries: tuple[Entry, ...]
    targets: dict[str, list[Row]]
    working: int


def gather(found: Iterable[tuple[str, Raw, Verdict | None]]) -> Gathered:
    """The links worth a finding, those that lead out by their target, and how many just work."""
    entries: list[Entry] = []
    targets: dict[str, list[Row]] = {}
    working = 0
    for page, raw, verdict in found:
        if verdict is None:
            row = (page, raw.text, raw.file, raw.line, raw.nth)
            targets.setdefault(raw.target, []).append(row)
        elif verdict.state is LinkState.WORKING:
            working += 1
        else:
            entries.append(Entry(page=page, raw=raw._replace(xref=()), verdict=verdict))
    return Gathered(tuple(entries), targets, working)


def raw_of(target: str, row: Row) -> Raw:
    """The link of a row, as it was read."""
    _, text, file, line, nth = row
    return Raw(EXTERNAL, target, text, file, line, nth)


def save(index: LinkIndex, folder: Path) -> None:
    """Write the file, whole or not at all."""
    data = {
        "version": _VERSION,
        "srcdir": index.srcdir,
        "working": index.working,
        "values": {key: index.values[key] for key in VALUES if key in index.values},
        "withheld": [key for key in SECRET_VALUES if index.values.get(key)],
        "suffix": index.suffix,
        "base": index.base,
        "links": [[e.page, *e.raw[:7], _pack(e.verdict)] for e in index.entries],
        "targets": list(index.targets),
        "lengths": [len(rows) for rows in index.targets.values()],
    }
    lines = [
        _ENCODER.encode(data),
        *(_ENCODER.encode(list(rows)) for rows in index.targets.values()),
    ]
    fresh = folder / f"{NAME}.new"
    fresh.write_text("\n".join(lines), "utf-8")
    fresh.replace(folder / NAME)


def is_kept(folder: Path) -> bool:
    """Whether there is a file that ``load`` understands."""
    begins = f'{{"version":{_VERSION},'
    try:
        with (folder / NAME).open(encoding="utf-8") as file:
            return file.read(len(begins)) == begins
    except (OSError, UnicodeDecodeError):
        return False


def load(file: Path) -> LinkIndex:
    """The links that a reading left. Raises LinkIndexError."""
    try:
        first, *lines = file.read_text("utf-8").split("\n")
        data = json.loads(first)
        if data["version"] != _VERSION:
            raise LinkIndexError(f"{file} was written by another version; build the tree again")
        return LinkIndex(
            srcdir=data["srcdir"],
            working=data["working"],
            values=data["values"],
            withheld=tuple(data["withheld"]),
            suffix=data["suffix"],
            base=data["base"],
            targets=dict(zip(data["targets"], map(Rows, data["lengths"], lines), strict=True)),
            entries=tuple(
                Entry(page=page, raw=Raw(LinkKind(kind), *rest), verdict=_unpack(verdict))
                for page, kind, *rest, verdict in data["links"]
            ),
        )
    except FileNotFoundError:
        raise LinkIndexError(f"{file}: there is none; build the tree first") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LinkIndexError(f"{file} cannot be read ({error}); build the tree again") from error


def _pack(verdict: Verdict) -> list[str]:
    return [verdict.state, verdict.message, verdict.suggestion]


def _unpack(found: list[str]) -> Verdict:
    return Verdict(state=LinkState(found[0]), message=found[1], suggestion=found[2])
