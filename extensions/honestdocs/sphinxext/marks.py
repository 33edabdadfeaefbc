"""The outcome of an example on its page, as ordinary nodes.

Owns how a mark is built. Every builder can write it, and it needs no
JavaScript. Must not know where outcomes come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from docutils import nodes

from honestdocs.contract.outcome import Lie, Mismatch, Result
from honestdocs.contract.wording import FLAKY, Notice, outcome_notice, page_notice
from honestdocs.sphinxext.beacon import beacon

WIDEST = 36
"""Characters of a column where a builder has to know its width."""


def outcome_mark(
    result: Result, *, lies: Sequence[Lie] = (), service: str, now: float, tabled: bool = False
) -> beacon:
    """The mark below an example; ``now`` is when the page is written.

    ``lies`` are its static lies: they show beside the outcome, since the page contradicts
    itself whatever the server says. ``tabled`` tells that the mark stands in a table, where
    several builders can have no other.
    """
    notice = outcome_notice(result, lies=bool(lies), service=service, now=now)
    box = lined_box("mark", notice, {"example": result.example})
    if result.flaky:
        box += nodes.paragraph("", FLAKY, classes=["honestdocs-flaky"])
    found = (*result.mismatches, *(lie.mismatch for lie in lies))
    if found:
        told = tuple(dict.fromkeys(found))
        box += mismatch_list(told) if tabled else mismatch_table(told)
    return box


def lined_box(kind: str, notice: Notice, data: Mapping[str, str]) -> beacon:
    """A box that begins with the line of a notice; ``data`` tells scripts what it shows."""
    classes = ["honestdocs", f"honestdocs-{kind}", f"honestdocs-{notice.outcome}"]
    box = beacon(classes=classes, data={**data, "state": str(notice.outcome)})
    line = nodes.paragraph(classes=["honestdocs-line"])
    line += nodes.inline("", notice.badge, classes=["honestdocs-badge"])
    line += nodes.Text(" ")
    line += nodes.inline("", notice.text, classes=["honestdocs-text"])
    box += line
    return box


def mismatch_table(mismatches: Sequence[Mismatch]) -> nodes.table:
    """Documented against observed, a row a mismatch."""
    rows = [
        (m.subject, m.documented or "(nothing)", m.observed or "(nothing)", m.fix)
        for m in mismatches
    ]
    return table(("Where", "Documented", "Observed", "Likely fix"), rows, literal=(0, 1, 2))


def mismatch_list(mismatches: Sequence[Mismatch]) -> nodes.bullet_list:
    """Documented and observed in an entry a mismatch."""
    whole = nodes.bullet_list(classes=["honestdocs-list"])
    for found in mismatches:
        entry = nodes.paragraph()
        for word, value in (("", found.subject), (": documented ", found.documented)):
            entry += [nodes.Text(word), nodes.literal("", value or "(nothing)")]
        entry += [nodes.Text(", observed "), nodes.literal("", found.observed or "(nothing)")]
        entry += nodes.Text(f". {found.fix[:1].upper()}{found.fix[1:]}." if found.fix else ".")
        item = nodes.list_item()
        item += entry
        whole += item
    return whole


def table(
    head: Sequence[str], rows: Iterable[Sequence[str | nodes.Node]], literal: Sequence[int] = ()
) -> nodes.table:
    """A table of texts and nodes; columns in ``literal`` are set as code."""
    whole = nodes.table(classes=["honestdocs-table"])
    group = nodes.tgroup(cols=len(head))
    whole += group
    header = nodes.thead()
    header += _row(head, ())
    body = nodes.tbody()
    body += [_row(row, literal) for row in rows]
    columns = zip(*(row.children for row in (*header, *body)), strict=True)
    group += [nodes.colspec(colwidth=_width(column)) for column in columns]
    group += [header, body]
    return whole


def _width(column: Iterable[nodes.Node]) -> int:
    """How many characters wide a column is where a builder has to know: as its longest text,
    and the quotes that it may set around a literal.
    """
    return min(WIDEST, max(len(cell.astext()) for cell in column) + 2)


def _row(cells: Sequence[str | nodes.Node], literal: Sequence[int]) -> nodes.row:
    row = nodes.row()
    for at, cell in enumerate(cells):
        entry = nodes.entry()
        paragraph = nodes.paragraph()
        if isinstance(cell, nodes.Node):
            paragraph += cell
        else:
            paragraph += nodes.literal("", cell) if at in literal and cell else nodes.Text(cell)
        entry += paragraph
        row += entry
    return row


def page_summary(page: str, results: Sequence[Result], *, now: float) -> beacon:
    """The one line at the head of a page: how its examples ended, and when."""
    return lined_box("summary", page_notice(results, now=now), {"page": page})
