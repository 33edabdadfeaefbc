"""What can be wrong with what somebody asks of the editor.

Owns the exception and the statuses that it carries (RFC 9110). Must not know who asked.
"""

from __future__ import annotations


class EditError(Exception):
    """What is told to whoever asked, with the status of the answer; ``lines`` say more."""

    def __init__(self, status: int, said: str, lines: tuple[str, ...] = ()) -> None:
        super().__init__(said)
        self.status = status
        self.lines = lines
