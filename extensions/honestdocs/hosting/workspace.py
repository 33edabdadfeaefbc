"""Where an edition is built: the last good state, and a candidate that starts from it.

Owns the two folders and the way between them. Whatever ends the process, the next candidate
starts from a state that was accepted as a whole. Must not know how a tree is built.
"""

from __future__ import annotations

import os
from pathlib import Path

from honestdocs.hosting import durable
from honestdocs.hosting.mirror import mirror

_ACCEPTED = "accepted"


class Workspace:
    """The folders ``good`` and ``candidate``, each with ``tree``, ``state`` and ``site``.

    Everything happens in ``candidate``, always at one path, since what Sphinx keeps holds it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.good = folder / "good"
        self.candidate = folder / "candidate"
        self._same = False

    @property
    def tree(self) -> Path:
        """The sources of the candidate."""
        return self.candidate / "tree"

    @property
    def state(self) -> Path:
        """What is kept between builds."""
        return self.candidate / "state"

    @property
    def site(self) -> Path:
        """The pages of the candidate."""
        return self.candidate / "site"

    def begin(self) -> str:
        """Makes the candidate the same as what was accepted last; returns its node, or ``""``."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.settle()
        (self.candidate / _ACCEPTED).unlink(missing_ok=True)
        for folder in (self.tree, self.state, self.site):
            folder.mkdir(parents=True, exist_ok=True)
        self._same = False
        return self.node()

    def node(self) -> str:
        """The node of the good state; empty before the first."""
        found = durable.read_json(self.good / "node.json")
        return found if isinstance(found, str) else ""

    def accept(self, node: str) -> None:
        """Makes the candidate the good state, once ``settle`` has run."""
        durable.write_json(self.candidate / "node.json", node)
        durable.write_text(self.candidate / _ACCEPTED, node)

    def accepted(self) -> str:
        """The node that was accepted last, whether or not it is settled."""
        found = durable.read_json(self.candidate / "node.json")
        if (self.candidate / _ACCEPTED).exists() and isinstance(found, str):
            return found
        return self.node()

    def whole(self) -> tuple[Path, int]:
        """The folder that holds what was accepted last, for who only reads; and a mark, which is
        another as soon as the folder may be another or may have changed.
        """
        try:
            return self.candidate, (self.candidate / _ACCEPTED).stat().st_mtime_ns
        except FileNotFoundError:
            return self.good, 0

    def settle(self) -> None:
        """Makes both folders the same, after the one that was accepted last."""
        if self._same or not self.folder.is_dir():
            return
        self.good.mkdir(parents=True, exist_ok=True)
        if (self.candidate / _ACCEPTED).exists():
            mirror(self.candidate, self.good)
            (self.good / _ACCEPTED).unlink(missing_ok=True)
        elif self.candidate.is_dir() or any(os.scandir(self.good)):
            mirror(self.good, self.candidate)
        self._same = True
