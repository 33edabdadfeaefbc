"""What a push may change, and who may change it.

Owns the rules that need no build. Must not know where a push comes from.
"""

from __future__ import annotations

from collections.abc import Iterator

from honestdocs.hosting.incoming import Push
from honestdocs.hosting.pattern import matches
from honestdocs.hosting.settings import Settings

_ALLOWED = frozenset((".hgignore", ".hgtags"))
_SHORT = 12


def refusals(push: Push, settings: Settings) -> tuple[str, ...]:
    """A line for each file that the push may not change, each file once."""
    found: dict[str, str] = {}
    person = push.editor or push.user
    for arrival in push.arrivals:
        for path in arrival.files:
            reason = why_not(path, person, settings)
            if reason:
                found.setdefault(path, f"{path}: {reason} ({arrival.node[:_SHORT]})")
    return (*found.values(), *_heads(push, settings))


def why_not(path: str, person: str, settings: Settings) -> str:
    """Why somebody may not change a file; empty where they may."""
    name = path.rpartition("/")[2]
    if name in (".hgsub", ".hgsubstate", ".gitmodules"):
        return "subrepositories are not accepted: the server would fetch what they name"
    if path.startswith(".hg") and path not in _ALLOWED:
        return "of Mercurial's own files only .hgignore and .hgtags are accepted"
    if settings.protected_policy == "refuse" and matches(path, settings.protected):
        return "runs on the server, which uses its own; ask its administrator to change it"
    for pattern, users in settings.write.items():
        if matches(path, (pattern,)) and person not in users:
            return f"only {', '.join(users) or 'nobody'} may change {pattern}"
    return ""


def _heads(push: Push, settings: Settings) -> Iterator[str]:
    branches: dict[str, list[str]] = {}
    for head in push.heads:
        if head.closes and head.descends and head.branch == settings.branch:
            yield f"{head.node[:_SHORT]} closes {head.branch}, of which the site is made"
        elif not head.closes:
            if not head.replaces:
                yield (
                    f"{head.node[:_SHORT]} would be another head of {head.branch}: "
                    "merge or rebase it, then push again"
                )
            if head.descends:
                branches.setdefault(head.branch, []).append(head.node[:_SHORT])
    for branch, nodes in branches.items():
        if len(nodes) > 1:
            yield f"{branch} would have {len(nodes)} heads ({', '.join(nodes)}): merge them first"
