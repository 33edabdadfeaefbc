"""References that break in pages which nobody touched.

Owns what each page points at, and finding the pages that point at something that has changed: a
builder that reads only changed pages would neither tell a reference that broke nor renew its
text. Must not know why a tree is built.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, cast

from sphinx import addnodes

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_POINTERS = "honestdocs_pointers"
"""Where the environment keeps what each page points at."""


class Pointers:
    """Watches one application; what it keeps is in the environment."""

    def __init__(self) -> None:
        self._before: dict[str, set[str]] = {}

    def connect(self, app: Sphinx) -> None:
        """Listens to everything that is needed."""
        app.connect("env-get-outdated", self._begin)
        app.connect("doctree-read", _note)
        app.connect("env-purge-doc", _purge)
        app.connect("env-merge-info", _merge)
        app.connect("env-updated", self._find)

    def _begin(
        self,
        _app: Sphinx,
        env: BuildEnvironment,
        added: set[str],
        _changed: set[str],
        removed: set[str],
    ) -> list[str]:
        """Remembers what there is; returns the pages whose tables of contents name pages that
        come or go.
        """
        self._before = _targets(env)
        moved = added | removed
        tables = env.toctree_includes.items()
        naming = [page for page, named in tables if moved.intersection(named)]
        return [page for page in naming if page in env.found_docs]

    def _find(self, _app: Sphinx, env: BuildEnvironment) -> list[str]:
        """The pages that point at what has changed."""
        now = _targets(env)
        before = self._before
        changed = {
            name for name in {*before, *now} if before.get(name, set()) != now.get(name, set())
        }
        if not changed or not before:
            return []
        pages = _kept(env).items()
        return sorted(page for page, names in pages if changed & names and page in env.found_docs)


def _kept(env: BuildEnvironment) -> dict[str, frozenset[str]]:
    if not hasattr(env, _POINTERS):
        setattr(env, _POINTERS, {})
    return cast("dict[str, frozenset[str]]", getattr(env, _POINTERS))


def _note(app: Sphinx, doctree: nodes.document) -> None:
    page = app.env.docname
    found = (_names(page, node) for node in doctree.findall(addnodes.pending_xref))
    _kept(app.env)[page] = frozenset(name for names in found for name in names)


def _purge(_app: Sphinx, env: BuildEnvironment, page: str) -> None:
    _kept(env).pop(page, None)


def _merge(
    _app: Sphinx, env: BuildEnvironment, pages: Iterable[str], other: BuildEnvironment
) -> None:
    theirs = _kept(other)
    _kept(env).update({page: theirs[page] for page in pages if page in theirs})


def _names(page: str, node: addnodes.pending_xref) -> Iterable[str]:
    """The names that the target of a reference may have."""
    target = str(node.get("reftarget", ""))
    if node.get("reftype") == "doc":
        folder = "" if target.startswith("/") else posixpath.dirname(page)
        yield posixpath.normpath(posixpath.join(folder, target.lstrip("/"))).lower()
    else:
        yield from _spellings(target)


def _spellings(name: str) -> Iterable[str]:
    plain = " ".join(name.lower().split()).lstrip("~.")
    yield plain
    yield plain.rpartition(".")[2]


def _targets(env: BuildEnvironment) -> dict[str, set[str]]:
    """Everything that can be pointed at: what it is, where it is and how it is called."""
    found: dict[str, set[str]] = {}
    labels = cast("Mapping[str, tuple[str, str]]", env.domaindata["std"].get("anonlabels", {}))
    for label, place in labels.items():
        found.setdefault(label, set()).add(repr(place))
    for domain in env.domains.sorted():
        for name, shown, kind, page, anchor, _ in domain.get_objects():
            facts = repr((domain.name, kind, page, anchor, str(shown)))
            for spelling in _spellings(name):
                found.setdefault(spelling, set()).add(facts)
    return found
