"""Putting outcomes on pages when they are written.

Owns the handler of Sphinx's ``doctree-resolved``. Must not know how outcomes came about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from honestdocs.contract.configuration import Service, service_of
from honestdocs.sphinxext.fields import POSITION
from honestdocs.sphinxext.marks import outcome_mark, page_summary
from honestdocs.sphinxext.panels import fill, panel
from honestdocs.sphinxext.statuspages import FOLDER, has_status

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from honestdocs.sphinxext.proving import Verifier
    from honestdocs.sphinxext.verified import Verified

STATIC = Path(__file__).parent / "static"
STYLE = "honestdocs.css"


class Writer:
    """Shows what a verifier found on the pages of its application."""

    def __init__(self, verifier: Verifier) -> None:
        self.verifier = verifier

    def show(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        """Sphinx's ``doctree-resolved``: marks, the page's summary, panels."""
        verified = self.verifier.verified
        if verified is None or app.builder.name in ("gettext", "linkcheck", "doctest"):
            return
        declared = verified.services
        self._fill_panels(app, doctree, docname, verified)
        if not app.config.honestdocs_marks:
            return
        joined = (str(part["docname"]) for part in doctree.findall(addnodes.start_of_file))
        pages = {page: service_of(page, declared) for page in (docname, *joined)}
        shown = {
            page: service
            for page, service in pages.items()
            if service or any(result.checked_at for result in verified.page_results(page))
        }
        if shown:
            _mark_examples(doctree, shown, docname, verified)

    @staticmethod
    def _fill_panels(
        app: Sphinx,
        doctree: nodes.document,
        docname: str,
        verified: Verified,
    ) -> None:
        def link(page: str, anchor: str, text: str) -> nodes.Node:
            title = app.env.titles.get(page)
            if title is None:
                return nodes.Text(text or page)
            shown = text or title.astext()
            uri = app.builder.get_relative_uri(docname, page) + (f"#{anchor}" if anchor else "")
            return nodes.reference("", shown, internal=True, refuri=uri)

        def status(name: str) -> str:
            shown = has_status(app, verified)
            return app.builder.get_relative_uri(docname, f"{FOLDER}/{name}") if shown else ""

        for node in list(doctree.findall(panel)):
            filled = fill(node, verified, link, status)
            for part in filled:
                part["ids"] = [one for one in part["ids"] if one not in doctree.ids]
                doctree.ids.update(dict.fromkeys(part["ids"], part))
            node.replace_self(filled)


def _mark_examples(
    doctree: nodes.document, pages: Mapping[str, Service | None], docname: str, verified: Verified
) -> None:
    """Puts a mark below each example, and a summary below the title of each page."""
    marks = {page: _marks(page, service, verified) for page, service in pages.items()}
    inner = _inner_pages(doctree)
    for block in list(doctree.findall(nodes.literal_block)):
        page = inner.get(id(block), docname)
        for make in reversed(marks.get(page, {}).get(block.get(POSITION, -1), [])):
            _after(block, make(tabled=_is_tabled(block)))
    summed: set[str] = set()
    for title in list(doctree.findall(nodes.title)):
        page = inner.get(id(title), docname)
        if page in summed or not isinstance(title.parent, nodes.section):
            continue
        summed.add(page)
        results = verified.page_results(page) if page in pages else ()
        if results:
            at = title.parent.index(title)
            title.parent.insert(at + 1, page_summary(page, results, now=verified.at))


def _marks(
    page: str, service: Service | None, verified: Verified
) -> dict[int, list[Callable[..., nodes.Element]]]:
    """What makes the marks of a page, by the position of the block they stand below."""
    named = service.title or service.name if service is not None else ""
    found: dict[int, list[Callable[..., nodes.Element]]] = {}
    for example in verified.examples.get(page, ()):
        result = verified.proof.results.get(example.id)
        if result is not None and example.blocks:
            own = verified.lies_by_example.get(example.id, ())
            make = partial(outcome_mark, result, lies=own, service=named, now=verified.at)
            found.setdefault(max(example.blocks), []).append(make)
    return found


def _inner_pages(doctree: nodes.document) -> dict[int, str]:
    """The pages that some builders put into one document, for each of their titles and blocks.

    A page within another comes later, so the innermost one is kept. Nodes do not know what
    they were put into.
    """
    return {
        id(node): str(part["docname"])
        for part in doctree.findall(addnodes.start_of_file)
        for node in part.findall(_is_titled_or_marked)
    }


def _is_titled_or_marked(node: nodes.Node) -> bool:
    return isinstance(node, (nodes.title, nodes.literal_block))


def _is_tabled(node: nodes.Node) -> bool:
    above = node.parent
    while above is not None and not isinstance(above, nodes.entry):
        above = above.parent
    return above is not None


def _after(block: nodes.Element, mark: nodes.Element) -> None:
    """Puts a mark below a block, and below its caption's wrapper where it has one."""
    anchor = block
    if isinstance(block.parent, nodes.container) and block.parent.get("literal_block"):
        anchor = block.parent
    anchor.parent.insert(anchor.parent.index(anchor) + 1, mark)


def add_style(app: Sphinx) -> None:
    """Sphinx's ``builder-inited``: the style sheet of marks and panels."""
    if app.builder.format == "html":
        app.config.html_static_path = [*app.config.html_static_path, str(STATIC)]
        app.add_css_file(STYLE)
