"""The outcome of an example on its page, as ordinary nodes.

Owns what a mark says and how it is built. Every builder can write it, and it needs no
JavaScript. Must not know where outcomes come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from docutils import nodes

from honestdocs.contract.outcome import Lie, Mismatch, Outcome, Result, tally

WORDS = {
    Outcome.PASSED: ("✓", "Proven"),
    Outcome.FAILED: ("✗", "Lies"),
    Outcome.ERROR: ("?", "Could not be checked"),
    Outcome.SKIPPED: ("–", "Skipped"),
}
"""Icon and word of each outcome; colour only repeats what they say."""

WIDEST = 36
"""Characters of a column where a builder has to know its width."""


def moment(at: float) -> str:
    """A time in seconds since the epoch as ``2026-11-24 06:10 UTC``."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


def age(seconds: float) -> str:
    """A span of time in its largest unit: ``3 days``."""
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"


def outcome_mark(
    result: Result, *, lies: Sequence[Lie] = (), service: str, now: float, tabled: bool = False
) -> nodes.container:
    """The mark below an example; ``now`` is when the page is written.

    ``lies`` are its static lies: they show beside the outcome, since the page contradicts
    itself whatever the server says. ``tabled`` tells that the mark stands in a table, where
    several builders can have no other.
    """
    shown = Outcome.FAILED if lies else result.outcome
    box = nodes.container(classes=["honestdocs", "honestdocs-mark", f"honestdocs-{shown}"])
    line = nodes.paragraph(classes=["honestdocs-line"])
    line += _badge(shown)
    line += nodes.Text(" " + _sentence(result, service, now))
    box += line
    if result.flaky:
        box += nodes.paragraph(
            "",
            "Flaky: with nothing changed it was proven at times and not at others.",
            classes=["honestdocs-flaky"],
        )
    found = (*result.mismatches, *(lie.mismatch for lie in lies))
    if found:
        told = tuple(dict.fromkeys(found))
        box += mismatch_list(told) if tabled else mismatch_table(told)
    return box


def _badge(outcome: Outcome) -> nodes.inline:
    icon, word = WORDS[outcome]
    return nodes.inline("", f"{icon} {word}", classes=["honestdocs-badge"])


def _sentence(result: Result, service: str, now: float) -> str:
    parts: list[str] = []
    if result.checked_at:
        ago = now - result.checked_at
        parts.append(moment(result.checked_at))
        if ago >= 3600:  # noqa: PLR2004 - an hour: younger than that is now
            parts.append(f"({age(ago)} before this page was built)")
        if service:
            parts.append(f"against {service} {result.server_version}".rstrip())
        if result.changeset:
            parts.append(f"from changeset {result.changeset}")
    said = " ".join(parts)
    if result.reason:
        said = f"{said}: {result.reason}" if said else result.reason
    return said + "." if said and not said.endswith(".") else said


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


def page_summary(results: Sequence[Result], *, now: float) -> nodes.container:
    """The one line at the head of a page: how its examples ended, and when."""
    counts = tally(results)
    worst = _worst(results)
    box = nodes.container(classes=["honestdocs", "honestdocs-summary", f"honestdocs-{worst}"])
    line = nodes.paragraph(classes=["honestdocs-line"])
    line += _badge(worst)
    line += nodes.Text(" " + _counted(counts.passed, counts.total))
    rest = []
    if counts.failed:
        rest.append(f"{counts.failed} {'lies' if counts.failed == 1 else 'lie'}")
    if counts.error:
        rest.append(f"{counts.error} could not be checked")
    if counts.skipped:
        rest.append(f"{counts.skipped} skipped")
    checked = [result.checked_at for result in results if result.checked_at]
    said = "; " + ", ".join(rest) if rest else ""
    if checked:
        said += f". Last checked {moment(max(checked))}"
        if now - max(checked) >= 3600:  # noqa: PLR2004 - an hour
            said += f", {age(now - max(checked))} before this page was built"
    line += nodes.Text(said + ".")
    box += line
    return box


def _counted(passed: int, total: int) -> str:
    noun = "example" if total == 1 else "examples"
    return f"{passed} of {total} {noun} proven"


def _worst(results: Sequence[Result]) -> Outcome:
    found = {result.outcome for result in results}
    for outcome in (Outcome.FAILED, Outcome.ERROR, Outcome.PASSED):
        if outcome in found:
            return outcome
    return Outcome.SKIPPED
