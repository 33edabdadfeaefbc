"""What can go wrong while checking, other than an example being wrong.

Owns the exceptions of this package, a sentence each.
Must not know where they are caught or how they are shown.
"""

from __future__ import annotations


class VerificationError(Exception):
    """Checking could not go on; the message names the thing, its place and what to do."""


class ServerError(VerificationError):
    """A server that a command should have started is not there to be asked.

    ``exit_code`` is negative for a signal and ``None`` where the server had not ended; ``lines``
    are the last of its output, which the message holds too.
    """

    def __init__(
        self, message: str, *, exit_code: int | None = None, lines: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.lines = lines


class StoreError(VerificationError):
    """Results that cannot be kept or read; the message names the file and what to do."""


class ExecutorError(VerificationError):
    """Workers that cannot be had; the message names what was asked for and what to do."""


class MergeError(VerificationError):
    """Reports that cannot be joined; the message names them, and what to do."""
