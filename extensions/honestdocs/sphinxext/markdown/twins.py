"""A Markdown file beside every HTML page, written in the same build from the same tree.

Owns where the files are, where their links lead, and when they are written: with their page, so
that an unchanged page costs nothing. Must not know how Markdown is spelt.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.osutil import relative_uri

from honestdocs.sphinxext.markdown.block import Writer
from honestdocs.sphinxext.markdown.overview import FULL, OVERVIEW, render_full, render_overview

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

    from honestdocs.sphinxext.proving import Verifier

BUILDERS = ("html", "dirhtml")
"""Those that write a file for each page."""
TEXT = "honestdocs_text"
"""Where the context of a page without a document tree has its Markdown."""
_LAST = 950
"""The priority of what comes when all others have had their word on a page."""


@dataclass(frozen=True, slots=True)
class Compass:
    """From addresses on an HTML page to those in its twin: what has a twin leads to it."""

    home: str
    pages: frozenset[str]
    suffix: str
    known: dict[str, str] = field(default_factory=dict)

    def __call__(self, uri: str) -> str:
        """The address to write; both files of a page are in one folder, so most stay."""
        found = self.known.get(uri)
        if found is None:
            found = self.known[uri] = self._turned(uri)
        return found

    def _turned(self, uri: str) -> str:
        path, hash_, anchor = uri.partition("#")
        if ":" in path or path.startswith("/") or not path:
            return uri
        if _resolved(self.home, path) not in self.pages:
            return uri
        return f"{twin_uri(path, self.suffix)}{hash_}{anchor}"


def _resolved(home: str, path: str) -> str:
    """A relative path seen from a page, without its dots; a slash at its end stays."""
    parts = home.split("/")[:-1]
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def twin_uri(uri: str, suffix: str) -> str:
    """The address of the twin of a page, given the page's own."""
    if uri.endswith("/") or not uri:
        return f"{uri}index.md"
    return f"{uri.removesuffix(suffix)}.md"


class Twins:
    """The twins of one build, and the overview of them."""

    def __init__(self, verifier: Verifier) -> None:
        self.verifier = verifier
        self._pages: frozenset[str] | None = None

    def enlist(self, app: Sphinx, config: Config) -> None:
        """Sphinx's ``config-inited``: begins to listen, unless the tree wants none."""
        if config.honestdocs_markdown:
            app.connect("html-page-context", self.write, priority=_LAST)
            app.connect("build-finished", self.tell)

    def write(
        self,
        app: Sphinx,
        page: str,
        _template: str,
        context: dict[str, Any],
        doctree: nodes.document | None,
    ) -> None:
        """Sphinx's ``html-page-context``: the twin of a page that is being written, and the
        links to it and to the overview.
        """
        if app.builder.name not in BUILDERS:
            return
        text = context.get(TEXT, "")
        uri = app.builder.get_target_uri(page)
        if doctree is not None:
            suffix = str(getattr(app.builder, "link_suffix", ".html"))
            compass = Compass(uri, self._known(app), suffix)
            text = Writer(compass).write(doctree)
        if text:
            twin = twin_uri(uri, str(getattr(app.builder, "link_suffix", ".html")))
            keep(_file(app, page), text)
            _link(context, "text/markdown", relative_uri(uri, twin))
        _link(context, "text/plain", relative_uri(uri, OVERVIEW))

    def _known(self, app: Sphinx) -> frozenset[str]:
        if self._pages is None:
            self._pages = frozenset(map(app.builder.get_target_uri, app.env.found_docs))
        return self._pages

    def tell(self, app: Sphinx, failure: Exception | None) -> None:
        """Sphinx's ``build-finished``: ``llms.txt`` and ``llms-full.txt``."""
        if failure is not None or app.builder.name not in BUILDERS:
            return
        read = cache(partial(_read, app))
        suffix = str(getattr(app.builder, "link_suffix", ".html"))
        base = str(app.config.html_baseurl or "")
        base = f"{base.rstrip('/')}/" if base else ""

        def address(name: str) -> str:
            return base + twin_uri(app.builder.get_target_uri(name), suffix)

        keep(Path(app.outdir) / OVERVIEW, render_overview(app, read, address, self.verifier))
        keep(Path(app.outdir) / FULL, render_full(app, read, address))


def _link(context: dict[str, Any], type_: str, uri: str) -> None:
    line = f'<link rel="alternate" type="{type_}" href="{escape(uri)}">'
    context["metatags"] = f"{context.get('metatags', '')}\n    {line}"


def _file(app: Sphinx, page: str) -> Path:
    flat = app.builder.name == "html" or page == "index" or page.endswith("/index")
    return Path(app.outdir) / (f"{page}.md" if flat else f"{page}/index.md")


def _read(app: Sphinx, page: str) -> str:
    path = _file(app, page)
    return path.read_text("utf-8") if path.is_file() else ""


def keep(path: Path, text: str) -> None:
    """Writes a file unless it says so already."""
    data = text.encode()
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
