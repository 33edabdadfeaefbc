"""Refusals of the registration: the numbers that clients of Weave know, and two without number.

Owns the numbers.  Must not know when which is due, nor HTTP.
"""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    """Why something was not done; the number is the whole body of the answer 400."""

    CAPTCHA = 2
    NAME = 3
    TAKEN = 4
    JSON = 6
    NO_PASSWORD = 7
    WEAK_PASSWORD = 9
    RESET_CODE = 10
    ADDRESS = 12
    FOREIGN_ADDRESS = 15


class RefusalError(Exception):
    """The registration refuses what was asked, with a number."""

    def __init__(self, code: Code) -> None:
        """Refuse with `code`."""
        super().__init__(code.name)
        self.code = code


class UnknownUserError(Exception):
    """There is no such user."""
