"""The parts of the extension, joined.

Owns which handler listens to which event. Must not hold logic of its own.
"""

from __future__ import annotations

from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from docutils import nodes

from honestdocs.links.collector import LinkCollector
from honestdocs.sphinxext.beacon import beacon, depart_html, visit_html
from honestdocs.sphinxext.builder import VerifyBuilder
from honestdocs.sphinxext.chronicle import Chronicle, RecentChangesDirective
from honestdocs.sphinxext.collector import ContractCollector, decide_arrows
from honestdocs.sphinxext.fields import note_fields
from honestdocs.sphinxext.garbage import tune_if_asked
from honestdocs.sphinxext.linking import Indexer, LinksBuilder
from honestdocs.sphinxext.markdown.twins import Twins
from honestdocs.sphinxext.panels import NAMES, PanelDirective, panel
from honestdocs.sphinxext.proving import Verifier
from honestdocs.sphinxext.settings import add_values, check_values
from honestdocs.sphinxext.statuspages import StatusPages
from honestdocs.sphinxext.timing import Stopwatch
from honestdocs.sphinxext.writing import Writer, add_style

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

ENV_VERSION = 6
"""Raised whenever what is kept in the environment changes its shape."""


def compose(app: Sphinx, verifier: Verifier | None = None) -> dict[str, Any]:
    """Connects everything; ``verifier`` is the caller's own where it wants to ask it later."""
    tune_if_asked()
    verifier = verifier or getattr(app, "honestdocs_verifier", None) or Verifier(asked=False)
    writer = Writer(verifier)
    indexer = Indexer()
    chronicle = Chronicle()
    add_values(app)
    app.add_node(panel, html=(_visit_panel, None))
    app.add_node(beacon, html=(visit_html, depart_html))
    app.add_builder(VerifyBuilder)
    app.add_builder(LinksBuilder)
    for name in NAMES:
        app.add_directive(name, PanelDirective)
    app.add_directive("recent-changes", RecentChangesDirective)
    app.add_env_collector(ContractCollector)
    app.add_env_collector(LinkCollector)
    app.connect("config-inited", check_values)
    app.connect("config-inited", partial(_open_portal, verifier))
    app.connect("config-inited", Twins(verifier).enlist)
    app.connect("builder-inited", add_style)
    app.connect("env-before-read-docs", decide_arrows)
    app.connect("env-before-read-docs", indexer.begin)
    app.connect("object-description-transform", note_fields)
    app.connect("env-updated", verifier.verify)
    app.connect("env-updated", indexer.note)
    app.connect("env-updated", chronicle.look_up)
    app.connect("doctree-resolved", writer.show)
    app.connect("doctree-resolved", chronicle.show)
    app.connect("build-finished", chronicle.write_feed)
    app.connect("html-collect-pages", StatusPages(verifier).collect)
    Stopwatch().connect(app)
    return {
        "version": version("honestdocs"),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
        "env_version": ENV_VERSION,
    }


def _open_portal(verifier: Verifier, app: Sphinx, config: Config) -> None:
    """What readers get beyond proven examples, where the tree asks for it."""
    if config.honestdocs_portal:
        from honestdocs.sphinxext.reading.portal import Portal

        Portal(verifier).enlist(app, config)


def _visit_panel(_translator: object, _node: nodes.Node) -> None:
    """A panel that was never filled shows nothing."""
    raise nodes.SkipNode
