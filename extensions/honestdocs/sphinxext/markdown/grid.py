"""Tables as Markdown has them: one line a row, and a head always.

Owns how the cells of a table fall into rows and columns. Must not know what a cell holds.
"""

from __future__ import annotations

from collections.abc import Callable

from docutils import nodes

Cell = Callable[[nodes.Element], list[str]]


def table(node: nodes.Element, cell: Cell) -> list[str]:
    """The table as one block; ``cell`` gives the blocks of an entry. A row without a head above
    it gets an empty one, since a table has to have one.
    """
    head = _rows(node, nodes.thead, cell)
    body = _rows(node, nodes.tbody, cell)
    columns = max((len(row) for row in (*head, *body)), default=0)
    if not columns:
        return []
    first, *rest = head or [[""] * columns]
    rows = [first, ["---"] * columns, *rest, *body]
    return ["\n".join(_line(row, columns) for row in rows)]


def _line(row: list[str], columns: int) -> str:
    cells = [*row, *[""] * (columns - len(row))]
    return f"| {' | '.join(cells)} |"


def _rows(node: nodes.Element, part: type[nodes.Element], cell: Cell) -> list[list[str]]:
    found: list[list[str]] = []
    below: dict[int, int] = {}
    groups = (g for grid in node.children for g in grid.children if isinstance(g, part))
    for group in groups:
        for row in group.children:
            assert isinstance(row, nodes.Element)  # noqa: S101 - rows are all that it holds
            found.append(_row(row, below, cell))
    return found


def _row(row: nodes.Element, below: dict[int, int], cell: Cell) -> list[str]:
    """The cells of a row; ``below`` says for how many rows more a column is taken from above."""
    texts: list[str] = []
    for entry in row.children:
        while below.get(len(texts), 0):
            below[len(texts)] -= 1
            texts.append("")
        assert isinstance(entry, nodes.Element)  # noqa: S101 - entries are all that it holds
        width = int(entry.get("morecols", 0)) + 1
        for at in range(len(texts), len(texts) + width):
            below[at] = int(entry.get("morerows", 0))
        texts += [_joined(cell(entry)), *[""] * (width - 1)]
    return texts


def _joined(blocks: list[str]) -> str:
    """Blocks on one line."""
    lines = [line for block in blocks for line in block.split("\n") if line]
    return "<br>".join(lines).replace("|", "\\|")
