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
    read, written = _paths(pages)
    for path, writers in written.items():
        for other in writers[1:]:
            _join(parents, writers[0], other)
        for above in _ancestors(path):
            for other in (*written.get(above, ()), *read.get(above, ())):
                _join(parents, writers[0], other)
    nearest = _Nearest(written)
    for path, readers in read.items():
        writer = nearest.find(path)
        if writer is not None:
            for reader in readers:
                _join(parents, reader, writer)
    groups: dict[str, list[str]] = {}
    for name, _ in pages:
        groups.setdefault(_root(parents, name), []).append(name)
    return tuple(tuple(group) for group in groups.values())


def _paths(
    pages: Sequence[tuple[str, Sequence[Request]]],
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Which pages read each path, and which change it."""
    read: dict[str, list[str]] = {}
    written: dict[str, list[str]] = {}
    for name, requests in pages:
        for request in requests:
            found = read if request.method in _SAFE else written
            users = found.setdefault(path_of(request.target).rstrip("/"), [])
            if not users or users[-1] != name:
                users.append(name)
    return read, written


def _ancestors(path: str) -> Iterable[str]:
    """The path itself and all above it, but for the root, which says nothing of the rest."""
    while path:
        yield path
        path = path.rpartition("/")[0]


class _Nearest:
    """Finds the page that changes a path, or else the nearest one above it. Who changes what is
    farther above shares its lane already.
    """

    def __init__(self, written: dict[str, list[str]]) -> None:
        self._known: dict[str, str | None] = {
            path: writers[0] for path, writers in written.items() if path
        }

    def find(self, path: str) -> str | None:
        """The page, None where nobody changes anything there."""
        passed: list[str] = []
        for above in _ancestors(path):
            if above in self._known:
                break
            passed.append(above)
        else:
            above = ""
        found = self._known.get(above)
        self._known.update(dict.fromkeys(passed, found))
        return found


def _root(parents: dict[str, str], name: str) -> str:
    while parents[name] != name:
        parents[name] = parents[parents[name]]
        name = parents[name]
    return name


def _join(parents: dict[str, str], one: str, other: str) -> None:
    parents[_root(parents, other)] = _root(parents, one)
