"""Where a tree comes from that is built outside of its repository: an export, or what is hosted.

Owns the setting that says so. Must not know what is done with the history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from honestdocs.contract.errors import ConfigurationError

if TYPE_CHECKING:
    from sphinx.application import Sphinx

NAME = "honestdocs_history_from"
_PLACE = f"conf.py: {NAME}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The repository, the changeset whose tree this is, and the folder that holds that tree.

    Empty values say: the repository that the sources lie in, what is checked out of it, its
    own folder.
    """

    repository: str = ""
    head: str = ""
    folder: str = ""

    def root(self, repository: Path) -> Path:
        """The folder that stands for the root of the repository."""
        return Path(self.folder).resolve() if self.folder else repository


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosted:
    """Tells a build of a hosted tree where its history is, and at which ``addresses``.

    What the tree says itself of an address counts. ``shows`` tells whether it is shown at all.
    """

    origin: Origin
    addresses: Mapping[str, str]
    shows: bool = True

    def connect(self, app: Sphinx) -> None:
        """Sets what a tree cannot know of itself."""
        app.config.honestdocs_history = self.shows
        setattr(app.config, NAME, asdict(self.origin))
        if not app.config.honestdocs_history_url:
            app.config.honestdocs_history_url = dict(self.addresses)


def parse_origin(value: Mapping[str, object]) -> Origin:
    """The origin that a setting spells. Raises ConfigurationError."""
    known = [one.name for one in fields(Origin)]
    for name, given in value.items():
        if name not in known:
            raise ConfigurationError(f"{_PLACE}: unknown {name!r}; known are {', '.join(known)}")
        if not isinstance(given, str):
            raise ConfigurationError(f"{_PLACE}: {name} must be a text, not {given!r}")
    return Origin(**{name: str(given) for name, given in value.items()})
