"""A documentation tree and the Sphinx application that reads it.

Owns where configuration, sources and output are found, for a tree with our extension and for
one that others wrote. Must not know the command line.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.docutils import docutils_namespace, patch_docutils

from honestdocs.contract.errors import ContractError
from honestdocs.links.index import LinkIndex
from honestdocs.sphinxext.builder import VerifyBuilder
from honestdocs.sphinxext.encoding import FORGIVING
from honestdocs.sphinxext.lenient import lenient
from honestdocs.sphinxext.linking import LinksBuilder
from honestdocs.sphinxext.proving import Verifier
from honestdocs.verification.errors import VerificationError
from honestdocs.verification.report import Report

_SOURCES = ("source", "docs", "doc", ".")
_ROOTS = ("index", "contents", "README", "readme")
_EXCLUDED = ["_build", "build", "**/node_modules", "**/.*", ".*", "venv", "**/site-packages"]


class TreeError(Exception):
    """A tree that cannot be found or verified; the message names the place and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Where a tree is and how it is read.

    ``confdir`` is None for a tree that is read without its configuration. ``state`` is the
    folder of doctrees and outcomes. ``overrides`` are configuration values.
    """

    srcdir: Path
    confdir: Path | None
    state: Path
    overrides: Mapping[str, Any] = field(default_factory=dict)

    @property
    def foreign(self) -> bool:
        """Whether the tree is read without its own configuration."""
        return self.confdir is None


def find_own(folder: Path) -> Tree | None:
    """The tree of a folder with a ``conf.py``: beside its sources, or above them."""
    for name in (".", *_SOURCES[:3]):
        confdir = folder / name
        if (confdir / "conf.py").is_file():
            return Tree(srcdir=_sources_of(confdir), confdir=confdir, state=folder / "build")
    return None


def names_extension(tree: Tree) -> bool:
    """Whether the ``conf.py`` of a tree speaks of our extension: no other is worth running."""
    if tree.confdir is None:
        return False
    return b"honestdocs" in (tree.confdir / "conf.py").read_bytes()


def _sources_of(confdir: Path) -> Path:
    for name in (".", *_SOURCES[:3]):
        folder = confdir / name
        if folder.is_dir() and any((folder / f"{root}.rst").is_file() for root in _ROOTS):
            return folder
    return confdir


def foreign(folder: Path, state: Path | None, values: Mapping[str, Any]) -> Tree:
    """A tree that is read without its configuration, theme and extensions.

    Raises TreeError when the folder is none or holds no reStructuredText.
    """
    if not folder.is_dir():
        raise TreeError(f"{folder}: no such folder")
    suffix = next((s for s in (".rst", ".txt", ".rest") if _pages(folder, s)), None)
    if suffix is None:
        raise TreeError(f"{folder}: holds no reStructuredText (.rst) files")
    overrides = {
        "extensions": ["sphinxcontrib.httpdomain", "honestdocs"],
        "source_suffix": {suffix: "restructuredtext"},
        "source_encoding": FORGIVING,
        "root_doc": _root_of(folder, suffix),
        "exclude_patterns": _EXCLUDED,
        "smartquotes": False,
        "keep_warnings": False,
        "highlight_language": "none",
        **values,
    }
    return Tree(
        srcdir=folder, confdir=None, state=state or _default_state(folder), overrides=overrides
    )


def _pages(folder: Path, suffix: str) -> list[Path]:
    hidden = (path for path in folder.rglob(f"*{suffix}") if path.is_file())
    return [path for path in hidden if not _is_hidden(path.relative_to(folder))]


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") or part in ("_build", "node_modules") for part in path.parts)


def _root_of(folder: Path, suffix: str) -> str:
    for name in _ROOTS:
        if (folder / f"{name}{suffix}").is_file():
            return name
    first = min(_pages(folder, suffix), key=lambda path: (len(path.parts), str(path)))
    return first.relative_to(folder).with_suffix("").as_posix()


def _default_state(folder: Path) -> Path:
    """``build/honestdocs/NAME-HASH`` here; in the user's cache when here is inside the tree."""
    resolved = folder.resolve()
    name = f"{resolved.name}-{hashlib.blake2b(str(resolved).encode(), digest_size=4).hexdigest()}"
    here = Path.cwd()
    if here == resolved or resolved in here.parents:
        cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        return Path(cache) / "honestdocs" / name
    return here / "build" / "honestdocs" / name


def verify(tree: Tree, verifier: Verifier, *, warnings: IO[str], jobs: int = 1) -> Report:
    """Reads and verifies a tree; returns the report.

    Raises TreeError for what a person must mend.
    """
    with _application(tree, verifier, "verify", tree.state / "verify", warnings, jobs) as app:
        builder = cast("VerifyBuilder", app.builder)
        builder.quiet = True
        app.build()
        return builder.report or Report()


def read_links(tree: Tree, *, warnings: IO[str], jobs: int = 1) -> LinkIndex:
    """Reads a tree; returns all its links. Raises TreeError for what a person must mend."""
    verifier = Verifier(asked=False)
    with _application(tree, verifier, "links", tree.state / "links", warnings, jobs) as app:
        app.build()
        found = cast("LinksBuilder", app.builder).links
        assert found is not None  # noqa: S101 - the builder notes them
        return found


def build(  # noqa: PLR0913 - what a build is told
    tree: Tree,
    verifier: Verifier,
    output: Path,
    *,
    warnings: IO[str],
    jobs: int = 1,
    everything: bool = False,
    prepare: Callable[[Sphinx], None] = lambda _app: None,
) -> Sphinx:
    """Verifies a tree and writes it as HTML; warnings count as errors in ``statuscode``.

    ``everything`` reads and writes all pages again; ``prepare`` is shown the application before
    it builds. Raises TreeError.
    """
    with _application(
        tree, verifier, "html", output, warnings, jobs, fresh=everything, strict=True
    ) as app:
        prepare(app)
        app.build(force_all=everything)
        return app


@contextmanager
def _application(  # noqa: PLR0913, PLR0917 - Sphinx's own arguments
    tree: Tree,
    verifier: Verifier,
    builder: str,
    output: Path,
    warnings: IO[str],
    jobs: int,
    *,
    fresh: bool = False,
    strict: bool = False,
) -> Iterator[Sphinx]:
    class Application(Sphinx):
        honestdocs_verifier = verifier

        def preload_builder(self, name: str) -> None:
            if "honestdocs" not in self.extensions:
                said = "the tree does not load our extension: add 'honestdocs' to extensions"
                raise TreeError(f"{tree.confdir}/conf.py: {said}")
            super().preload_builder(name)

    manners: AbstractContextManager[None] = lenient() if tree.foreign else nullcontext()
    confdir = None if tree.confdir is None else str(tree.confdir)
    _make_state(tree.state)
    with _plain_errors(), patch_docutils(confdir), docutils_namespace(), manners:
        yield Application(
            str(tree.srcdir),
            confdir,
            str(output),
            str(tree.state / "doctrees"),
            builder,
            dict(tree.overrides),
            status=None,
            warning=warnings,
            freshenv=fresh,
            warningiserror=strict,
            parallel=jobs,
        )


def _make_state(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise TreeError(f"{folder}: cannot keep doctrees and outcomes there: {reason}") from error


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Raises TreeError for everything that a person must mend, with the message of the error
    that it began with: Sphinx wraps ours in its own.
    """
    try:
        yield
    except (ContractError, VerificationError, SphinxError) as error:
        current: BaseException | None = error
        while current is not None and not isinstance(current, (ContractError, VerificationError)):
            current = current.__cause__
        raise TreeError(str(current or error)) from error


_INCLUDE = re.compile(
    r"^(?P<place>.+?:\d+): \w+: Problems with [\"'](?P<name>[\w-]+)[\"'] directive path"
)
_LITERAL = re.compile(r"^(?P<place>.+?:\d+): \w+: Include file [\"'](?P<file>.+?)[\"'] not found")
_MISSING = re.compile(r"InputError: \[Errno \d+\] (?P<why>[^:]+): ['\"]?(?P<file>[^'\"\s]+)")


def include_warnings(said: str) -> list[str]:
    """Of Sphinx's warnings those that mean part of a page was not read, a sentence each."""
    found: list[str] = []
    lines = re.sub(r"\x1b\[[\d;]*m", "", said).split("\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        literal = _LITERAL.match(line)
        if literal is not None:
            found.append(_unread(literal["place"], f"literalinclude {literal['file']}: not found"))
        include = _INCLUDE.match(line)
        if include is None:
            continue
        missing = _MISSING.search(following)
        why = f"{missing['file']}: {missing['why'].lower()}" if missing else following.strip()
        found.append(_unread(include["place"], f"{include['name']} {why}"))
    return found


def _unread(place: str, said: str) -> str:
    file, _, number = place.rpartition(":")
    return f"{os.path.relpath(file)}:{number}: {said}"
