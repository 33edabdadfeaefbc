"""What was checked besides examples, and what everything adds up to, at a terminal.

Owns the lines for findings on links, spelling and style, and the table of all checks. Must not
know how they were found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from honestdocs.contract.finding import Check, Finding, Level, Ruling
from honestdocs.contract.outcome import Outcome
from honestdocs.verification.report.look import Look
from honestdocs.verification.report.model import Report
from honestdocs.verification.report.text import count, visible, wrap

MOST = 20
"""So many findings of one check are told unless all are asked for."""

HEADS = ("checked", "passed", "failed", "error", "skipped", "accepted")
NAMES = {
    Check.EXAMPLES: "examples",
    Check.LINKS: "links, by file",
    Check.SPELLING: "spelling, by file",
    Check.STYLE: "style, by file",
}


def render_besides(report: Report, check: Check, look: Look) -> list[str]:
    """A line for each finding of one check, the failures first."""
    found = [f for ruling in report.rulings if ruling.check is check for f in ruling.findings]
    told = [finding for finding in found if look.verbose or finding.level is not Level.NOTE]
    told.sort(key=lambda finding: not finding.fails)
    most = len(told) if look.verbose or len(told) <= MOST + 1 else MOST
    lines = [line for finding in told[:most] for line in _finding(report, finding, look)]
    if len(told) > most:
        left = Counter(finding.rule for finding in told[most:])
        rules = ", ".join(f"{number} × {rule}" for rule, number in left.most_common())
        lines += wrap(f"and {len(told) - most} more: {rules} (--verbose names all)", look.width)
    return lines


def _finding(report: Report, finding: Finding, look: Look) -> Iterator[str]:
    at = report.at(finding.place)
    if finding.place.line is not None and finding.column is not None:
        at += f":{finding.column}"
    at = visible(at)
    said = visible(f"{finding.rule}: {finding.message}")
    fix = visible(f"; fix: {finding.advice}") if finding.advice else ""
    lines = wrap(f"{at}: {said}{fix}", look.width, rest="    ")
    paint = look.palette.lie if finding.fails else look.palette.doubt
    head = f"{at}: {finding.rule}:"
    if lines[0].startswith(head):
        painted = f"{look.palette.strong(at)}: {paint(f'{finding.rule}:')}"
        lines[0] = painted + lines[0][len(head) :]
    yield from lines


def render_checks(report: Report, look: Look) -> list[str]:
    """A table of all checks with how many pages or examples ended how; none where only examples
    were checked.
    """
    rows = [(check, cells(report, check)) for check in Check]
    rows = [(check, numbers) for check, numbers in rows if numbers[0]]
    if not report.rulings or not rows:
        return []
    names = [NAMES[check] for check, _ in rows]
    room = max(map(len, names))
    lines = [look.palette.faint(" " * room + "".join(f"  {head}" for head in HEADS))]
    for name, (_, numbers) in zip(names, rows, strict=True):
        lines.append(
            name.ljust(room) + "".join(_cell(numbers, at, look) for at in range(len(numbers)))
        )
    return lines


def cells(report: Report, check: Check) -> tuple[int, ...]:
    """The numbers of one row, under ``HEADS``."""
    accepted = sum(one.finding.check is check for one in report.settlement.accepted)
    if check is Check.EXAMPLES:
        tally = report.tally
        ended = (tally.passed, tally.failed, tally.error, tally.skipped)
        return tally.total, *ended, accepted
    outcomes = Counter(ruling.outcome for ruling in _of(report, check))
    return outcomes.total(), *(outcomes[outcome] for outcome in Outcome), accepted


def _of(report: Report, check: Check) -> Iterator[Ruling]:
    return (ruling for ruling in report.rulings if ruling.check is check)


def _cell(numbers: tuple[int, ...], at: int, look: Look) -> str:
    number, head = numbers[at], HEADS[at]
    text = (f"{number:,}" if number else "·").rjust(len(head) + 2)
    palette = look.palette
    paints = {"passed": palette.proof, "failed": palette.lie, "error": palette.doubt}
    return paints.get(head, str)(text) if number else palette.faint(text)


def other_failures(report: Report) -> str:
    """What failed besides examples, in a phrase: ``3 spelling, 1 style``; empty for nothing."""
    found = [f for ruling in report.rulings for f in ruling.findings if f.fails]
    numbers = Counter(finding.check for finding in found)
    told = (f"{numbers[check]:,} {check}" for check in Check if numbers[check])
    return f"{count(numbers.total(), 'finding')} ({', '.join(told)})" if numbers else ""
