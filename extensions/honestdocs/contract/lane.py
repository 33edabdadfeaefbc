"""Lanes: pages that touch the same resources run one after another, the others side by side.

Owns the question which pages may disturb each other. Must not know how pages are run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from honestdocs.contract.example import Request
from honestdocs.contract.path import path_of

_SAFE = frozenset(("GET", "HEAD", "OPTIONS", "TRACE"))
"""Safe methods (RFC 9110, section 9.2.1): they change nothing."""


def lanes(pages: Sequence[tuple[str, Sequence[Request]]]) -> tuple[tuple[str, ...], ...]:
    """Names of pages grouped into lanes, each in the order given.

    Two pages share a lane when one changes a resource that the other changes or reads: the
    same path, or one above or below it.
    """
    parents = {name: name for name, _ in pages}
    written = _paths(pages, safe=False)
    read = _paths(pages, safe=True)
    for path, writers in written.items():
        for other in writers[1:]:
            _join(parents, writers[0], other)
        for above in _ancestors(path):
            for other in (*written.get(above, ()), *read.get(above, ())):
                _join(parents, writers[0], other)
    for path, readers in read.items():
        for above in _ancestors(path):
            for other in written.get(above, ()):
                for reader in readers:
                    _join(parents, reader, other)
    groups: dict[str, list[str]] = {}
    for name, _ in pages:
        groups.setdefault(_root(parents, name), []).append(name)
    return tuple(tuple(group) for group in groups.values())


def _paths(pages: Sequence[tuple[str, Sequence[Request]]], *, safe: bool) -> dict[str, list[str]]:
    """Which pages read (or change) each path."""
    found: dict[str, list[str]] = {}
    for name, requests in pages:
        for request in requests:
            if (request.method in _SAFE) is safe:
                users = found.setdefault(path_of(request.target).rstrip("/"), [])
                if not users or users[-1] != name:
                    users.append(name)
    return found


def _ancestors(path: str) -> Iterable[str]:
    """The path itself and all above it, but for the root, which says nothing of the rest."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def _root(parents: dict[str, str], name: str) -> str:
    while parents[name] != name:
        parents[name] = parents[parents[name]]
        name = parents[name]
    return name


def _join(parents: dict[str, str], one: str, other: str) -> None:
    parents[_root(parents, other)] = _root(parents, one)
