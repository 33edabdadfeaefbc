"""What a person at the command line has to mend.

Owns the exception. Must not know how it is shown.
"""

from __future__ import annotations


class UsageError(Exception):
    """Something that the person at the command line has to mend."""
