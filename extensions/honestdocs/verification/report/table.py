"""Pages and grades: where the documentation is proven and where it lies, in columns.

Owns the tables of a report in a terminal. Must not know how a lie is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from honestdocs.contract.outcome import Grade
from honestdocs.verification.report.look import Look
from honestdocs.verification.report.model import PageSummary, Report
from honestdocs.verification.report.text import clip_start, columns, count, visible, wrap

PAGES = 15
"""So many pages are listed unless all are asked for."""

_HEADS = ("proven", "lies", "unchecked", "skipped")


def render_grades(report: Report, look: Look) -> list[str]:
    """One line with the failed examples by the gravest thing that is wrong with them."""
    counts = [f"{grade.value} {report.tally.grades[grade]}" for grade in _grades(report)]
    return (
        ["", *wrap(f"Lies by grade: {', '.join(counts)}", look.width, rest="  ")] if counts else []
    )


def _grades(report: Report) -> list[Grade]:
    return [grade for grade in Grade if report.tally.grades.get(grade)]


def render_pages(report: Report, look: Look) -> list[str]:
    """A table of the pages that have examples, those with anything unproven first."""
    pages = sorted((page for page in report.pages() if page.tally.total), key=_rank)
    most = len(pages) if look.verbose or len(pages) <= PAGES + 1 else PAGES
    if not pages:
        return []
    room = max(16, look.width - sum(len(head) + 2 for head in _HEADS))
    longest = min(room, max(columns(visible(page.page)) for page in pages))
    lines = [look.palette.faint(_row("", _HEADS, longest))]
    lines += [_page(page, longest, look) for page in pages[:most]]
    return [*lines, *_rest(pages[most:], look)]


def _rank(page: PageSummary) -> tuple[int, int]:
    """Lies first, then what could not be checked, then what was skipped, then the proven."""
    trouble = (page.tally.failed + page.lies, page.tally.error, page.tally.skipped)
    for position, number in enumerate(trouble):
        if number:
            return position, -number
    return len(trouble), 0


def _page(page: PageSummary, longest: int, look: Look) -> str:
    tally, palette = page.tally, look.palette
    numbers = (tally.passed, tally.failed + page.lies, tally.error, tally.skipped)
    paints = (palette.proof, palette.lie, palette.doubt, str)
    name = clip_start(visible(page.page), longest)
    cells = _cells(numbers, paints, look)
    return f"{name}{' ' * (longest - columns(name))}{''.join(cells)}"


def _cells(
    numbers: Sequence[int], paints: Sequence[Callable[[str], str]], look: Look
) -> Iterator[str]:
    for number, head, paint in zip(numbers, _HEADS, paints, strict=True):
        text = f"{number:,}" if number else "·"
        yield " " * (len(head) + 2 - len(text)) + (
            paint(text) if number else look.palette.faint(text)
        )


def _row(name: str, cells: Sequence[str], longest: int) -> str:
    return f"{name:<{longest}}" + "".join(f"  {cell}" for cell in cells)


def _rest(pages: Sequence[PageSummary], look: Look) -> list[str]:
    if not pages:
        return []
    proven = all(page.proven for page in pages)
    examples = count(sum(page.tally.total for page in pages), "example")
    told = f"and {count(len(pages), 'more page')} with {examples}"
    told += ", all proven" if proven else " (--verbose lists all)"
    return [look.palette.faint(told)]
