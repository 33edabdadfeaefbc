"""A check of all links of a tree, from what was read to the report.

Owns the joining of what reading tells with what the web answers. Must not know Sphinx, nor how a
report is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from honestdocs.contract.link import WORKING, Link, LinkFinding, LinkReport, LinkState, Verdict
from honestdocs.contract.place import Place
from honestdocs.links.address import SCHEMES, scheme_of, split_fragment
from honestdocs.links.cache import Cache
from honestdocs.links.index import Entry, LinkIndex, Row, raw_of
from honestdocs.links.node import Node
from honestdocs.links.place import exact
from honestdocs.links.policy import Ignore, Policy
from honestdocs.links.raw import Raw
from honestdocs.links.surroundings import Asker

if TYPE_CHECKING:
    from honestdocs.contract.shard import Shard

_Split: TypeAlias = tuple[str, str]
_WORKING = Verdict(state=LinkState.WORKING)
_LEFT_OUT = Verdict(state=LinkState.IGNORED, message="its page is left out")
_OFFLINE = Verdict(state=LinkState.UNCHECKED, message="not asked: offline")


class Choice(NamedTuple):
    """What is checked: ``offline`` asks nobody, ``again`` asks everybody; ``pages`` are the only
    ones whose links are asked for, beside those that stand in one of the ``files``, None for all,
    and ``shard`` the part of the links that is checked. ``now`` is in seconds since the epoch,
    ``today`` an ISO day. ``everything`` has findings of addresses that just work, too; else they
    are only counted.
    """

    offline: bool = False
    again: bool = False
    pages: frozenset[str] | None = None
    files: frozenset[str] = frozenset()
    shard: Shard | None = None
    now: float = 0.0
    today: str = ""
    everything: bool = True

    def takes(self, page: str, file: str) -> bool:
        """Whether a link of a page is checked that stands in a file."""
        return self.pages is None or page in self.pages or file in self.files


def audit(
    index: LinkIndex, policy: Policy, checker: Asker, cache: Cache, choice: Choice
) -> LinkReport:
    """The findings of all links, in the order of pages and lines; ``root`` and times are left to
    the caller.
    """
    since = cache.sighted(_broken_within(index), choice.now)
    if choice.shard is not None:
        from honestdocs.links.parting import part_of  # noqa: PLC0415 - shards are rare

        index = part_of(index, choice.shard)
    targets = _chosen(index.targets, choice)
    asked = {} if choice.offline else _asked(targets, policy, choice.today)
    wanted = _wanted(asked, policy)
    nodes = checker.check(wanted, cache, again=choice.again) if wanted else {}
    decide = _Decision(policy, nodes, asked, choice)
    find = _Finder(index)
    working = index.working
    for target, rows in targets.items():
        verdict = decide(target)
        if verdict is _WORKING:
            left = [row for row in rows if policy.excludes(row[0])] if policy.excluded else []
            working += len(rows) - len(left)
            rows = left  # noqa: PLW2901 - the rest is told by its number
        for row in rows:
            find(row[0], raw_of(target, row), _LEFT_OUT if policy.excludes(row[0]) else verdict)
    for entry in index.entries:
        if choice.takes(entry.page, entry.raw.file):
            verdict = decide.inside(entry)
            if verdict.state is LinkState.BROKEN:
                verdict = verdict._replace(since=since.get(_key(entry), 0.0))
            find(entry.page, entry.raw, verdict)
    return LinkReport(
        findings=find.sorted(),
        working=working,
        targets=len(wanted),
        requests=checker.progress.requests,
        notes=(*_expired(policy.ignore, choice.today), *_partial(choice.shard, len(targets))),
    )


def _broken_within(index: LinkIndex) -> list[str]:
    """The keys of links within the tree that lead nowhere."""
    return [_key(each) for each in index.entries if each.verdict.state is LinkState.BROKEN]


def _key(entry: Entry) -> str:
    """By what a link is known again when lines have moved."""
    return f"{entry.page} {entry.raw.kind.value} {entry.raw.target}"


def _partial(shard: Shard | None, targets: int) -> list[str]:
    if shard is None:
        return []
    return [f"this is shard {shard.index} of {shard.count}: {targets} addresses out of the tree"]


def _chosen(targets: Mapping[str, Sequence[Row]], choice: Choice) -> Mapping[str, Sequence[Row]]:
    """The targets with their links that are to be checked."""
    if choice.pages is None:
        return targets
    found = {
        target: [row for row in rows if choice.takes(row[0], row[2])]
        for target, rows in targets.items()
    }
    return {target: rows for target, rows in found.items() if rows}


def _asked(targets: Mapping[str, Sequence[Row]], policy: Policy, today: str) -> dict[str, _Split]:
    """The targets to ask for, with their address and fragment."""
    ignores = bool(policy.ignore)
    return {
        target: split_fragment(target)
        for target, rows in targets.items()
        if scheme_of(target) in SCHEMES
        and not (ignores and policy.ignored(target, today))
        and not (policy.excluded and all(policy.excludes(row[0]) for row in rows))
    }


def _wanted(asked: Mapping[str, _Split], policy: Policy) -> dict[str, set[str]]:
    """The addresses to ask for, with the fragments to look for in each."""
    found: dict[str, set[str]] = {}
    for target, (url, fragment) in asked.items():
        wanted = found.setdefault(url, set())
        if fragment and policy.looks_for(target):
            wanted.add(fragment)
    return found


class _Decision:
    """What is found out of each target."""

    def __init__(
        self, policy: Policy, nodes: Mapping[str, Node], asked: Mapping[str, _Split], choice: Choice
    ) -> None:
        self._policy = policy
        self._nodes = nodes
        self._asked = asked
        self._choice = choice
        self._today = choice.today

    def __call__(self, target: str) -> Verdict:
        split = self._asked.get(target)
        node = self._nodes.get(split[0]) if split else None
        if split and node:
            brief = not self._choice.everything and _just_works(node, split[1])
            return _WORKING if brief else _verdict(node, split[1], target)
        ignored = self._policy.ignored(target, self._today)
        if ignored is not None:
            return Verdict(state=LinkState.IGNORED, message=ignored.reason)
        scheme = scheme_of(target)
        if scheme in SCHEMES:
            return _OFFLINE
        said = f"{scheme} is not asked" if scheme else "has no scheme"
        return Verdict(state=LinkState.UNCHECKED, message=said)

    def inside(self, entry: Entry) -> Verdict:
        """What is told of a link within the tree, unless it is to be left alone."""
        ignored = self._policy.ignored(entry.raw.target, self._today)
        if ignored is not None:
            return Verdict(state=LinkState.IGNORED, message=ignored.reason)
        return _LEFT_OUT if self._policy.excludes(entry.page) else entry.verdict


class _Finder:
    """Makes findings, each at its exact line where somebody will look for it."""

    def __init__(self, index: LinkIndex) -> None:
        self._index = index
        self._lines = lru_cache(maxsize=64)(_read)
        self._findings: list[LinkFinding] = []

    def __call__(self, page: str, raw: Raw, verdict: Verdict) -> None:
        index = self._index
        quiet = verdict.state in (LinkState.WORKING, LinkState.IGNORED)
        place = _rough(raw, index.srcdir) if quiet else exact(raw, index.srcdir, self._lines)
        link = Link(page=page, place=place, kind=raw.kind, target=raw.target, text=raw.text)
        name = f"{page}{index.suffix}"
        url = f"{index.base.rstrip('/')}/{name}" if index.base else name
        self._findings.append(LinkFinding(link=link, verdict=verdict, url=url))

    def sorted(self) -> tuple[LinkFinding, ...]:
        """All findings, in the order of files and lines."""
        return tuple(sorted(self._findings, key=_order))


def _order(found: LinkFinding) -> tuple[str, int, str]:
    place = found.link.place
    return place.file, place.line or 0, found.link.target


def _rough(raw: Raw, srcdir: str) -> Place:
    return Place(raw.file.removeprefix(srcdir).lstrip("/"), raw.line or None)


def _just_works(node: Node, fragment: str) -> bool:
    outcome = node.outcome
    if outcome is None or outcome.state is not WORKING or outcome.message:
        return False
    return not fragment or outcome.anchors.get(fragment, True) is True


def _verdict(node: Node, fragment: str, target: str) -> Verdict:
    """What is found out of an address and a fragment of it, both as a target has them."""
    outcome = node.outcome
    if outcome is None:
        return Verdict(state=LinkState.UNCHECKED, message="not asked: the check was ended")
    there = outcome.anchors.get(fragment, True) if fragment else True
    verdict = Verdict(
        state=outcome.state,
        message=outcome.message,
        status=outcome.status,
        location=outcome.location,
        permanent=outcome.permanent,
        suggestion=_moved_to(outcome.location, target) if outcome.permanent else "",
        cached=node.cached,
        since=outcome.broken_since if outcome.state is LinkState.BROKEN else 0.0,
    )
    if there is False:
        near = node.nearest.get(fragment, "")
        return verdict._replace(
            state=LinkState.BROKEN,
            message=f"the page has no anchor {fragment!r}",
            suggestion=f"{node.url}#{near}" if near else "",
            since=outcome.broken_since,
        )
    if there is None:
        said = f"a script of the page may make the anchor {fragment!r}"
        return verdict._replace(state=LinkState.UNCHECKED, message=outcome.message or said)
    return verdict


def _moved_to(location: str, target: str) -> str:
    """The new address with the fragment of the old one, unless it comes with its own (RFC 9110,
    section 10.2.2).
    """
    _, mark, fragment = target.partition("#")
    return location if "#" in location else f"{location}{mark}{fragment}"


def _expired(ignores: Sequence[Ignore], today: str) -> list[str]:
    return [
        f"the reason to leave {one.pattern.pattern!r} alone ({one.reason}) ended on {one.until}"
        for one in ignores
        if one.expired(today)
    ]


def _read(file: str) -> Sequence[str]:
    try:
        return tuple(Path(file).read_text("utf-8", errors="replace").split("\n"))
    except (OSError, ValueError):
        return ()
