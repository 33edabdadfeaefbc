"""The status of services as readers see it: one page for each, and one for all.

Owns the HTML that stands in the pages that a build has made for it. Every text of a service is
escaped. Must not know the frame of these pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from honestdocs.contract.configuration import Service
from honestdocs.contract.outcome import Result, tally
from honestdocs.contract.service import ServiceState
from honestdocs.contract.wording import age, heartbeat_notice, moment
from honestdocs.portal.incident import Incident
from honestdocs.portal.uptime import Bar, in_percent, percentile, total

_SEEN = {"none": "no data", "up": "up", "warning": "with a warning", "down": "down at times"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A service with all that is known of it; ``spans`` are names of times with their bars."""

    service: Service
    state: ServiceState
    latencies: Sequence[float]
    spans: Sequence[tuple[str, Sequence[Bar]]]
    incidents: Sequence[Incident]
    pages: Sequence[tuple[str, str, Sequence[Result]]]
    now: float

    @property
    def title(self) -> str:
        """Its name for people."""
        return self.service.title or self.service.name


def render_overview(all_: Iterable[Status]) -> str:
    """A line for each service with its bars of the last day."""
    rows = "".join(
        f'<li class="honestdocs-service">{_line(each, link=True)}{_bars(*each.spans[0])}</li>'
        for each in all_
    )
    return f'<ul class="honestdocs-services">{rows}</ul>'


def render_service(status: Status) -> str:
    """Everything about a service."""
    parts = [_line(status, link=False), _facts(status)]
    parts += ["<h2>Uptime</h2>", *(_bars(name, bars) for name, bars in status.spans)]
    parts += ["<h2>Incidents</h2>", _incidents(status.incidents, status.now)]
    parts += ["<h2>Examples</h2>", _pages(status.pages)]
    return "".join(parts)


def _line(status: Status, *, link: bool) -> str:
    notice = heartbeat_notice(status.state, status.title, now=status.now)
    title = escape(status.title)
    name = f'<a href="{escape(status.service.name)}.html">{title}</a>' if link else title
    message = f"<p>{escape(status.state.message)}.</p>" if status.state.message else ""
    return (
        f'<div class="honestdocs honestdocs-state honestdocs-{notice.outcome} docutils container">'
        f'<p><span class="honestdocs-badge">{escape(notice.badge)}</span> '
        f'<strong>{name}</strong> <span class="honestdocs-version">'
        f"{escape(status.state.version)}</span></p>{message}</div>"
    )


def _facts(status: Status) -> str:
    state = status.state
    since = f"{age(status.now - state.checked_at)} ago" if state.checked_at else "never"
    facts = [
        ("Heartbeat", f"{moment(state.checked_at)}, {since}" if state.checked_at else since),
        ("Latency now", _ms(state.latency)),
        ("p50, last day", _ms(percentile(status.latencies, 0.5))),
        ("p95, last day", _ms(percentile(status.latencies, 0.95))),
        ("Owner", status.service.owner or "not declared"),
        ("Checks", ", ".join(f"{name}: {word}" for name, word in state.checks) or "none told"),
    ]
    rows = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)
    return f'<dl class="honestdocs-facts">{rows}</dl>'


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds else "no data"


def _bars(name: str, bars: Sequence[Bar]) -> str:
    share = in_percent(total(bar.tally for bar in bars).share)
    width, step = 6, 8
    drawn = "".join(
        f'<rect class="honestdocs-bar-{bar.state}" x="{at * step}" y="{_top(bar)}" '
        f'width="{width}" height="{32 - _top(bar)}" rx="1.5"><title>{_told(bar)}</title></rect>'
        for at, bar in enumerate(bars)
    )
    label = f"{name}: {share}"
    return (
        f'<figure class="honestdocs-uptime"><figcaption><span>{name}</span>'
        f"<strong>{share}</strong></figcaption>"
        f'<svg role="img" aria-label="Uptime of the last {label}" preserveAspectRatio="none" '
        f'viewBox="0 0 {len(bars) * step - (step - width)} 32">{drawn}</svg></figure>'
    )


def _top(bar: Bar) -> int:
    """A bar without data is low, one with trouble notched: state is not told by colour alone."""
    return {"none": 26, "up": 0, "warning": 6, "down": 12}[bar.state]


def _told(bar: Bar) -> str:
    share = bar.tally.share
    said = _SEEN[bar.state] if share in {None, 1.0} else f"{_SEEN[bar.state]}, {in_percent(share)}"
    return escape(f"{moment(bar.began)} to {moment(bar.ended)}: {said}")


def _incidents(incidents: Sequence[Incident], now: float) -> str:
    if not incidents:
        return "<p>None has been seen.</p>"
    return "".join(_incident(incident, now) for incident in incidents)


def _incident(incident: Incident, now: float) -> str:
    title = incident.title or incident.message or "The service did not answer"
    ended = incident.ended
    took = age((now if ended is None else ended) - incident.began)
    when = (
        f"{moment(incident.began)} to {moment(ended)}, {took}"
        if ended is not None
        else (f"since {moment(incident.began)}, {took}")
    )
    state, word = ("failed", "✗ Open") if incident.open else ("passed", "✓ Over")
    text = "".join(f"<p>{escape(part)}</p>" for part in incident.text.split("\n\n") if part.strip())
    more = f"<p>{escape(incident.message)}.</p>" if incident.title and incident.message else ""
    return (
        f'<section class="honestdocs honestdocs-incident honestdocs-{state} docutils container">'
        f"<h3>{escape(title)}</h3>"
        f'<p><span class="honestdocs-badge">{word}</span> {when}</p>{more}{text}</section>'
    )


def _pages(pages: Sequence[tuple[str, str, Sequence[Result]]]) -> str:
    rows = ""
    for page, title, results in pages:
        counts = tally(results)
        checked = max((result.checked_at for result in results), default=0.0)
        cells = (counts.passed, counts.failed, counts.error, counts.skipped)
        rows += (
            f'<tr><td><a href="../{escape(page)}.html">{escape(title)}</a></td>'
            + "".join(f"<td>{cell}</td>" for cell in cells)
            + f"<td>{moment(checked) if checked else 'never'}</td></tr>"
        )
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("Page", "Proven", "Lies", "Not checked", "Skipped", "Last checked")
    )
    return (
        '<div class="table-wrapper docutils container" tabindex="0" role="region" '
        'aria-label="Examples"><table class="docutils align-default honestdocs-examples">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
