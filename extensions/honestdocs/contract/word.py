"""Words in texts: where one stands alone.

Owns what may stand beside a word. Must not know what words mean.
"""

from __future__ import annotations


def find_word(text: str, word: str, start: int = 0) -> int:
    """Where a word stands alone, with no letter, digit, ``_`` or ``-`` beside it; -1 if nowhere.

    A pattern would say the same, but to compile one costs more than a page of searches.
    """
    at = text.find(word, start)
    while at >= 0:
        end = at + len(word)
        if not (_joins(text[at - 1 : at]) or _joins(text[end : end + 1])):
            return at
        at = text.find(word, at + 1)
    return -1


def _joins(char: str) -> bool:
    return char.isalnum() or char in {"_", "-"}
