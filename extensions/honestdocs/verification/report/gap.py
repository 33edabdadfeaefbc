"""Claims without evidence, operation by operation, for a terminal.

Owns the words for coverage. Must not know how coverage is measured.
"""

from __future__ import annotations

from collections.abc import Iterator

from honestdocs.contract.coverage import OperationCoverage
from honestdocs.contract.outcome import Outcome
from honestdocs.verification.report.look import Look
from honestdocs.verification.report.model import Report
from honestdocs.verification.report.text import count, enumerate_some, visible, wrap

OPERATIONS = 5
"""So many operations are named unless all are asked for."""

NAMES = 4
"""So many names are given of one sort unless all are asked for."""

_SORTS = ("status", "header", "member")


def render_gaps(report: Report, look: Look) -> list[str]:
    """Lines that tell which claims no response has shown, and what was seen unclaimed.

    Operations of which nothing was checked are only counted: nothing is known of their claims.
    """
    checked = {
        example.operation
        for outcome in (Outcome.PASSED, Outcome.FAILED)
        for example, _ in report.ended(outcome)
    }
    names = None if look.verbose else NAMES
    known = [c for c in report.coverage if c.operation.key in checked and not c.complete]
    gaps = [(coverage, gaps_of(coverage, names)) for coverage in known]
    gaps = [(coverage, found) for coverage, found in gaps if found]
    most = len(gaps) if look.verbose else OPERATIONS
    lines: list[str] = []
    for coverage, found in gaps[:most]:
        lines += _operation(report, coverage, found, look)
    if len(gaps) > most:
        left = count(len(gaps) - most, "more operation")
        lines.append(look.palette.faint(f"and {left} (--verbose names all)"))
    return lines + _bare(report, look)


def _operation(
    report: Report, coverage: OperationCoverage, gaps: list[str], look: Look
) -> Iterator[str]:
    head = visible(f"{report.at(coverage.operation.place)}: {coverage.operation.key}")
    yield from wrap(head, look.width, rest="    ")
    for gap in gaps:
        yield from wrap(visible(gap), look.width, first="    ", rest="      ")


def gaps_of(coverage: OperationCoverage, most: int | None = NAMES) -> list[str]:
    """What is claimed of an operation and was never seen, and the reverse, in a phrase each;
    of each sort at most so many names.
    """
    unseen = (coverage.unseen_statuses, coverage.unseen_headers, coverage.unseen_members)
    undocumented = (
        coverage.undocumented_statuses,
        coverage.undocumented_headers,
        coverage.undocumented_members,
    )
    gaps = []
    for title, names in (("never seen", unseen), ("not documented", undocumented)):
        pairs = zip(_SORTS, names, strict=True)
        found = [f"{sort} {enumerate_some(some, most)}" for sort, some in pairs if some]
        if found:
            gaps.append(f"{title}: {'; '.join(found)}")
    return gaps


def _bare(report: Report, look: Look) -> list[str]:
    """How many operations have no example at all, and which, where all are asked for."""
    bare = [coverage.operation for coverage in report.coverage if not coverage.examples]
    if not bare:
        return []
    told = f"{count(len(bare), 'operation has', 'operations have')} no example"
    if not look.verbose:
        return [f"{told} (--verbose names {'it' if len(bare) == 1 else 'them'})"]
    names = (visible(f"{report.at(operation.place)}: {operation.key}") for operation in bare)
    wrapped = (wrap(name, look.width, first="    ", rest="      ") for name in names)
    return [f"{told}:", *(line for lines in wrapped for line in lines)]
