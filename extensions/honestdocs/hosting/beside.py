"""The editions beside the site: versions of tags and named branches, previews of drafts.

Owns which there are to be, building them one after the other without holding up a push, and
dropping those that are gone. Must not judge: what they show is in the repository already.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import quote, unquote

from honestdocs.contract.flaw import FlawKind
from honestdocs.hosting import durable, heads
from honestdocs.hosting.attempt import Attempt
from honestdocs.hosting.edition import Edition
from honestdocs.hosting.errors import HostError, RepositoryError
from honestdocs.hosting.home import Home
from honestdocs.hosting.recipe import Build
from honestdocs.hosting.settings import Settings, load

VERSIONS, PREVIEWS = "versions", "previews"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An edition that is to be: ``kind`` is tag, branch or draft."""

    name: str
    kind: str
    node: str

    @property
    def edition(self) -> str:
        """Its edition's name, which is its address too."""
        return edition_name(PREVIEWS if self.kind == "draft" else VERSIONS, self.name)


def edition_name(folder: str, name: str) -> str:
    """The name of the edition of a tag, branch or topic: one folder, whatever it is called."""
    quoted = quote(name, safe="")
    return f"{folder}/{quoted.replace('.', '%2E', 1) if quoted.startswith('.') else quoted}"


def branch_edition(branch: str, settings: Settings) -> str:
    """The edition of a named branch that is a version; empty where it is none."""
    if branch == settings.branch or not _any(branch, settings.branches):
        return ""
    return edition_name(VERSIONS, branch)


def wanted(home: Home, settings: Settings) -> tuple[Wanted, ...]:
    """The editions that the repository asks for, as it is now."""
    found: dict[str, Wanted] = {}
    for name, kind, node in heads.names(home):
        tag = kind == "tag" and _any(name, settings.versions)
        branch = kind == "branch" and bool(branch_edition(name, settings))
        if tag or branch or (kind == "draft" and settings.previews):
            one = Wanted(name=name, kind=kind, node=node)
            found.setdefault(one.edition, one)
    return tuple(found.values())


def _any(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


class Beside:
    """What is to be built beside the site, and what is being built."""

    def __init__(
        self,
        home: Home,
        build: Build,
        edition: Callable[[str], Edition],
        say: Callable[[str], None],
    ) -> None:
        self._home = home
        self._build = build
        self._edition = edition
        self._say = say
        self._due: list[Wanted] = []
        self._now: tuple[Wanted, Attempt] | None = None

    @property
    def running(self) -> Attempt | None:
        """What is being built."""
        return self._now[1] if self._now else None

    @property
    def busy(self) -> bool:
        """Whether there is anything to do."""
        return bool(self._due or self._now)

    def refresh(self) -> None:
        """Looks at the repository again: what is new is due, what is gone is dropped."""
        settings = load(self._home.settings)
        try:
            there = wanted(self._home, settings)
        except RepositoryError as error:
            self._say(f"docs: {error}")
            return
        self._drop({one.edition for one in there})
        self._due = [one for one in there if self._edition(one.edition).node() != one.node]
        self._list(there)

    def _drop(self, kept: set[str]) -> None:
        if self._now is not None and self._now[0].edition not in kept:
            self._now[1].stop()
            self._now = None
        for folder in (VERSIONS, PREVIEWS):
            for path in (self._home.folder / folder).glob("*"):
                name = f"{folder}/{path.name}"
                if name not in kept:
                    shutil.rmtree(path, ignore_errors=True)
                    shutil.rmtree(self._home.workspace(name), ignore_errors=True)

    def _list(self, there: tuple[Wanted, ...]) -> None:
        """Tells the pages which versions there are."""
        shown = [
            {"name": one.name, "kind": one.kind, "url": f"{one.edition}/"}
            for one in there
            if one.kind != "draft" and self._edition(one.edition).site.current
        ]
        self._home.beside.mkdir(exist_ok=True)
        durable.write_json(self._home.beside / "versions.json", {"versions": shown})

    def go_on(self) -> None:
        """Begins the next one, and publishes the one that is done."""
        if self._now is not None:
            self._now[1].feed()
            if self._now[1].over:
                self._finish(*self._now)
        if self._now is None and self._due:
            self._begin(self._due.pop(0))

    def _begin(self, one: Wanted) -> None:
        edition = self._edition(one.edition)
        try:
            edition.recover()
            edition.lay_out(lambda _: heads.fetch(self._home, edition.present(), one.node))
        except (HostError, RepositoryError) as error:
            self._say(f"docs: {one.edition} could not be built: {error}")
            return
        self._now = (one, edition.attempt(self._build, one.node, pending=False))

    def _finish(self, one: Wanted, attempt: Attempt) -> None:
        self._now = None
        edition = self._edition(one.edition)
        try:
            judgement = edition.judge(attempt)
        except HostError as error:
            self._say(f"docs: {one.edition} could not be built: {error}")
            return
        hidden = [f for f in judgement.new if not f.path or f.kind is FlawKind.OUTSIDE]
        if hidden:
            self._say(f"docs: {one.edition} could not be built: {hidden[0]}")
            return
        edition.publish(one.node)
        edition.settle()
        self._say(f"docs: {one.edition} published, {len(judgement.new)} problems")
        self._list(wanted(self._home, load(self._home.settings)))


def good_nodes(
    home: Home, settings: Settings, edition: Callable[[str], Edition]
) -> Mapping[str, str]:
    """What is published of each named branch that is a version."""
    found: dict[str, str] = {}
    for path in (home.folder / VERSIONS).glob("*"):
        branch = unquote(path.name)
        if branch_edition(branch, settings):
            found[branch] = edition(f"{VERSIONS}/{path.name}").node()
    return found
