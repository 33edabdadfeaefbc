"""A table of figures on the terminal, with targets and whether they were met.

Owns the layout. Must not know what is measured.
"""

from __future__ import annotations

# ruff: noqa: T201 - the terminal is what a bench writes to
from collections.abc import Sequence


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints a table, its first column to the left and the others to the right."""
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    print(f"\n{title}\n")
    for row in [head, ["-" * width for width in widths], *rows]:
        cells = [
            row[0].ljust(widths[0]),
            *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)),
        ]
        print("  " + "  ".join(cells).rstrip())


def verdict(figure: float, target: float, *, most: bool) -> str:
    """``met`` or ``missed``; ``most`` tells that the target is an upper bound."""
    return "met" if (figure <= target if most else figure >= target) else "missed"
