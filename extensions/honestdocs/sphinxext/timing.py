"""How long the steps of a build took, told at its end to those who edit pages.

Owns the stopwatch. It is wound only where ``HONESTDOCS_TIMES`` is in the environment, as
``honestdocs live`` puts it. Must not know what is done in a step.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

VARIABLE = "HONESTDOCS_TIMES"
_FIRST, _LAST = 1, 999
logger = logging.getLogger(__name__)


class Stopwatch:
    """The times of one build, in seconds of the clock."""

    def __init__(self) -> None:
        self._marks: dict[str, float] = {}
        self._read: list[str] = []

    def connect(self, app: Sphinx) -> None:
        """Listens to the build, if anybody wants to know."""
        if not os.environ.get(VARIABLE):
            return
        app.connect("builder-inited", lambda _app: self._mark("began"), priority=_FIRST)
        app.connect("env-before-read-docs", self._note, priority=_LAST)
        app.connect("env-updated", lambda _app, _env: self._mark("read"), priority=_FIRST)
        app.connect("env-updated", lambda _app, _env: self._mark("proven"), priority=_LAST)
        app.connect("build-finished", self._tell, priority=_LAST)

    def _mark(self, name: str) -> None:
        self._marks[name] = time.time()

    def _note(self, _app: Sphinx, _env: BuildEnvironment, names: list[str]) -> None:
        self._read = list(names)

    def _tell(self, app: Sphinx, error: Exception | None) -> None:
        marks = self._marks
        if error is not None or "proven" not in marks:
            return
        pages = f"{len(self._read)} page{'' if len(self._read) == 1 else 's'}"
        told = [
            f"read {pages} in {marks['read'] - marks['began']:.2f} s",
            f"proved in {marks['proven'] - marks['read']:.2f} s",
            f"wrote in {time.time() - marks['proven']:.2f} s",
        ]
        saved = self._saved(app)
        if saved and saved < marks["began"]:
            told.append(f"{marks['proven'] - saved:.2f} s from saved to proven")
            told.append(f"{time.time() - saved:.2f} s to shown")
        logger.info("honestdocs: %s", ", ".join(told))

    def _saved(self, app: Sphinx) -> float:
        """When the last of the pages was saved that were read; 0 for a first build."""
        if len(self._read) == len(app.env.found_docs):
            return 0.0
        times = (Path(app.env.doc2path(name)) for name in self._read)
        return max((path.stat().st_mtime for path in times if path.exists()), default=0.0)
