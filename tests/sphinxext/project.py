"""A documentation project on disk and real Sphinx builds of it, in this process.

Owns the writing of pages, the running of Sphinx, and the record of what a build read, wrote and
said. Must not know what is expected.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from honestdocs.contract.page import Page
from honestdocs.sphinxext.collector import pages
from honestdocs.sphinxext.proving import Verifier
from honestdocs.sphinxext.verified import Verified

_COLOR = re.compile(r"\x1b\[[\d;]*m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A build that has ended; ``read`` and ``wrote`` are the names of pages (of those written
    only when the writing was not shared out to processes).
    """

    app: Sphinx
    out: Path
    warnings: str
    read: tuple[str, ...]
    wrote: tuple[str, ...]
    verifier: Verifier

    @property
    def status(self) -> int:
        """The exit status that ``sphinx-build`` would have."""
        return self.app.statuscode

    @property
    def verified(self) -> Verified:
        """What was verified."""
        assert self.verifier.verified is not None
        return self.verifier.verified

    def page(self, name: str) -> Page:
        """The contract of a page."""
        return {page.name: page for page in pages(self.app.env)}[name]

    def pages(self) -> tuple[Page, ...]:
        """The contract of all pages."""
        return tuple(pages(self.app.env))

    def html(self, name: str = "index") -> str:
        """What was written for a page."""
        return (self.out / f"{name}.html").read_text("utf-8")

    def outcomes(self) -> dict[str, str]:
        """The outcome of every example, by its id."""
        results = self.verified.proof.results
        return {name: str(result.outcome) for name, result in sorted(results.items())}


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A folder with pages; ``settings`` are configuration values of every build."""

    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def source(self) -> Path:
        """The folder of the pages."""
        return self.folder / "docs"

    def write(self, pages: Mapping[str, str]) -> Project:
        """Writes pages, ``.rst`` where the name says nothing else; returns the project."""
        for name, text in pages.items():
            path = self.source / (name if "." in name.rpartition("/")[2] else f"{name}.rst")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return self

    def line(self, page: str, text: str, nth: int = 1) -> int:
        """The number of the nth line of a page that holds a text."""
        name = page if "." in page else f"{page}.rst"
        lines = (self.source / name).read_text("utf-8").split("\n")
        return [number for number, line in enumerate(lines, 1) if text in line][nth - 1]

    def build(
        self,
        builder: str = "dummy",
        *,
        jobs: int = 1,
        strict: bool = False,
        fresh: bool = False,
        verifier: Verifier | None = None,
        **settings: Any,
    ) -> Built:
        """Builds the project as ``sphinx-build`` does."""
        asked = verifier or Verifier()

        class Application(Sphinx):
            honestdocs_verifier = asked

        values = {
            "extensions": ["sphinxcontrib.httpdomain", "honestdocs"],
            "html_theme": "basic",
            "html_copy_source": False,
            **self.settings,
            **settings,
        }
        out, said = self.folder / "out" / builder, io.StringIO()
        read: list[str] = []
        wrote: list[str] = []
        conf = str(self.source) if (self.source / "conf.py").is_file() else None
        with patch_docutils(conf), docutils_namespace():
            app = Application(
                str(self.source),
                conf,
                str(out),
                str(self.folder / "doctrees"),
                builder,
                values,
                status=None,
                warning=said,
                freshenv=fresh,
                warningiserror=strict,
                parallel=jobs,
            )
            app.connect(
                "env-before-read-docs", lambda _app, _env, names: read.extend(names), priority=900
            )
            app.connect("doctree-resolved", lambda _app, _tree, name: wrote.append(name))
            app.build()
        return Built(
            app=app,
            out=out,
            warnings=_COLOR.sub("", said.getvalue()),
            read=tuple(sorted(read)),
            wrote=tuple(sorted(wrote)),
            verifier=asked,
        )


def title(text: str, mark: str = "=") -> str:
    """A title with its line below."""
    return f"{text}\n{mark * len(text)}\n\n"
