"""The end of a report: what could not be checked, the services, and the last line.

Owns how reasons are counted and what everything adds up to. Must not know how a lie is told.
"""

from __future__ import annotations

from collections.abc import Iterator

from honestdocs.contract.example import Example
from honestdocs.contract.outcome import Outcome, Result
from honestdocs.contract.service import Health, ServiceState
from honestdocs.verification.report.besides import other_failures
from honestdocs.verification.report.look import Look, Palette
from honestdocs.verification.report.model import Report
from honestdocs.verification.report.text import columns, count, duration, fill, visible, wrap

LYING = 1
"""The exit status of a report with anything false in it."""

REASONS = 5
"""So many reasons for skipping are told unless all are asked for."""


def render_errors(report: Report, look: Look) -> list[str]:
    """One entry for each service and reason that kept examples from being checked."""
    lines: list[str] = []
    for (service, reason), members in _by_reason(report, Outcome.ERROR).items():
        told = f"{service}: {reason}" if service else reason
        lines += _reason(report, told, members, look)
    return lines


def render_skipped(report: Report, look: Look) -> list[str]:
    """One entry for each reason to skip, the most frequent first."""
    reasons: dict[str, list[Example]] = {}
    for (_, reason), members in _by_reason(report, Outcome.SKIPPED).items():
        reasons.setdefault(reason, []).extend(members)
    ranked = sorted(reasons.items(), key=lambda entry: -len(entry[1]))
    most = len(ranked) if look.verbose or len(ranked) <= REASONS + 1 else REASONS
    lines = [
        line for told, members in ranked[:most] for line in _reason(report, told, members, look)
    ]
    if len(ranked) > most:
        left = sum(len(members) for _, members in ranked[most:])
        told = f"and {left:,} more for {len(ranked) - most} other reasons"
        lines.append(look.palette.faint(told))
    return lines


def _by_reason(report: Report, outcome: Outcome) -> dict[tuple[str, str], list[Example]]:
    groups: dict[tuple[str, str], list[Example]] = {}
    for example, result in report.ended(outcome):
        groups.setdefault(_cause(result), []).append(example)
    return groups


def _cause(result: Result) -> tuple[str, str]:
    return result.service, result.reason or "no reason is known"


def _reason(report: Report, told: str, members: list[Example], look: Look) -> Iterator[str]:
    number = f"{len(members):,} × "
    rest = " " * len(number)
    yield from wrap(visible(told), look.width, first=number, rest=rest)
    most = len(members) if look.verbose else 1
    for example in members[:most]:
        yield look.palette.faint(rest + visible(report.at(example.place)))
    if look.verbose or len(members) == 1:
        return
    yield look.palette.faint(f"{rest}and {len(members) - 1} more")


def render_services(report: Report, look: Look) -> list[str]:
    """One line for each service: its health, version and address; a second for its message."""
    if not report.services:
        return []
    names = max(columns(visible(state.name)) for state in report.services)
    states = max(len(state.status) for state in report.services)
    lines: list[str] = []
    for state in report.services:
        name = visible(state.name)
        head = f"{name}{' ' * (names - columns(name))}  {visible(state.status):<{states}}"
        facts = " · ".join(_facts(state))
        wrapped = wrap(visible(facts), look.width, first=f"{head}  ", rest=" " * (names + 2))
        lines.append(_health(wrapped[0].rstrip(), state, look))
        lines += wrapped[1:]
        for text in _troubles(state):
            lines += wrap(
                visible(text), look.width, first=" " * (names + 2), rest=" " * (names + 4)
            )
    return lines


def _facts(state: ServiceState) -> Iterator[str]:
    if state.version:
        yield f"version {state.version}"
    if state.url:
        yield state.url
    if state.latency:
        yield f"heartbeat {duration(state.latency)}"


def _troubles(state: ServiceState) -> Iterator[str]:
    if state.message:
        yield state.message
    bad = [f"{name} {status}" for name, status in state.checks if status != Health.OK]
    if bad:
        yield f"checks: {', '.join(bad)}"


def _health(line: str, state: ServiceState, look: Look) -> str:
    word = visible(state.status)
    paint = look.palette.proof if state.status == Health.OK else look.palette.doubt
    before, found, after = line.partition(f"  {word}")
    return f"{before}  {paint(word)}{after}" if found else line


def last_line(report: Report) -> tuple[str, str, str]:
    """The whole in one sentence, in three parts that are better not broken: ``86 proven, 2 lies,
    0 not checked, 3 skipped``, ``in 1.24 s``, ``(80 sent, 6 reused)``.
    """
    tally = report.tally
    accepted, others = len(report.settlement.accepted), other_failures(report)
    parts = [
        f"{tally.passed:,} proven",
        count(tally.failed + len(report.false_claims), "lie"),
        f"{tally.error:,} not checked",
        f"{tally.skipped:,} skipped",
        *([count(len(report.mistakes), "mistake")] if report.mistakes else []),
        *([f"{accepted:,} accepted"] if accepted else []),
        *([others] if others else []),
    ]
    took = f"in {duration(report.finished - report.started)}"
    return ", ".join(parts), took, f"({report.ran:,} sent, {report.reused:,} reused)"


def render_last_line(report: Report, look: Look) -> list[str]:
    """The last line, in the colour of the exit status."""
    palette = look.palette
    if report.exit_status == LYING:
        paint = palette.lie
    elif report.exit_status:
        paint = palette.doubt
    else:
        paint = palette.proof
    return [palette.strong(paint(line)) for line in fill(last_line(report), look.width)]


def render_closing(report: Report, *, color: bool, width: int) -> str:
    """The services and the last line: what a build says when it is done."""
    look = Look(palette=Palette(color), width=width, verbose=False)
    return "\n".join([*render_services(report, look), *render_last_line(report, look)])
