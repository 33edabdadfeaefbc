"""What can go wrong with a repository.

Owns the exceptions. Must not know who asked.
"""

from __future__ import annotations


class RepositoryError(Exception):
    """A repository that cannot be read or written, with its place and the tool's words."""


class UnknownChangesetError(RepositoryError):
    """A changeset that the repository does not hold (any more)."""


class RefusedError(RepositoryError):
    """A changeset that the other repository did not take; ``lines`` is what its gate said."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("; ".join(lines) or "refused without a word")
        self.lines = lines


class OvertakenError(RefusedError):
    """A changeset that came too late: another one was published in the meantime."""


class HostError(Exception):
    """Something about a host that its administrator has to mend: the place, and what to do."""
