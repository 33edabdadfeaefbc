"""Paths and ids that come from outside.

Owns what a path in a repository may look like, and an id. Must not know which repository.
"""

from __future__ import annotations

import re

from honestdocs.hosting.errors import RepositoryError, UnknownChangesetError

_NODE = re.compile("(?!f+$)[0-9a-f]{12,40}")
"""Never the id of nothing but ``f``: Mercurial takes it for the working copy."""
_FORBIDDEN = frozenset({"", ".", "..", ".hg", ".git"})


def checked_node(node: str) -> str:
    """The id of a changeset. Raises UnknownChangesetError for any other text."""
    if not _NODE.fullmatch(node):
        raise UnknownChangesetError(f"{node!r} is no id of a changeset")
    return node


def checked_path(path: str) -> str:
    """A path below the root of a repository. Raises RepositoryError for any other text."""
    parts = path.split("/")
    odd = not path.isprintable() or "\\" in path
    if odd or any(part.lower() in _FORBIDDEN for part in parts):
        raise RepositoryError(f"{path!r} is no path of a file in a repository")
    return path
