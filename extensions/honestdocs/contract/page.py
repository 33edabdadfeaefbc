"""What one page says: its operations and the blocks that may be examples.

Owns the plain value that the reader hands over and the environment stores. Must not know how
a page was read.
"""

from __future__ import annotations

from dataclasses import dataclass

from honestdocs.contract.example import Block
from honestdocs.contract.operation import Operation
from honestdocs.contract.outcome import Lie
from honestdocs.contract.packing import packed


@packed
@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The contract of one page, as read.

    ``scopes`` gives, for each operation directive of the page in order, the positions in
    ``operations`` that share its body: several signatures, or directives stacked on it.
    ``flaws`` are mistakes found while reading (a comment of ours that says nothing known).
    """

    name: str
    operations: tuple[Operation, ...] = ()
    scopes: tuple[tuple[int, ...], ...] = ()
    blocks: tuple[Block, ...] = ()
    flaws: tuple[Lie, ...] = ()

    def in_scope(self, scope: int | None) -> tuple[Operation, ...]:
        """The operations whose directive holds a block, none for a block in prose."""
        if scope is None:
            return ()
        return tuple(self.operations[position] for position in self.scopes[scope])
