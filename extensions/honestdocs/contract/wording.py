"""What is said of outcomes and of services: icons, words and sentences.

Owns the wording that pages, the status page and badges share, so that what a build has written
and what a script puts in its place cannot differ. Must not know how it is shown; the present is
an argument.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from honestdocs.contract.outcome import Outcome, Result, tally
from honestdocs.contract.service import Health, ServiceState

WORDS = {
    Outcome.PASSED: ("✓", "Proven"),
    Outcome.FAILED: ("✗", "Lies"),
    Outcome.ERROR: ("?", "Could not be checked"),
    Outcome.SKIPPED: ("–", "Skipped"),
}
"""Icon and word of each outcome; colour only repeats what they say."""

HEALTH_WORDS = {
    Health.OK: ("✓", "Healthy", Outcome.PASSED),
    Health.WARNING: ("!", "Healthy, with a warning", Outcome.ERROR),
    Health.ERROR: ("✗", "Unhealthy", Outcome.FAILED),
    Health.UNREACHABLE: ("?", "Unreachable", Outcome.FAILED),
    Health.UNKNOWN: ("–", "Unknown", Outcome.SKIPPED),
}
"""Icon and word of each health, and the outcome whose colour it has."""

FLAKY = "Flaky: with nothing changed it was proven at times and not at others."

_NOW = 3600
"""A page that is younger, in seconds, does not tell the age of what it shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One line for a reader: the outcome that gives its colour, its badge and its sentence."""

    outcome: Outcome
    badge: str
    text: str


def badge(outcome: Outcome) -> str:
    """Icon and word of an outcome."""
    return " ".join(WORDS[outcome])


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


def outcome_notice(result: Result, *, lies: bool = False, service: str, now: float) -> Notice:
    """The line below an example; ``lies`` tells that its page contradicts itself."""
    shown = Outcome.FAILED if lies else result.outcome
    return Notice(outcome=shown, badge=badge(shown), text=_sentence(result, service, now))


def _sentence(result: Result, service: str, now: float) -> str:
    parts: list[str] = []
    if result.checked_at:
        ago = now - result.checked_at
        parts.append(moment(result.checked_at))
        if ago >= _NOW:
            parts.append(f"({age(ago)} before this page was built)")
        if service:
            parts.append(f"against {service} {result.server_version}".rstrip())
        if result.changeset:
            parts.append(f"from changeset {result.changeset}")
    said = " ".join(parts)
    if result.reason:
        said = f"{said}: {result.reason}" if said else result.reason
    return said + "." if said and not said.endswith(".") else said


def page_notice(results: Sequence[Result], *, now: float) -> Notice:
    """The line at the head of a page: how its examples ended, and when."""
    counts = tally(results)
    worst = worst_of(results)
    rest = []
    if counts.failed:
        rest.append(f"{counts.failed} {'lies' if counts.failed == 1 else 'lie'}")
    if counts.error:
        rest.append(f"{counts.error} could not be checked")
    if counts.skipped:
        rest.append(f"{counts.skipped} skipped")
    checked = [result.checked_at for result in results if result.checked_at]
    noun = "example" if counts.total == 1 else "examples"
    said = f"{counts.passed} of {counts.total} {noun} proven"
    said += "; " + ", ".join(rest) if rest else ""
    if checked:
        said += f". Last checked {moment(max(checked))}"
        if now - max(checked) >= _NOW:
            said += f", {age(now - max(checked))} before this page was built"
    return Notice(outcome=worst, badge=badge(worst), text=said + ".")


def worst_of(results: Sequence[Result]) -> Outcome:
    """The outcome that a page as a whole has."""
    found = {result.outcome for result in results}
    for outcome in (Outcome.FAILED, Outcome.ERROR, Outcome.PASSED):
        if outcome in found:
            return outcome
    return Outcome.SKIPPED


def heartbeat_notice(state: ServiceState, title: str, *, now: float) -> Notice:
    """The line of a service: its health, name, version, and when its heartbeat was seen."""
    icon, word, outcome = HEALTH_WORDS[Health(state.status)]
    said = " ".join(part for part in (title, state.version) if part)
    return Notice(outcome=outcome, badge=f"{icon} {word}", text=said + _seen(state, now))


def _seen(state: ServiceState, now: float) -> str:
    if not state.checked_at:
        return ": its heartbeat has never been seen."
    said = f", heartbeat of {moment(state.checked_at)}"
    if now - state.checked_at >= _NOW:
        said += f" ({age(now - state.checked_at)} before this page was built)"
    if state.latency:
        said += f", {state.latency * 1000:.0f} ms"
    return said + "."
