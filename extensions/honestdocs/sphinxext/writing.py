"""Putting outcomes on pages when they are written.

Owns the handler of Sphinx's ``doctree-resolved``. Must not know how outcomes came about.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from honestdocs.contract.configuration import Service, service_of
from honestdocs.contract.outcome import Result
from honestdocs.sphinxext.marks import outcome_mark, page_summary
from honestdocs.sphinxext.panels import fill, panel
from honestdocs.sphinxext.reader import POSITION
from honestdocs.sphinxext.settings import services

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from honestdocs.sphinxext.proving import Verified, Verifier

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
        declared = services(app.config, Path(app.confdir))
        self._fill_panels(app, doctree, docname, verified, declared)
        if not app.config.honestdocs_marks:
            return
        service = service_of(docname, declared)
        known = any(result.checked_at for result in verified.page_results(docname))
        if service is not None or known:
            _mark_examples(doctree, docname, verified, service)

    @staticmethod
    def _fill_panels(
        app: Sphinx,
        doctree: nodes.document,
        docname: str,
        verified: Verified,
        declared: tuple[Service, ...],
    ) -> None:
        def link(page: str, anchor: str, text: str) -> nodes.Node:
            title = app.env.titles.get(page)
            shown = text or (title.astext() if title is not None else page)
            uri = app.builder.get_relative_uri(docname, page) + (f"#{anchor}" if anchor else "")
            return nodes.reference("", shown, internal=True, refuri=uri)

        for node in list(doctree.findall(panel)):
            node.replace_self(fill(node, verified, declared, link))


def _mark_examples(
    doctree: nodes.document, docname: str, verified: Verified, service: Service | None
) -> None:
    results = verified.page_results(docname)
    if not results:
        return
    named = service.title or service.name if service is not None else ""
    by_block: dict[int, list[Result]] = {}
    lies = verified.lies_by_example()
    for example in verified.contract.on_page(docname):
        result = verified.proof.results.get(example.id)
        if result is not None and example.blocks:
            by_block.setdefault(max(example.blocks), []).append(result)
    for block in list(doctree.findall(nodes.literal_block)):
        for result in reversed(by_block.get(block.get(POSITION, -1), [])):
            mark = outcome_mark(
                result,
                lies=lies.get(result.example, ()),
                service=named,
                now=verified.at,
            )
            _after(block, mark)
    title = next(iter(doctree.findall(nodes.title)), None)
    if title is not None and title.parent is not None:
        at = title.parent.index(title)
        title.parent.insert(at + 1, page_summary(results, now=verified.at))


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
