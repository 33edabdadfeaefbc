"""Links out of pages that Sphinx has just read.

Owns the environment collector: storing, purging, merging. Must not know how links are judged.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, cast

from docutils import nodes
from jinja2 import TemplateError
from sphinx import addnodes
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.util.tags import Tags

from honestdocs.contract.link import EXTERNAL, LinkKind
from honestdocs.links.address import SCHEMES, scheme_of
from honestdocs.links.raw import Index, Raw

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_INDEX = "honestdocs_links"
_WANTED = (nodes.reference, nodes.image, addnodes.pending_xref, addnodes.download_reference)
_PLAIN = (str, int, bool, type(None))


def indexes(env: BuildEnvironment) -> dict[str, Index]:
    """What every page holds, by its name."""
    if not hasattr(env, _INDEX):
        setattr(env, _INDEX, {})
    return cast("dict[str, Index]", getattr(env, _INDEX))


class LinkCollector(EnvironmentCollector):
    """Keeps the links and anchors of each page."""

    def clear_doc(self, _app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Forgets a page."""
        indexes(env).pop(docname, None)

    def merge_other(
        self,
        _app: Sphinx,
        env: BuildEnvironment,
        docnames: Iterable[str],
        other: BuildEnvironment,
    ) -> None:
        """Takes over what another process has read."""
        read = indexes(other)
        indexes(env).update({name: read[name] for name in docnames if name in read})

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Keeps what the page that Sphinx has just read holds."""
        env = app.env
        seen: dict[tuple[int, str], int] = {}
        links = []
        for node in _links(doctree, partial(_is_shown, app)):
            raw = _read(node, env)
            if raw is not None:
                key = (raw.line, raw.target)
                nth = seen[key] = seen.get(key, -1) + 1
                links.append(raw._replace(nth=nth) if nth else raw)
        indexes(env)[env.docname] = Index(tuple(links), tuple(doctree.ids))


def _is_shown(app: Sphinx, condition: str) -> bool:
    """Whether pages of HTML show what stands below ``only`` with a condition."""
    try:
        return Tags([*app.tags, "html"]).eval_condition(condition)
    except (TemplateError, TypeError, ValueError):  # Sphinx warns of it, and shows all
        return True


def _links(doctree: nodes.document, is_shown: Callable[[str], bool]) -> list[nodes.Element]:
    """All links in the order of the page; docutils' own search takes four times as long."""
    found: list[nodes.Element] = []
    ahead: list[nodes.Node] = [doctree]
    known: dict[type[object], bool] = {}
    while ahead:
        node = ahead.pop()
        kind: type[object] = type(node)
        if kind is nodes.Text or kind is nodes.substitution_definition:
            continue  # what a substitution stands for counts where it is used
        if kind is addnodes.only and not is_shown(cast("nodes.Element", node)["expr"]):
            continue
        wanted = known.get(kind)
        if wanted is None:
            wanted = known[kind] = issubclass(kind, _WANTED)
        if wanted:
            found.append(cast("nodes.Element", node))
        children = node.children
        if children:
            ahead.extend(children[::-1])
    return found


def _read(node: nodes.Node, env: BuildEnvironment) -> Raw | None:
    if isinstance(node, addnodes.download_reference):  # which is a reference too
        return _read_download(node)
    if isinstance(node, nodes.reference):
        return _read_reference(node)
    if isinstance(node, addnodes.pending_xref):
        return _read_xref(node)
    return _read_image(cast("nodes.image", node), env)


def _read_reference(node: nodes.reference) -> Raw | None:
    target = node.get("refuri")
    if not target:
        return None
    return _raw(node, _kind_of(target), target)


def _kind_of(target: str) -> LinkKind:
    if target.startswith(("http://", "https://")):
        return EXTERNAL
    scheme = scheme_of(target)
    if scheme == "mailto":
        return LinkKind.MAIL
    return LinkKind.EXTERNAL if scheme or target.startswith("//") else LinkKind.INTERNAL


def _read_download(node: addnodes.download_reference) -> Raw | None:
    target = str(node.get("reftarget", ""))
    if scheme_of(target) in SCHEMES:
        return _raw(node, LinkKind.EXTERNAL, target)
    fault = "" if node.get("filename") else "there is no such file"
    return _raw(node, LinkKind.DOWNLOAD, target, fault)


def _read_image(node: nodes.image, env: BuildEnvironment) -> Raw | None:
    candidates = node.get("candidates") or {}
    remote = candidates.get("?", "")
    if remote:
        external = scheme_of(remote) in SCHEMES
        return _raw(node, LinkKind.EXTERNAL, remote) if external else None
    missing = [name for name in candidates.values() if name not in env.images]
    fault = "there is no such file" if missing or not candidates else ""
    return _raw(node, LinkKind.IMAGE, str(node.get("uri", "")), fault)


def _read_xref(node: addnodes.pending_xref) -> Raw | None:
    target = str(node.get("reftarget", ""))
    if not target:
        return None
    role = ":".join(part for part in (node.get("refdomain"), node.get("reftype")) if part)
    plain = tuple((key, value) for key, value in node.attributes.items() if _is_plain(value))
    return _raw(node, LinkKind.REFERENCE, f"{role}:{target}", xref=plain)


def _is_plain(value: object) -> bool:
    return isinstance(value, _PLAIN) and value not in (None, "")


def _with_line(node: nodes.Element) -> nodes.Node | None:
    """What tells the line of a node: itself, the image that is a link, or what it stands in."""
    first = node.children[0] if node.line is None and node.children else None
    if first is not None and first.line is not None:
        return first
    above: nodes.Node | None = node
    while above is not None and above.line is None:
        above = above.parent
    return above


def _raw(
    node: nodes.Element,
    kind: LinkKind,
    target: str,
    fault: str = "",
    xref: tuple[tuple[str, object], ...] = (),
) -> Raw:
    above = _with_line(node)
    source = node.source or (above.source if above is not None else None)
    line = (above.line if above is not None else 0) or 0
    if not source or source.startswith("<"):  # what conf.py adds to every page has no line in it
        line = 0 if source else line
        source = str(node.document["source"]) if node.document is not None else ""
    elif not source.startswith("/"):  # of an included file it is told from where Sphinx runs
        source = os.path.abspath(source)  # noqa: PTH100 - as it is written, whatever links there
    text = " ".join(node.astext().split()) or str(node.get("alt", ""))
    return Raw(kind, target, text, source, line, 0, fault, xref)
