"""How rarely garbage is collected while a tree is built: most of what a build makes stays.

Owns the thresholds of Python's collector. A collection looks at all that Sphinx holds, again and
again, and finds next to nothing: of a build of one page among 500 that is half the time. Must not
know what is built.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

VARIABLE = "HONESTDOCS_TUNED"
"""The environment variable that asks for it in a build that another command starts."""

_RARE = (20_000, 1_000, 1_000)


def tune_collector() -> None:
    """Makes collections rare from now on: for the entry point of a process that builds."""
    gc.freeze()
    gc.set_threshold(*_RARE)


def tune_if_asked() -> None:
    """Makes them rare where who has started this process wants it, as ``honestdocs live`` does."""
    if os.environ.get(VARIABLE):
        tune_collector()


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Makes collections rare for the length of a ``with`` block, in a process of others."""
    before = gc.get_threshold()
    gc.set_threshold(*_RARE)
    try:
        yield
    finally:
        gc.set_threshold(*before)
