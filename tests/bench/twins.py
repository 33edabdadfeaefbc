"""What the Markdown twins add to a build: their CPU seconds beside those of all the rest.

Owns the stopwatch, which runs in the process of the build: the share is too small to be told from
two builds. Must not know what a twin says.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any
from unittest.mock import patch

from builds import OPERATIONS, OURS, PAGES, write_pages
from sphinx.cmd.build import main as sphinx
from table import show, verdict

from honestdocs.sphinxext.markdown.twins import Twins

SHARE = 0.05


def bench(*, quick: bool) -> None:
    """Prints the CPU of twins and overview as a share of the rest of a clean build."""
    pages = 40 if quick else PAGES
    spent: list[float] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(Twins, "write", _timed(Twins.write, spent)),
        patch.object(Twins, "tell", _timed(Twins.tell, spent)),
    ):
        tree = write_pages(Path(folder) / "ours", pages, OURS)
        begun = time.process_time()
        sphinx(["-q", "-b", "html", str(tree), str(tree / "build")])
        rest = time.process_time() - begun - sum(spent)
    share = sum(spent) / rest
    figures = [f"{sum(spent):.2f} s", f"{rest:.2f} s", f"{share:.1%}", f"{SHARE:.0%}"]
    row = ["CPU of Markdown twins", *figures, verdict(share, SHARE, most=True)]
    title = f"Markdown twins of {pages} pages with {OPERATIONS} operations each"
    show(title, ("", "twins", "the rest", "share", "at most", ""), [row])


def _timed(call: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    @wraps(call)
    def timed(*arguments: object) -> object:
        begun = time.process_time()
        try:
            return call(*arguments)
        finally:
            spent.append(time.process_time() - begun)

    return timed
