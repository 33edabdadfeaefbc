"""What a baseline accepts, told at a terminal.

Owns the words for what is accepted, expired and no longer needed. Must not know how it is
decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from honestdocs.contract.baseline import Acceptance
from honestdocs.verification.report.look import Look
from honestdocs.verification.report.model import Report
from honestdocs.verification.report.text import count, visible, wrap

MOST = 5
"""So many are named of each sort unless all are asked for."""


def render_settlement(report: Report, look: Look) -> list[str]:
    """Lines that say how many findings are accepted until when, what has expired and fails
    again, and what can be pruned; none where there is no baseline.
    """
    told = report.settlement
    lines: list[str] = []
    terms = Counter(accepted.acceptance.terms for accepted in told.accepted)
    for words, number in terms.most_common(None if look.verbose else MOST):
        lines += wrap(visible(f"{words}"), look.width, first=f"{number:,} × ", rest="    ")
    if len(terms) > MOST and not look.verbose:
        lines.append(look.palette.faint(f"and {len(terms) - MOST} more terms (--verbose)"))
    if told.expired:
        head = f"{count(len(told.expired), 'acceptance has', 'acceptances have')} expired"
        lines.append(look.palette.lie(f"{head}: what it covered fails again"))
        lines += _named(told.expired, look)
    if told.fixed:
        number = sum(one.count for one in told.fixed)
        head = f"{count(number, 'accepted finding is', 'accepted findings are')} fixed"
        lines.append(f"{head}: honestdocs baseline --prune forgets them")
        lines += _named(told.fixed, look) if look.verbose else ()
    return lines


def _named(acceptances: tuple[Acceptance, ...], look: Look) -> Iterator[str]:
    most = len(acceptances) if look.verbose else MOST
    for one in acceptances[:most]:
        said = f"{one.file}: {one.check}/{one.rule}: {one.message} ({one.owner}, {one.expires})"
        yield from wrap(visible(said), look.width, first="    ", rest="      ")
    if len(acceptances) > most:
        yield look.palette.faint(f"    and {len(acceptances) - most} more (--verbose names all)")
