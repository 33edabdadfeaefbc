"""Which repository a folder lies in.

Owns the choice of an adapter. Must not know what a repository is used for.
"""

from __future__ import annotations

from pathlib import Path

from honestdocs.hosting.errors import RepositoryError
from honestdocs.hosting.git import Git
from honestdocs.hosting.mercurial import Mercurial
from honestdocs.hosting.repository import Repository


def open_repository(folder: Path, *, settings: str = "") -> Repository:
    """The repository that holds a folder; ``settings`` is Mercurial's settings file.

    Raises RepositoryError where there is none, or its tool is not installed.
    """
    resolved = folder.resolve()
    for above in (resolved, *resolved.parents):
        if (above / ".hg").is_dir():
            return Mercurial(above, settings=settings)
        if (above / ".git").exists() or _is_bare(above):
            return Git(above)
    raise RepositoryError(f"{folder}: lies in no repository of Mercurial or git")


def _is_bare(folder: Path) -> bool:
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir()
