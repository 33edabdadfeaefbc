"""The parts of the portal's pages, joined.

Owns which handler listens to which event once ``honestdocs_portal`` is set. Must not hold
logic of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.builders.html import StandaloneHTMLBuilder

from honestdocs.sphinxext.reading.columns import arrange
from honestdocs.sphinxext.reading.head import describe, lighten
from honestdocs.sphinxext.reading.outline import add_outline
from honestdocs.sphinxext.reading.search import gather, make_index
from honestdocs.sphinxext.reading.tabs import depart_html, put_tabs, tabs, visit_html
from honestdocs.sphinxext.statuspages import StatusPages

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.config import Config

    from honestdocs.sphinxext.proving import Verifier

HERE = Path(__file__).parent
STYLE = "honestdocs-portal.css"
SCRIPT = "honestdocs-portal.js"
OUTCOMES = "outcomes.json"
BUILDERS = ("html", "dirhtml")
"""Those that write a file for each page, for browsers."""
BEFORE_MARKS = 400
"""The priority of what works on pages as their authors wrote them."""
AFTER_MARKS = 600
"""The priority of what works on pages that carry their marks."""
_SEARCH = """<h1>Search</h1>
<p><kbd>Ctrl</kbd>+<kbd>K</kbd>, or the box at the side, searches everything: words, operations,
header fields, statuses and paths.</p>
<noscript><p>The search needs JavaScript. Without it, the <a href="{index}">index</a> lists
every operation.</p></noscript>"""
AFTER_THEME = 900
"""The priority of what has the last word on how a page is laid out."""


class Portal:
    """What readers get beyond proven examples."""

    def __init__(self, verifier: Verifier) -> None:
        self.verifier = verifier

    def enlist(self, app: Sphinx, config: Config) -> None:
        """Adds the parts to an application whose configuration has just been read."""
        app.add_node(tabs, html=(visit_html, depart_html))
        config.templates_path = [*config.templates_path, str(HERE / "templates")]
        app.connect("builder-inited", add_files)
        app.connect("builder-inited", take_over_search)
        app.connect("html-collect-pages", search_page)
        app.connect("doctree-resolved", self.gather, priority=BEFORE_MARKS)
        app.connect("doctree-resolved", self.show, priority=AFTER_MARKS)
        app.connect("build-finished", make_search)
        app.connect("build-finished", self.tell_machines)
        app.connect("html-page-context", add_outline, priority=AFTER_THEME)
        app.connect("html-page-context", StatusPages(self.verifier).list_in_sidebar)
        app.connect("html-page-context", lighten, priority=AFTER_THEME)

    def gather(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        """Sphinx's ``doctree-resolved``: what a search can find on the page."""
        verified = self.verifier.verified
        if verified is not None and app.builder.name in BUILDERS:
            gather(app, doctree, docname, verified)
            describe(app, doctree, docname)

    def tell_machines(self, app: Sphinx, failure: Exception | None) -> None:
        """Sphinx's ``build-finished``: all outcomes as ``outcomes.json`` beside the pages."""
        verified = self.verifier.verified
        if verified is None or failure is not None or app.builder.name not in BUILDERS:
            return
        from honestdocs.sphinxext.builder import make_report
        from honestdocs.verification.report.document import render_json

        text = render_json(make_report(verified, Path(app.srcdir)))
        (Path(app.outdir) / OUTCOMES).write_text(text, "utf-8")

    def show(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        """Sphinx's ``doctree-resolved``: tabs, then columns."""
        verified = self.verifier.verified
        if verified is not None and app.builder.name in BUILDERS:
            put_tabs(doctree, docname, verified)
            arrange(doctree)


def take_over_search(app: Sphinx) -> None:
    """Sphinx's ``builder-inited``: no index of Sphinx's own beside ours, which takes its time at
    every build and is more than any page for those who ask for it.
    """
    builder = app.builder
    if isinstance(builder, StandaloneHTMLBuilder) and builder.name in BUILDERS:
        builder.search = find_spec("pagefind") is None


def search_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Sphinx's ``html-collect-pages``: the page that forms lead to; a script opens the dialog."""
    builder = app.builder
    if not isinstance(builder, StandaloneHTMLBuilder) or builder.search:
        return
    index = escape(builder.get_relative_uri("search", "genindex"))
    body = _SEARCH.format(index=index) if builder.use_index else _SEARCH.partition("<noscript>")[0]
    yield "search", {"title": "Search", "body": body, "page_source_suffix": ""}, "page.html"


def make_search(app: Sphinx, failure: Exception | None) -> None:
    """Sphinx's ``build-finished``: the index of what was gathered."""
    if app.builder.name in BUILDERS:
        make_index(app, failure)


def add_files(app: Sphinx) -> None:
    """Sphinx's ``builder-inited``: style and scripts of the portal."""
    if app.builder.name in BUILDERS:
        app.config.html_static_path = [*app.config.html_static_path, str(HERE / "static")]
        app.add_css_file(STYLE, priority=900)
        app.add_js_file(SCRIPT, loading_method="defer")
