"""What an earlier build told of a tree that asks nobody and shows nothing.

Owns the way to tell it again: as long as neither a page nor an outcome has changed, there is
nothing to assemble. Must not know how it was found out.
"""

from __future__ import annotations

import hashlib
import pickle
from importlib.metadata import version
from typing import TYPE_CHECKING, cast

from honestdocs.sphinxext.collector import packed_pages, panel_pages

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.environment import BuildEnvironment

    from honestdocs.contract.outcome import Lie
    from honestdocs.sphinxext.verified import Verified

_MEMO = "honestdocs_memo"
"""Where the environment keeps a digest of the tree, and the lies packed."""


def recall(env: BuildEnvironment, outcomes: Path) -> tuple[Lie, ...] | None:
    """The lies of the tree as it is, None where it has to be looked at again."""
    tree, lies = getattr(env, _MEMO, ("", b""))
    if not tree or tree != _tree(env, outcomes):
        return None
    return cast("tuple[Lie, ...]", pickle.loads(lies))  # noqa: S301 - written by this module below


def remember(env: BuildEnvironment, outcomes: Path, verified: Verified) -> None:
    """Keeps the lies of a tree of which nothing is shown on its pages; forgets any other's."""
    shown = bool(panel_pages(env)) or any(r.checked_at for r in verified.proof.results.values())
    known = ("", b"") if shown else (_tree(env, outcomes), pickle.dumps(verified.lies))
    setattr(env, _MEMO, known)


def _tree(env: BuildEnvironment, outcomes: Path) -> str:
    """A digest of all pages, and of the file of outcomes by its time and size."""
    try:
        facts = outcomes.stat()
        seen = (facts.st_mtime_ns, facts.st_size)
    except OSError:
        seen = (0, 0)
    whole = hashlib.blake2b(repr((version("honestdocs"), seen)).encode(), digest_size=16)
    for name, packed in sorted(packed_pages(env).items()):
        whole.update(repr((name, len(packed))).encode())
        whole.update(packed)
    return whole.hexdigest()
