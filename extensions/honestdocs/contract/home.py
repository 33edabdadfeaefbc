"""Which page a lie is told on.

Owns the way from a lie's example or file to its page; a file may be included in several. Must
not know how a page tells it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping

from honestdocs.contract.example import Example
from honestdocs.contract.operation import Operation
from honestdocs.contract.outcome import Lie


def homes_of(operations: Iterable[Operation], examples: Iterable[Example]) -> dict[str, str]:
    """The page of each file, and of each example by its id."""
    examples = tuple(examples)
    homes = {operation.place.file: operation.page for operation in operations}
    homes |= {example.place.file: example.page for example in examples}
    return homes | {example.id: example.page for example in examples}


def home_of(lie: Lie, homes: Mapping[str, str]) -> str:
    """The page that a lie is told on."""
    file = lie.mismatch.place.file
    return homes.get(lie.example) or homes.get(file) or posixpath.splitext(file)[0]
