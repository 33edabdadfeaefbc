"""One edition of the documentation: built, judged, and published.

Owns the way of one changeset from its files to a release. Must not know which changeset is
whose turn, or who pushed it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from honestdocs.contract.flaw import Built, Flaw, FlawKind
from honestdocs.hosting.attempt import Attempt
from honestdocs.hosting.conversation import Sent
from honestdocs.hosting.errors import HostError
from honestdocs.hosting.home import Home
from honestdocs.hosting.known import Known, merge_known, new_flaws, read_known, write_known
from honestdocs.hosting.pattern import matches
from honestdocs.hosting.recipe import Build, Recipe, packed, unpacked
from honestdocs.hosting.release import Site
from honestdocs.hosting.settings import Settings
from honestdocs.hosting.workspace import Workspace

Fetch = Callable[[str], Iterable[Sent]]
"""The files that differ between the tree of a node (or an empty one) and the one to be built."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is to be said of a candidate: ``new`` are the flaws that it brought."""

    new: tuple[Flaw, ...]
    warned: tuple[Flaw, ...]
    known: int
    built: Built


class Edition:
    """An edition with its workspace and its site."""

    def __init__(self, home: Home, name: str) -> None:
        self.name = name
        self.site = Site(home.site(name))
        self.settings = Settings()
        self._home = home
        self._workspace = Workspace(home.workspace(name))

    def node(self) -> str:
        """The node that was accepted last; empty before the first."""
        return self._workspace.accepted()

    def known(self) -> Known:
        """What is known to be wrong with what was accepted last, by file."""
        return read_known(self._workspace.good / "state" / "known.json")

    def present(self) -> tuple[str, ...]:
        """The paths of the files in the candidate's tree, without those of the server."""
        tree, overlay = self._workspace.tree, self._home.overlay
        paths = (path.relative_to(tree) for path in tree.rglob("*") if path.is_file())
        return tuple(path.as_posix() for path in paths if not (overlay / path).is_file())

    def lay_out(self, fetch: Fetch) -> None:
        """Makes the candidate's tree that of a node, with the server's own files over it.

        Raises HostError for a file that may not be there.
        """
        old = self._workspace.begin()
        tree = self._workspace.tree
        for sent in fetch(old):
            if not matches(sent.path, self.settings.protected):
                _place(tree, sent)
        overlay = self._home.overlay
        for source in sorted(path for path in overlay.rglob("*") if path.is_file()):
            if "__pycache__" not in source.parts:
                _copy(source, tree / source.relative_to(overlay))

    def attempt(self, build: Build, node: str, *, pending: bool) -> Attempt:
        """Begins to build the candidate in a process of its own, and to prepare its release."""
        recipe = replace(self.recipe(node), pending=pending)

        def work() -> dict[str, object]:
            built = build(recipe)
            if not any(flaw.path == "" for flaw in built.flaws):
                self.site.prepare(recipe.site, node)
            return packed(built)

        return Attempt(work, seconds=self.settings.time_limit)

    def recipe(self, node: str) -> Recipe:
        """How the candidate is built."""
        return Recipe(
            node=node,
            edition=self.name,
            root=self._home.root,
            tree=self._workspace.tree,
            state=self._workspace.state,
            site=self._workspace.site,
        )

    def judge(self, attempt: Attempt) -> Judgement:
        """What came of an attempt that is over. Raises HostError where nothing came of it."""
        if attempt.result is None:
            limit = f"took longer than {self.settings.time_limit:g} s"
            raise HostError(limit if attempt.late else "ended before it was done: see builder.log")
        built = unpacked(attempt.result)
        file = self._workspace.state / "known.json"
        known = read_known(file)
        found = tuple(one for one in built.flaws if _concerns(one, built))
        new = new_flaws(found, known)
        write_known(file, merge_known(known, found, built.read))
        unsure = tuple(one for one in new if one.kind is FlawKind.UNCHECKED)
        strict = self.settings.unchecked == "refuse"
        return Judgement(
            new=tuple(one for one in new if strict or one not in unsure),
            warned=() if strict else unsure,
            known=len(found) - len(new),
            built=built,
        )

    def publish(self, node: str) -> None:
        """Serves the candidate from now on, and makes it what the next one starts from."""
        self._workspace.accept(node)
        self.site.publish(node)

    def keep(self, node: str) -> None:
        """Makes the candidate what the next one starts from, and serves nothing."""
        self._workspace.accept(node)
        self._workspace.settle()

    @property
    def kept_site(self) -> Path:
        """The pages of what was accepted last, once it is settled."""
        return self._workspace.good / "site"

    def settle(self) -> None:
        """What can wait until the pusher has his answer."""
        self._workspace.settle()
        self.site.prune(self.settings.keep)

    def recover(self) -> None:
        """Mends what an end without warning has left; publishes what was accepted."""
        self.site.recover()
        node = self._workspace.accepted()
        self._workspace.settle()
        if node and (self.site.prepared(node) or not self.site.current):
            self.site.prepare(self._workspace.site, node)
            self.site.publish(node)


def _concerns(flaw: Flaw, built: Built) -> bool:
    """Whether a flaw is one of what was built, or of the service since the last build."""
    return flaw.kind is FlawKind.BROKEN or flaw.path in built.read


def _place(tree: Path, sent: Sent) -> None:
    path = tree / sent.path
    if sent.content is None:
        if path.is_file():
            path.unlink()
        return
    if "l" in sent.flags:
        raise HostError(f"{sent.path}: symbolic links are not accepted")
    if path.is_file() and path.read_bytes() == sent.content:
        return
    _make_room(tree, path)
    path.write_bytes(sent.content)


def _make_room(tree: Path, path: Path) -> None:
    """A folder may have become a file since, and a file a folder."""
    if path.is_dir():
        shutil.rmtree(path)
    for above in path.parents:
        if above == tree:
            break
        if above.is_file():
            above.unlink()
    path.parent.mkdir(parents=True, exist_ok=True)


def _copy(source: Path, target: Path) -> None:
    """Copies a file where it differs, so that Sphinx sees a change only where there is one."""
    content = source.read_bytes()
    if not target.is_file() or target.read_bytes() != content:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
