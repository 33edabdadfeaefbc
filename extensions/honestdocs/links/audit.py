"""A check of all links of a tree, from what was read to the report.

Owns the joining of what reading tells with what the web answers. Must not know Sphinx, nor how a
report is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from honestdocs.contract.link import Link, LinkFinding, LinkReport, LinkState, Verdict
from honestdocs.contract.place import Place
from honestdocs.links.address import SCHEMES, scheme_of, split_fragment
from honestdocs.links.cache import Cache
from honestdocs.links.checker import Checker
from honestdocs.links.index import Entry, LinkIndex
from honestdocs.links.node import Node
from honestdocs.links.place import exact
from honestdocs.links.policy import Ignore, Policy

_OFFLINE = Verdict(state=LinkState.UNCHECKED, message="not asked: offline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is checked: ``offline`` asks nobody, ``again`` asks everybody; ``pages`` are the only
    ones whose links are asked for, None for all. ``today`` is an ISO day.
    """

    offline: bool = False
    again: bool = False
    pages: frozenset[str] | None = None
    today: str = ""


def audit(
    index: LinkIndex, policy: Policy, checker: Checker, cache: Cache, choice: Choice
) -> LinkReport:
    """The findings of all links, in the order of pages and lines; ``root`` and times are left to
    the caller.
    """
    chosen = [e for e in index.entries if choice.pages is None or e.page in choice.pages]
    targets = {} if choice.offline else _wanted(chosen, policy, choice.today)
    nodes = checker.check(targets, cache, again=choice.again) if targets else {}
    decide = _Decision(policy, nodes, choice)
    lines = lru_cache(maxsize=64)(_read)
    findings = [_finding(entry, decide(entry), index, lines) for entry in chosen]
    findings.sort(key=lambda f: (f.link.place.file, f.link.place.line or 0, f.link.target))
    return LinkReport(
        findings=tuple(findings),
        working=index.working,
        targets=len(targets),
        requests=checker.progress.requests,
        notes=tuple(_expired(policy.ignore, choice.today)),
    )


def _wanted(entries: Sequence[Entry], policy: Policy, today: str) -> dict[str, set[str]]:
    """The addresses to ask for, with the fragments to look for in each."""
    found: dict[str, set[str]] = {}
    for target in dict.fromkeys(e.raw.target for e in entries if _is_asked(e, policy, today)):
        url, fragment = split_fragment(target)
        wanted = found.setdefault(url, set())
        if policy.looks_for(url, fragment):
            wanted.add(fragment)
    return found


def _is_asked(entry: Entry, policy: Policy, today: str) -> bool:
    if entry.verdict is not None or policy.excludes(entry.page):
        return False
    return scheme_of(entry.raw.target) in SCHEMES and not policy.ignored(entry.raw.target, today)


class _Decision:
    """What is found out of each link."""

    def __init__(self, policy: Policy, nodes: dict[str, Node], choice: Choice) -> None:
        self._policy = policy
        self._nodes = nodes
        self._choice = choice
        self._known: dict[str, Verdict] = {}

    def __call__(self, entry: Entry) -> Verdict:
        target, policy = entry.raw.target, self._policy
        ignored = policy.ignored(target, self._choice.today)
        if ignored is not None or policy.excludes(entry.page):
            reason = ignored.reason if ignored else "its page is left out"
            return Verdict(state=LinkState.IGNORED, message=reason)
        if entry.verdict is not None:
            return entry.verdict
        if target not in self._known:
            self._known[target] = self._look_up(target)
        return self._known[target]

    def _look_up(self, target: str) -> Verdict:
        scheme = scheme_of(target)
        if scheme not in SCHEMES:
            said = f"{scheme} is not asked" if scheme else "has no scheme"
            return Verdict(state=LinkState.UNCHECKED, message=said)
        url, fragment = split_fragment(target)
        node = self._nodes.get(url)
        return _OFFLINE if node is None else _verdict(node, fragment)


def _verdict(node: Node, fragment: str) -> Verdict:
    """What is found out of an address and a fragment of it."""
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
        suggestion=outcome.location if outcome.permanent else "",
        cached=node.cached,
        since=outcome.broken_since if outcome.state is LinkState.BROKEN else 0.0,
    )
    if there is False:
        near = node.nearest.get(fragment, "")
        return replace(
            verdict,
            state=LinkState.BROKEN,
            message=f"the page has no anchor {fragment!r}",
            suggestion=f"{node.url}#{near}" if near else "",
            since=outcome.broken_since,
        )
    if there is None:
        said = f"a script of the page may make the anchor {fragment!r}"
        return replace(verdict, state=LinkState.UNCHECKED, message=outcome.message or said)
    return verdict


def _finding(
    entry: Entry, verdict: Verdict, index: LinkIndex, lines: Callable[[str], Sequence[str]]
) -> LinkFinding:
    raw = entry.raw
    quiet = verdict.state in (LinkState.WORKING, LinkState.IGNORED)
    place = _rough(raw.file, raw.line, index) if quiet else exact(raw, index.srcdir, lines)
    link = Link(page=entry.page, place=place, kind=raw.kind, target=raw.target, text=raw.text)
    url = f"{index.base.rstrip('/')}/{entry.page}{index.suffix}" if index.base else ""
    return LinkFinding(link=link, verdict=verdict, url=url or f"{entry.page}{index.suffix}")


def _rough(file: str, line: int, index: LinkIndex) -> Place:
    return Place(file.removeprefix(index.srcdir).lstrip("/"), line or None)


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
