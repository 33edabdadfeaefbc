"""Building a tree that somebody wants to publish: everything that is wrong with it, as values.

Owns one build of a candidate: its warnings and lies as flaws, what it read, and an output
without remains of pages that are gone. Must not judge what it finds.
"""

from __future__ import annotations

import io
import logging
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from docutils.parsers.rst.directives.misc import Raw
from docutils.parsers.rst.directives.tables import CSVTable
from sphinx.util.logging import SafeEncodingWriter, WarningStreamHandler, WarningSuppressor

from honestdocs.contract.flaw import Built, Flaw, FlawKind
from honestdocs.contract.outcome import Outcome
from honestdocs.sphinxext.edition import EditionNote
from honestdocs.sphinxext.editlink import EditLink
from honestdocs.sphinxext.origin import Hosted
from honestdocs.sphinxext.pointers import Pointers
from honestdocs.sphinxext.proving import Verifier
from honestdocs.sphinxext.tree import Tree, TreeError, build, find_own

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

Notes = Sequence[EditionNote | EditLink | Hosted]
"""What the pages of a candidate say beside their own text."""
_PLACE = re.compile(r"^(?P<path>.*?)(?::(?P<line>\d+))?(?::.*)?$", re.DOTALL)
_KINDS = {
    "failed": FlawKind.LIE,
    "lie": FlawKind.LIE,
    "unchecked": FlawKind.UNCHECKED,
}


@dataclass(slots=True)
class _Seen:
    """What an application told while it built."""

    root: Path
    flaws: list[Flaw] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)


def build_candidate(  # noqa: PLR0913 - what a build is told
    root: Path, state: Path, site: Path, verifier: Verifier, notes: Notes, *, page: str = ""
) -> Built:
    """What came of building the tree below ``root`` into ``site``, and proving it.

    Nothing is raised for a tree that cannot be built: that is a flaw too. ``page`` is the source
    file below ``root`` of a page whose address is asked for.
    """
    seen = _Seen(root=root.resolve())
    tree = find_own(root)
    if tree is None:
        return Built(flaws=(_whole(f"there is no conf.py in {root}"),))
    _keep_inside()
    settings = {"honestdocs_database": str(state / "outcomes.sqlite")}
    said = io.StringIO()
    placed = Tree(srcdir=tree.srcdir, confdir=tree.confdir, state=state, overrides=settings)
    try:
        app = build(
            placed,
            verifier,
            site,
            warnings=said,
            prepare=lambda app: _watch(app, seen, said, notes),
        )
    except TreeError as error:
        seen.flaws.append(_whole(str(error)))
        return Built(flaws=tuple(seen.flaws), read=_sources(None, seen))
    seen.flaws.extend(_outside(app.env, seen))
    _drop_remains(app, site, state / "pages.txt")
    return Built(
        flaws=tuple(seen.flaws),
        read=_sources(app.env, seen),
        pages=len(seen.pages),
        proven=_proven(verifier),
        notes=tuple(verifier.verified.proof.notes) if verifier.verified else (),
        address=_address(app, seen.root / page) if page else "",
    )


def _address(app: Sphinx, source: Path) -> str:
    """The file below the output that a source file is written to; empty for no page."""
    name = app.env.path2doc(str(source))
    if name not in app.env.found_docs or not hasattr(app.builder, "get_outfilename"):
        return ""
    return os.path.relpath(app.builder.get_outfilename(name), app.outdir)


def _whole(said: str) -> Flaw:
    return Flaw(path="", line=0, message=said, kind=FlawKind.BROKEN)


def _keep_inside() -> None:
    """Directives must not fetch anything: the server would do it for whoever pushed them."""
    for directive in (Raw, CSVTable):
        directive.option_spec = {
            name: kind for name, kind in (directive.option_spec or {}).items() if name != "url"
        }


def _watch(app: Sphinx, seen: _Seen, said: io.StringIO, notes: Notes) -> None:
    for note in notes:
        note.connect(app)
    seen.flaws.extend(_whole(line) for line in said.getvalue().splitlines() if line.strip())
    listener = _Listener(app, seen)
    logging.getLogger("sphinx").addHandler(listener)
    Pointers().connect(app)

    def reading(_app: Sphinx, _env: BuildEnvironment, pages: list[str]) -> None:
        seen.read.update(pages)

    def written(_app: Sphinx, page: str, _template: str, _context: object, tree: object) -> None:
        if tree is not None:
            seen.pages.add(page)

    app.connect("env-before-read-docs", reading)
    app.connect("html-page-context", written)


class _Listener(WarningStreamHandler):
    """Turns every warning into a flaw.

    It comes after Sphinx's own, which has written place and type into the record; and it is of
    the same class, so that Sphinx holds back from both what it may tell only later.
    """

    def __init__(self, app: Sphinx, seen: _Seen) -> None:
        super().__init__(SafeEncodingWriter(io.StringIO()))
        self.setLevel(logging.WARNING)
        self._seen = seen
        self.addFilter(WarningSuppressor(app))

    def emit(self, record: logging.LogRecord) -> None:
        """Logging's own: keeps one warning."""
        message = logging.LogRecord.getMessage(record)
        location = str(getattr(record, "location", None) or "")
        own = getattr(record, "type", "") == "honestdocs"
        kind = _KINDS.get(str(getattr(record, "subtype", "")), FlawKind.BROKEN)
        place = _PLACE.match(location)
        path, line = (place["path"], place["line"]) if place is not None else (location, None)
        self._seen.flaws.append(
            Flaw(
                path=_relative(path, self._seen.root),
                line=int(line or 0),
                message=_shortened(message, self._seen.root),
                kind=kind if own else FlawKind.BROKEN,
            )
        )


def _relative(path: str, root: Path) -> str:
    resolved = os.path.realpath(path) if path else ""
    inside = resolved.startswith(f"{root}/")
    return resolved[len(str(root)) + 1 :] if inside else path


def _shortened(message: str, root: Path) -> str:
    """The first paragraph of a message in one line, with paths as the author knows them."""
    paragraph = message.replace(f"{root}/", "").strip().partition("\n\n")[0]
    return " ".join(paragraph.split()) or "a warning without a word"


def _sources(env: BuildEnvironment | None, seen: _Seen) -> tuple[str, ...]:
    """The files of the pages that were read, with what they include."""
    if env is None:
        return ()
    found: set[str] = set()
    for page in seen.read & env.found_docs:
        found.add(_relative(str(env.doc2path(page)), seen.root))
        for other in env.dependencies.get(page, ()):
            found.add(_relative(str(Path(env.srcdir) / other), seen.root))
    return tuple(sorted(found))


def _outside(env: BuildEnvironment, seen: _Seen) -> Iterator[Flaw]:
    """A flaw for each page that takes in a file from outside the tree."""
    for page in sorted(seen.read & env.found_docs):
        for other in env.dependencies.get(page, ()):
            place = os.path.realpath(Path(env.srcdir) / other)
            if not place.startswith(f"{seen.root}/"):
                said = f"reads {other}, which is outside the tree"
                path = _relative(str(env.doc2path(page)), seen.root)
                yield Flaw(path=path, line=0, message=said, kind=FlawKind.OUTSIDE)


def _drop_remains(app: Sphinx, site: Path, listed: Path) -> None:
    """Removes the pages, images and downloads that an earlier build left and none has now."""
    env, builder = app.env, app.builder
    shown = {str(name) for _, name in env.images.values()} if hasattr(env, "images") else set()
    for path in site.glob("_images/*"):
        if shown and path.name not in shown:
            path.unlink()
    before = set(listed.read_text("utf-8").split("\n")) if listed.is_file() else set()
    for page in before - env.found_docs - {""}:
        places = (builder.get_outfilename(page), site / "_sources" / f"{page}.rst.txt")  # type: ignore[attr-defined] # of every HTML builder
        for place in map(Path, places):
            place.unlink(missing_ok=True)
    listed.write_text("\n".join(sorted(before | env.found_docs)), "utf-8")


def _proven(verifier: Verifier) -> int:
    verified = verifier.verified
    if verified is None:
        return 0
    since = verified.proof.started
    results = verified.proof.results.values()
    return sum(r.outcome is Outcome.PASSED and r.checked_at >= since for r in results)
