"""The history of pages in a build: looked up after reading, shown when writing.

Owns the handlers of Sphinx's events and the directive. A page whose history changed is written
again without being read again. Must not know how a repository is asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from honestdocs.sphinxext.addresses import Addresses, parse_addresses
from honestdocs.sphinxext.origin import NAME as ORIGIN
from honestdocs.sphinxext.origin import parse_origin

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from honestdocs.hosting.history import History
    from honestdocs.hosting.page import Entry, PageHistory

logger = logging.getLogger(__name__)
FEED = "changes.atom"
_SHOWN = "honestdocs_history_shown"
_LISTS = "honestdocs_changes"
"""Where a page's metadata tells how many recent changes it lists."""
_MOST, _USUAL = 50, 20


class recent_changes(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes in lower case
    """A placeholder for the list of ``count`` recent changes."""


class RecentChangesDirective(SphinxDirective):
    """``.. recent-changes::`` with ``:count:``."""

    option_spec: ClassVar[dict[str, Callable[[str], int]]] = {"count": directives.positive_int}

    def run(self) -> list[nodes.Node]:
        """The placeholder."""
        count = min(self.options.get("count", _USUAL), _MOST)
        told = self.env.metadata[self.env.docname]
        told[_LISTS] = str(max(count, int(told.get(_LISTS, 0))))
        return [recent_changes(count=count)]


@dataclass(slots=True)
class Chronicle:
    """What is known of the tree's history; it lives as long as its application."""

    pages: Mapping[str, PageHistory] = field(default_factory=dict)
    recent: tuple[tuple[Entry, tuple[str, ...]], ...] = ()
    head: Entry | None = None
    addresses: Addresses = field(default_factory=Addresses)

    def look_up(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Sphinx's ``env-updated``: returns the pages whose history has changed."""
        if not app.config.honestdocs_history or app.builder.format != "html":
            return []
        from honestdocs.hosting.errors import RepositoryError

        self.addresses = parse_addresses(
            app.config.honestdocs_history_url, "conf.py: honestdocs_history_url"
        )
        try:
            self._read(app, env)
        except RepositoryError as error:
            logger.info("honestdocs: pages are built without their history: %s", error)
        return _changed(app, env, self._faces(env))

    def _read(self, app: Sphinx, env: BuildEnvironment) -> None:
        from contextlib import closing

        from honestdocs.hosting.history import History
        from honestdocs.hosting.opening import open_repository

        source, origin = Path(app.srcdir).resolve(), parse_origin(app.config[ORIGIN])
        with (
            closing(open_repository(Path(origin.repository or source))) as repository,
            History.open(_database(app), repository, head=origin.head) as history,
        ):
            root = origin.root(repository.root)
            paths = {name: _path(env.doc2path(name), root) for name in sorted(env.all_docs)}
            known = history.pages(paths.values())
            self.pages = {name: known[p] for name, p in paths.items() if p in known}
            self.head = history.entry(history.head)
            under = f"{source.relative_to(root)}/" if source != root else ""
            self.recent = _recent(history, under, {p: name for name, p in paths.items()})

    def _faces(self, env: BuildEnvironment) -> dict[str, str]:
        """A digest of what each page shows of its history."""
        from honestdocs.hosting.page import spell_age

        faces = {}
        for name in sorted(env.all_docs):
            page = self.pages.get(name)
            shown: list[object] = []
            if page is not None and self.head is not None:
                shown += [page, spell_age(self.head.at - page.last.at), self.addresses]
            count = int(env.metadata[name].get(_LISTS, 0))
            shown += self.recent[:count]
            if shown:
                faces[name] = hashlib.blake2b(repr(shown).encode(), digest_size=12).hexdigest()
        return faces

    def show(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        """Sphinx's ``doctree-resolved``: the lines below the page, and lists of changes."""
        for node in list(doctree.findall(recent_changes)):
            node.replace_self(self._list(app, docname, node["count"]))
        page = self.pages.get(docname)
        if page is not None and self.head is not None:
            from honestdocs.sphinxext.footer import page_footer

            footer = page_footer(page, docname, head=self.head, addresses=self.addresses)
            sections = [part for part in doctree.children if isinstance(part, nodes.section)]
            target: nodes.Element = sections[-1] if sections else doctree
            target += footer

    def _list(self, app: Sphinx, docname: str, count: int) -> list[nodes.Node]:
        if not self.recent:
            return [nodes.paragraph("", "The history of these pages is not known here.")]
        from honestdocs.sphinxext.footer import change_list, feed_line

        def link(page: str) -> nodes.Node:
            title = app.env.titles.get(page)
            uri = app.builder.get_relative_uri(docname, page)
            shown = title.astext() if title is not None else page
            return nodes.reference("", shown, internal=True, refuri=uri)

        feed = relative_uri(app.builder.get_target_uri(docname), FEED)
        return [change_list(self.recent[:count], link, self.addresses), feed_line(feed)]

    def write_feed(self, app: Sphinx, failure: Exception | None) -> None:
        """Sphinx's ``build-finished``: the Atom feed beside the pages."""
        if failure is not None or not self.recent:
            return
        from honestdocs.sphinxext.changefeed import render_feed

        base = str(app.config.html_baseurl)
        feed = render_feed(
            self.recent,
            title=str(app.config.project),
            base=f"{base.rstrip('/')}/" if base else "",
            addresses=self.addresses,
            uri=app.builder.get_target_uri,
        )
        to = Path(app.outdir) / FEED
        if not to.is_file() or to.read_bytes() != feed:
            to.write_bytes(feed)


def _database(app: Sphinx) -> Path:
    """The cache, where the outcomes are: beside the builder's output folder, unless that is set."""
    outcomes = app.config.honestdocs_database
    folder = Path(app.confdir, outcomes).parent if outcomes else Path(app.outdir).parent
    return folder / "honestdocs-history.sqlite"


def _path(file: str | Path, root: Path) -> str:
    """A page's path in the repository; its name on disk for one outside."""
    resolved = Path(file).resolve()
    return resolved.relative_to(root).as_posix() if resolved.is_relative_to(root) else str(file)


def _recent(
    history: History, under: str, names: Mapping[str, str]
) -> tuple[tuple[Entry, tuple[str, ...]], ...]:
    """The newest changesets with the pages of today that each touched."""
    found = history.recent(_MOST, under)
    return tuple((entry, _named(paths, names)) for entry, paths in found)


def _named(paths: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(names[path] for path in paths if path in names)


def _changed(app: Sphinx, env: BuildEnvironment, faces: dict[str, str]) -> list[str]:
    """The pages that showed another history when this builder wrote them last."""
    if not hasattr(env, _SHOWN):
        setattr(env, _SHOWN, {})
    memory = cast("dict[str, dict[str, str]]", getattr(env, _SHOWN))
    before = memory.get(app.builder.name, {})
    memory[app.builder.name] = faces
    names = before.keys() | faces.keys()
    return sorted(n for n in names if before.get(n) != faces.get(n) and n in env.all_docs)
