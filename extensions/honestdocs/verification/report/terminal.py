"""The report for a person at a terminal.

Owns its sections and their order: what is gravest comes first, what it adds up to comes last.
Must not know where it is written, nor how a section is worded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from honestdocs.contract.finding import Check
from honestdocs.verification.report.besides import render_besides, render_checks
from honestdocs.verification.report.excerpt import Sources
from honestdocs.verification.report.gap import render_gaps
from honestdocs.verification.report.look import Look, Palette
from honestdocs.verification.report.model import Report
from honestdocs.verification.report.story import Teller
from honestdocs.verification.report.summary import (
    render_errors,
    render_last_line,
    render_services,
    render_skipped,
)
from honestdocs.verification.report.table import render_grades, render_pages
from honestdocs.verification.report.telling import (
    Telling,
    failures,
    false_claims,
    mistakes,
    warnings,
)
from honestdocs.verification.report.text import columns, count, visible, wrap
from honestdocs.verification.report.waiver import render_settlement

WHOLE = 40
"""So many findings are told whole; of the others only the headline, unless all is asked for."""

WARNINGS = 10
"""So many notes are named unless all is asked for."""

BESIDES = (Check.LINKS, Check.SPELLING, Check.STYLE)
"""The checks that are told in sections of their own."""

NARROWEST, WIDEST_RULE = 40, 100


def render(
    report: Report, *, color: bool, width: int, sources: Sources, verbose: bool = False
) -> str:
    """The report as text that ends with a line break.

    ``width`` is that of the terminal in columns; ``sources`` gives the lines of a file by the
    name that places bear (without the root of the report), None where it cannot be read.
    """
    look = Look(palette=Palette(color), width=max(width, NARROWEST), verbose=verbose)
    messages = frozenset(lie.message for lie in report.lies)
    teller = Teller(report=report, sources=sources, look=look, messages=messages)
    sections = [
        _titled("Lies", _findings(teller, failures(report)), look),
        _titled("Lies found without a server", _findings(teller, false_claims(report)), look),
        _titled("Mistakes in the notation", _findings(teller, mistakes(report)), look),
        *(_titled(str(c).capitalize(), render_besides(report, c, look), look) for c in BESIDES),
        _titled("Could not be checked", render_errors(report, look), look),
        _titled("Skipped", render_skipped(report, look), look),
        _titled("Accepted", render_settlement(report, look), look),
        _titled("Claims without evidence", render_gaps(report, look), look),
        _titled("Worth a look", _warnings(teller, report, look), look),
        _titled("Pages", [*render_pages(report, look), *render_grades(report, look)], look),
        _titled("Services", render_services(report, look), look),
        _titled("Summary", render_checks(report, look), look),
        render_last_line(report, look),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _titled(title: str, lines: Sequence[str], look: Look) -> list[str]:
    if not lines:
        return []
    rule = "─" * (min(look.width, WIDEST_RULE) - columns(title) - 4)
    head = f"{look.palette.faint('──')} {look.palette.strong(title)} {look.palette.faint(rule)}"
    return [head, "", *lines]


def _findings(teller: Teller, findings: Sequence[Telling]) -> list[str]:
    whole = len(findings) if teller.look.verbose else WHOLE
    lines: list[str] = []
    for finding in findings[:whole]:
        lines += [*teller.tell(finding), ""]
    lines = lines[:-1]
    if len(findings) > whole:
        lines += ["", f"and, in short ({count(len(findings), 'finding')} in all):"]
        lines += [line for finding in findings[whole:] for line in teller.headline(finding)]
    return lines


def _warnings(teller: Teller, report: Report, look: Look) -> list[str]:
    """Notes in any case; warnings are only counted unless all is asked for."""
    lines = [*_notes(report.notes, look)]
    found = warnings(report)
    if look.verbose:
        return lines + [line for one in found for line in teller.headline(one, warning=True)]
    if found:
        number = sum(len(finding.places) for finding in found)
        them = "it" if number == 1 else "them"
        lines.append(f"{count(number, 'warning')} (--verbose names {them})")
    return lines


def _notes(notes: Iterable[str], look: Look) -> Iterator[str]:
    texts = tuple(notes)
    most = len(texts) if look.verbose else WARNINGS
    for note in texts[:most]:
        yield from wrap(visible(note), look.width, first="- ", rest="  ")
    if len(texts) > most:
        yield look.palette.faint(f"and {len(texts) - most} more (--verbose names all)")
