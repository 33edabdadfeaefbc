"""Links within the tree, judged by what Sphinx has read: no file and no network is asked.

Owns what a link to a page, an anchor, a file or an object of the tree has to meet. Must not know
how findings are told.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from docutils import nodes
from sphinx import addnodes
from sphinx.errors import NoUri
from sphinx.util import docname_join

from honestdocs.contract.link import EXTERNAL, LinkKind, LinkState, Verdict
from honestdocs.links.address import mail_fault
from honestdocs.links.anchor import is_everywhere, is_route, nearest
from honestdocs.links.collector import indexes
from honestdocs.links.raw import Raw

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.domains import Domain

WORKING = Verdict(state=LinkState.WORKING)
_GENERATED = ("genindex", "search", "modindex", "py-modindex", "404", "opensearch")
_FOLDERS = ("_sources/", "_modules/")
_ALWAYS_TOLD = frozenset(("std:ref", "std:doc", "std:numref", "std:term", "std:keyword", "any"))


class Judge:
    """Judges the links of one tree that was read."""

    def __init__(self, app: Sphinx) -> None:
        self._app = app
        self._env = app.env
        self._indexes = indexes(app.env)

    def judge(self, page: str, raw: Raw) -> Verdict | None:
        """What is wrong with a link, or that it works; None for one that leads elsewhere."""
        if raw.fault:
            return Verdict(state=LinkState.BROKEN, message=raw.fault)
        if raw.kind is EXTERNAL:
            return None
        if raw.kind is LinkKind.MAIL:
            fault = mail_fault(raw.target)
            return Verdict(state=LinkState.BROKEN, message=fault) if fault else WORKING
        if raw.kind is LinkKind.INTERNAL:
            return self._judge_address(page, raw.target)
        if raw.kind is LinkKind.REFERENCE:
            return self._judge_reference(page, raw)
        return WORKING

    # Addresses: ``other.html#anchor``.

    def _judge_address(self, page: str, target: str) -> Verdict:
        written, _, fragment = target.partition("#")
        address = unquote(written.partition("?")[0])
        if not address:
            return self._judge_anchor(page, written, unquote(fragment))
        if address.startswith("/"):
            said = "starts at the root of the host, wherever the tree is served"
            return Verdict(state=LinkState.UNCHECKED, message=said)
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page), address))
        name = self._page_at(path, folder=address.endswith("/"))
        if name is not None:
            return self._judge_anchor(name, written, unquote(fragment))
        if self._is_made(path):
            return WORKING
        if path.startswith("_static/"):
            said = "is in no folder of html_static_path; a theme or an extension may bring it"
            return Verdict(state=LinkState.UNCHECKED, message=said)
        return Verdict(
            state=LinkState.BROKEN,
            message=f"the tree has no page {path}",
            suggestion=self._nearest_page(page, path),
        )

    def _page_at(self, path: str, *, folder: bool) -> str | None:
        """The page whose address is a path, None where there is none."""
        for suffix in self._suffixes:
            if (
                suffix
                and path.endswith(suffix)
                and path.removesuffix(suffix) in self._env.found_docs
            ):
                return path.removesuffix(suffix)
        for name in (path, posixpath.join(path, "index")):
            if (folder or "" in self._suffixes) and name in self._env.found_docs:
                return name
        return None

    @cached_property
    def _suffixes(self) -> tuple[str, ...]:
        config = self._app.config
        own = config.html_link_suffix or config.html_file_suffix or ".html"
        return tuple(dict.fromkeys((own, ".html")))

    def _is_made(self, path: str) -> bool:
        """Whether the build makes what stands at a path, though no page does."""
        stem = path
        for suffix in self._suffixes:
            stem = stem.removesuffix(suffix)
        names = {*_GENERATED, *self._app.config.html_additional_pages, *self._domain_indexes}
        made = stem in names or path.startswith(_FOLDERS) or path in self._copies
        return made or self._is_extra(path)

    @cached_property
    def _copies(self) -> frozenset[str]:
        """Where the build puts images and downloads."""
        images = (f"_images/{name}" for _, name in self._env.images.values())
        downloads = (f"_downloads/{name}" for _, name in self._env.dlfiles.values())
        return frozenset((*images, *downloads))

    @cached_property
    def _domain_indexes(self) -> frozenset[str]:
        domains = self._env.domains
        return frozenset(f"{d.name}-{index.name}" for d in domains.values() for index in d.indices)

    def _is_extra(self, path: str) -> bool:
        config = self._app.config
        found = [(name, path) for name in config.html_extra_path]
        if path.startswith("_static/"):
            found = [(name, path.removeprefix("_static/")) for name in config.html_static_path]
        folders = [(Path(self._app.confdir) / name, rest) for name, rest in found]
        return any((folder / rest).exists() or folder.name == rest for folder, rest in folders)

    def _nearest_page(self, page: str, path: str) -> str:
        suffix = self._suffixes[0]
        stem = path
        for known in (*self._suffixes, ".rst", ".md", ".txt"):
            stem = stem.removesuffix(known)
        pages = self._env.found_docs
        found = stem if stem in pages else nearest(stem, pages - {page})
        if not found:
            return ""
        return posixpath.relpath(found + suffix, posixpath.dirname(page) or ".")

    def _judge_anchor(self, page: str, written: str, fragment: str) -> Verdict:
        if not fragment or is_everywhere(fragment) or is_route(fragment):
            return WORKING
        known = self._anchors_of(page, sure=False)
        if fragment in known:
            return WORKING
        known = self._anchors_of(page, sure=True)
        if fragment in known:
            return WORKING
        found = nearest(fragment, set(known))
        return Verdict(
            state=LinkState.BROKEN,
            message=f"page {page} has no anchor {fragment!r}",
            suggestion=f"{written}#{found}" if found else "",
        )

    def _anchors_of(self, page: str, *, sure: bool) -> frozenset[str]:
        """The anchors of a page as they were noted, and all that its doctree has when that has to
        be ``sure``: some directives give ids without noting them.
        """
        index = self._indexes.get(page)
        noted = frozenset(index.anchors) if index is not None else frozenset()
        if not sure:
            return noted
        doctree = self._env.get_doctree(page)
        return noted | {name for node in doctree.findall(nodes.Element) for name in node["ids"]}

    # References: ``:ref:`` and other roles.

    def _judge_reference(self, page: str, raw: Raw) -> Verdict:
        values = dict(raw.xref)
        if self._resolves(page, values):
            return WORKING
        role = ":".join(str(values[key]) for key in ("refdomain", "reftype") if values.get(key))
        if not self._is_told(values, role):
            return Verdict(state=LinkState.UNCHECKED, message=f"nothing is known as {raw.target}")
        return Verdict(
            state=LinkState.BROKEN,
            message=f"nothing in the tree is known as {values['reftarget']!r} ({role})",
            suggestion=self._nearest_target(page, role, str(values["reftarget"])),
        )

    def _is_told(self, values: dict[str, object], role: str) -> bool:
        """Whether Sphinx would warn of a reference that leads nowhere."""
        config = self._app.config
        target = str(values["reftarget"])
        if (role, target) in set(config.nitpick_ignore):
            return False
        always = role in _ALWAYS_TOLD or values.get("refdomain") == "http"
        return bool(values.get("refwarn")) or always or bool(config.nitpicky)

    def _resolves(self, page: str, values: dict[str, object]) -> bool:
        text = nodes.inline("", str(values["reftarget"]))
        node = addnodes.pending_xref("", text.deepcopy(), **values)
        found: object = None
        try:
            found = self._resolve(page, node, text)
        except NoUri:
            return True
        if not found:
            found = self._app.emit_firstresult("missing-reference", self._env, node, text)
        return bool(found)

    def _resolve(self, page: str, node: addnodes.pending_xref, text: nodes.inline) -> object:
        domain = self._env.domains.get(str(node.get("refdomain", "")))
        if domain is not None:
            return self._resolve_role(domain, str(node["reftype"]), page, node, text)
        if node["reftype"] != "any":
            return None
        std = self._env.domains.standard_domain
        found = (self._resolve_any(one, page, node, text) for one in self._env.domains.sorted())
        return self._resolve_role(std, "doc", page, node, text) or next(filter(None, found), None)

    def _resolve_role(
        self, domain: Domain, role: str, page: str, node: addnodes.pending_xref, text: nodes.inline
    ) -> object:
        target = str(node["reftarget"])
        return domain.resolve_xref(self._env, page, self._app.builder, role, target, node, text)

    def _resolve_any(
        self, domain: Domain, page: str, node: addnodes.pending_xref, text: nodes.inline
    ) -> object:
        builder, target = self._app.builder, str(node["reftarget"])
        try:
            return domain.resolve_any_xref(self._env, page, builder, target, node, text)
        except NotImplementedError:  # then Sphinx, too, tries each role
            found = (self._resolve_role(domain, each, page, node, text) for each in domain.roles)
            return next(filter(None, found), None)

    def _nearest_target(self, page: str, role: str, target: str) -> str:
        if role == "std:doc":
            return self._nearest_document(page, target)
        if role not in ("std:ref", "std:numref"):
            return ""
        std = self._env.domains.standard_domain
        return nearest(target, {*std.labels, *std.anonlabels})

    def _nearest_document(self, page: str, target: str) -> str:
        """The page that is named most alike, as the other page has to write it."""
        found = nearest(docname_join(page, target), self._env.found_docs - {page})
        if target.startswith("/"):
            return found and f"/{found}"
        return found and posixpath.relpath(found, posixpath.dirname(page) or ".")


def judged(app: Sphinx) -> Iterator[tuple[str, Raw, Verdict | None]]:
    """Every link of the tree by its page, with what reading alone tells of it."""
    judge = Judge(app)
    for page, index in sorted(indexes(app.env).items()):
        for raw in index.links:
            yield page, raw, judge.judge(page, raw)
