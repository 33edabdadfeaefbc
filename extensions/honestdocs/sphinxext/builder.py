"""``sphinx-build -b verify``: examples are run and reported, nothing is written.

Owns the builder. Must not know how outcomes come about: it is handed them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cache
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment

if TYPE_CHECKING:
    from honestdocs.sphinxext.verified import Verified
    from honestdocs.verification.report import Report, Sources


class VerifyBuilder(Builder):
    """Reads, verifies and reports; the exit status is the report's."""

    name = "verify"
    format = ""
    epilog = ""
    allow_parallel = True
    report: Report | None = None
    quiet = False

    def take(self, verified: Verified) -> None:
        """Receives what was verified, once all pages are read."""
        report = make_report(verified, Path(self.srcdir))
        self.report = replace(report, files=tuple(_files(self.env)))

    def get_outdated_docs(self) -> Iterator[str] | str:
        """None: there is nothing to write."""
        return iter(())

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:  # noqa: ARG002 - Sphinx's signature
        """Nothing is linked."""
        return docname

    def prepare_writing(self, docnames: AbstractSet[str]) -> None:
        """Nothing to prepare."""

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        """Nothing to write."""

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Nothing to write."""

    def finish(self) -> None:
        """Prints the report, unless somebody else does, and sets the exit status."""
        if self.report is None or self.quiet:
            return
        from honestdocs.verification.color import use_color

        color = use_color("auto", terminal=sys.stdout.isatty(), environ=os.environ)
        print_report(self.report, Path(self.srcdir), color=color)
        self._app.statuscode = self.report.exit_status


def make_report(verified: Verified, srcdir: Path) -> Report:
    """The report on a verified tree."""
    from honestdocs.verification.report import Report

    proof, part = verified.proof, verified.part
    return Report(
        root=_root(srcdir),
        operations=verified.contract.operations,
        examples=verified.contract.examples,
        results=proof.results,
        blames=proof.blames,
        lies=verified.lies,
        coverage=verified.coverage,
        services=tuple(proof.services),
        notes=(*([part.statement] if part else ()), *proof.notes),
        started=proof.started,
        finished=proof.finished,
        ran=proof.ran,
        reused=proof.reused,
        docs_changeset=verified.changeset,
        part=part,
    )


def _files(env: BuildEnvironment) -> Iterator[str]:
    """The files of the tree that pages were read from: their own, and those they include."""
    yield from (str(env.doc2path(name, base=False)) for name in sorted(env.found_docs))
    root, kinds = Path(env.srcdir), {".rst", *env.config.source_suffix}
    included = {str(root / str(name)) for names in env.dependencies.values() for name in names}
    for path in sorted(included):
        name = os.path.relpath(path, root)
        if not name.startswith(os.pardir) and Path(name).suffix in kinds:
            yield Path(name).as_posix()


def _root(srcdir: Path) -> str:
    root = os.path.relpath(srcdir)
    return "" if root == "." else Path(root).as_posix()


def read_sources(srcdir: Path) -> Sources:
    """Gives the lines of the files of a tree, each read once."""

    @cache
    def lines(file: str) -> list[str] | None:
        try:
            return (srcdir / file).read_text("utf-8", errors="replace").split("\n")
        except OSError:
            return None

    return lines


def print_report(
    report: Report, srcdir: Path, *, color: bool = False, verbose: bool = False
) -> None:
    """Writes the report to standard output, fitted to its width and encoding."""
    from honestdocs.verification.report import fit_encoding, render

    lines = read_sources(srcdir)
    width = get_terminal_size((100, 24)).columns
    text = render(report, color=color, width=width, sources=lines, verbose=verbose)
    sys.stdout.write(fit_encoding(text, sys.stdout.encoding))
    sys.stdout.flush()
