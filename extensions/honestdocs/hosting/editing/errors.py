"""What can be wrong with what somebody asks of the editor.

Owns the exception and the statuses that it carries (RFC 9110). Must not know who asked.
"""

from __future__ import annotations

from honestdocs.hosting.errors import HostError


class EditError(Exception):
    """What is told to whoever asked, with the status of the answer; ``lines`` say more.

    ``wait`` is in how many seconds it is worth asking again, 0 where nobody knows.
    """

    def __init__(
        self, status: int, said: str, lines: tuple[str, ...] = (), *, wait: int = 0
    ) -> None:
        super().__init__(said)
        self.status = status
        self.lines = lines
        self.wait = wait


def as_edit_error(error: Exception) -> EditError:
    """What is told of an error that is not the fault of whoever asked."""
    if isinstance(error, EditError):
        return error
    if isinstance(error, HostError):
        return EditError(503, f"Tell whoever runs this host: {error}.")
    return EditError(503, "The repository does not answer; try again soon.", wait=5)
