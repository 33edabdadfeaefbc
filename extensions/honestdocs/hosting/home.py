"""Where everything of a hosted repository stands.

Owns the paths below ``.hg/honestdocs``. Must not know what is in the files.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from honestdocs.hosting.errors import HostError

FOLDER = Path(".hg") / "honestdocs"
MAIN = "main"
"""The edition that readers come to first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The places of one hosted repository, whose root is ``root``."""

    root: Path

    @classmethod
    def at(cls, folder: Path) -> Home:
        """The home of a hosted repository. Raises HostError where it is not hosted."""
        home = cls(root=folder.resolve())
        if not home.settings.is_file():
            raise HostError(
                f"{folder}: is not hosted; make it so with: honestdocs host init {folder}"
            )
        return home

    @property
    def folder(self) -> Path:
        """Everything that hosting adds to the repository stands below it."""
        return self.root / FOLDER

    @property
    def settings(self) -> Path:
        """What the host's administrator decides."""
        return self.folder / "host.toml"

    @property
    def hgrc(self) -> Path:
        """Mercurial's settings for every process of the host: its HGRCPATH."""
        return self.folder / "hgrc"

    @property
    def overlay(self) -> Path:
        """The server's own ``conf.py`` and extensions, at the paths that they have in the tree."""
        return self.folder / "server"

    @property
    def socket(self) -> Path:
        """Where the builder listens."""
        return self.folder / "builder.sock"

    @property
    def lock(self) -> Path:
        """Held by the builder that runs."""
        return self.folder / "builder.lock"

    @property
    def log(self) -> Path:
        """What the builder said."""
        return self.folder / "builder.log"

    @property
    def audit(self) -> Path:
        """Who pushed what, and what the gate said: a line of JSON each."""
        return self.folder / "audit.log"

    @property
    def users(self) -> Path:
        """Who may push, with hashes of their passwords."""
        return self.folder / "users.json"

    @property
    def current(self) -> Path:
        """The site that is served: a link to one of its releases."""
        return self.site(MAIN) / "current"

    @property
    def beside(self) -> Path:
        """What is served for all editions: the list of versions."""
        return self.folder / "beside"

    @property
    def editing(self) -> Path:
        """What editing in the browser needs: a clone, previews, a socket and a lock."""
        return self.folder / "editing"

    @property
    def live(self) -> Path:
        """What the live part of the portal has for itself: snapshot, outcomes, history."""
        return self.folder / "live"

    def site(self, edition: str) -> Path:
        """The folder of an edition's releases."""
        return self.folder if edition == MAIN else self.folder / edition

    def workspace(self, edition: str) -> Path:
        """Where an edition is built."""
        return self.folder / "work" / edition
