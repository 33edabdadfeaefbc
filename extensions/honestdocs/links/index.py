"""All links of a tree as its last reading left them, in a file beside the doctrees.

Owns the file: a check that trusts it need not start Sphinx. Must not know Sphinx, nor the policy:
of a configuration it keeps what holds no secret.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from honestdocs.contract.link import LinkKind, LinkState, Verdict
from honestdocs.links.raw import Raw

NAME = "honestdocs-links.json"
VALUES = (
    "linkcheck_ignore linkcheck_exclude_documents linkcheck_allowed_redirects linkcheck_retries "
    "linkcheck_timeout linkcheck_anchors linkcheck_anchors_ignore linkcheck_anchors_ignore_for_url "
    "linkcheck_allow_unauthorized linkcheck_report_timeouts_as_broken user_agent honestdocs_links"
).split()
SECRET_VALUES = ("linkcheck_auth", "linkcheck_request_headers")
_VERSION = 1


class LinkIndexError(Exception):
    """The file cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A link as it was read, and what reading alone tells of it, None for one that leads out."""

    page: str
    raw: Raw
    verdict: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkIndex:
    """All links of a tree. ``working`` counts those within it that lead somewhere; they are left
    out. ``values`` are configuration values; ``suffix`` ends the address of a page.
    """

    srcdir: str
    entries: tuple[Entry, ...] = ()
    working: int = 0
    values: Mapping[str, object] = field(default_factory=dict, repr=False)
    suffix: str = ".html"
    base: str = ""


def gather(found: Iterable[tuple[str, Raw, Verdict | None]]) -> tuple[tuple[Entry, ...], int]:
    """The links worth a finding, and how many within the tree just work."""
    entries: list[Entry] = []
    working = 0
    for page, raw, verdict in found:
        if verdict is not None and verdict.state is LinkState.WORKING:
            working += 1
        else:
            entries.append(Entry(page=page, raw=raw._replace(xref=()), verdict=verdict))
    return tuple(entries), working


def save(index: LinkIndex, folder: Path) -> None:
    """Write the file, whole or not at all."""
    rows = [[entry.page, *entry.raw[:7], _pack(entry.verdict)] for entry in index.entries]
    data = {
        "version": _VERSION,
        "srcdir": index.srcdir,
        "working": index.working,
        "values": {key: index.values[key] for key in VALUES if key in index.values},
        "suffix": index.suffix,
        "base": index.base,
        "links": rows,
    }
    fresh = folder / f"{NAME}.new"
    fresh.write_text(json.dumps(data, separators=(",", ":")), "utf-8")
    fresh.replace(folder / NAME)


def load(file: Path) -> LinkIndex:
    """The links that a reading left. Raises LinkIndexError."""
    try:
        data = json.loads(file.read_text("utf-8"))
        if data["version"] != _VERSION:
            raise LinkIndexError(f"{file} was written by another version; build the tree again")
        return LinkIndex(
            srcdir=data["srcdir"],
            working=data["working"],
            values=data["values"],
            suffix=data["suffix"],
            base=data["base"],
            entries=tuple(
                Entry(page=page, raw=Raw(LinkKind(kind), *rest), verdict=_unpack(verdict))
                for page, kind, *rest, verdict in data["links"]
            ),
        )
    except FileNotFoundError:
        raise LinkIndexError(f"{file}: there is none; build the tree first") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LinkIndexError(f"{file} cannot be read ({error}); build the tree again") from error


def _pack(verdict: Verdict | None) -> list[str] | None:
    return None if verdict is None else [verdict.state, verdict.message, verdict.suggestion]


def _unpack(found: list[str] | None) -> Verdict | None:
    if found is None:
        return None
    return Verdict(state=LinkState(found[0]), message=found[1], suggestion=found[2])
