"""The two identifiers of the key exchange: of a channel and of a party.

Owns their alphabets and lengths, and drawing a new one.  Must not know channels or HTTP; the
randomness is an argument.
"""

from __future__ import annotations

import random

# Read from one screen and typed on another: none of 0 and o, 1 and l.
ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"
PARTY_LENGTH = 256


def create_cid(randomness: random.Random, length: int) -> str:
    """Return a channel identifier of `length` characters."""
    return "".join(randomness.choices(ALPHABET, k=length))


def is_cid(text: str, length: int) -> bool:
    """Tell whether `text` could name a channel."""
    return len(text) == length and all(character in ALPHABET for character in text)


def is_party(text: str) -> bool:
    """Tell whether `text` could name a party."""
    return len(text) == PARTY_LENGTH
