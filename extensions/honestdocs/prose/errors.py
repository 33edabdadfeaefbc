"""What keeps sources from being looked through.

Owns the root of this package's errors.
"""

from __future__ import annotations


class ProseError(Exception):
    """A tool is missing, or refuses its configuration; the message says which and what to do."""
