"""A report on links, as text for a person and as JSON lines like Sphinx's ``output.json``.

Owns what is told of a finding and in which order. Must not know where the text goes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from honestdocs.contract.link import LinkFinding, LinkReport, LinkState

_ORDER = (
    LinkState.BROKEN,
    LinkState.TIMEOUT,
    LinkState.RATE_LIMITED,
    LinkState.REDIRECTED,
    LinkState.UNCHECKED,
    LinkState.IGNORED,
    LinkState.WORKING,
)
_COLORS = {
    LinkState.BROKEN: "1;31",
    LinkState.TIMEOUT: "1;33",
    LinkState.RATE_LIMITED: "1;33",
    LinkState.REDIRECTED: "33",
    LinkState.WORKING: "32",
}
_DAY = 86400


def render(report: LinkReport, *, color: bool = False, verbose: bool = False) -> str:
    """The report as text. Without ``verbose`` only what somebody should mend is listed."""
    blocks = [
        _block(report, state, color=color, verbose=verbose)
        for state in _ORDER
        if _told(state, verbose)
    ]
    blocks += [f"note: {note}\n" for note in report.notes]
    return "\n".join([*(block for block in blocks if block), _closing(report, color=color)])


def _told(state: LinkState, verbose: bool) -> bool:  # noqa: FBT001 - a predicate's second half
    return (
        verbose
        or state in (LinkState.BROKEN, LinkState.TIMEOUT, LinkState.RATE_LIMITED)
        or (state is LinkState.REDIRECTED)
    )


def _block(report: LinkReport, state: LinkState, *, color: bool, verbose: bool) -> str:
    found, title = report.of(state), state.value
    if state is LinkState.REDIRECTED and not verbose:
        found, title = tuple(one for one in found if one.moved), "moved for good"
    if not found:
        return ""
    head = _paint(f"── {title} ({len(found)}) ", _COLORS.get(state, ""), color)
    return "\n".join([head, *(_lines(one, report) for one in found)]) + "\n"


def _lines(found: LinkFinding, report: LinkReport) -> str:
    link, verdict = found.link, found.verdict
    file = f"{report.root}/{link.place}" if report.root else str(link.place)
    lines = [f"{file}: {link.target}"]
    said = verdict.message or (
        f"{verdict.status} to {verdict.location}" if verdict.location else ""
    )
    if said:
        lines.append(f"    {said}")
    if link.text and link.text != link.target:
        lines.append(f"    text: {link.text}")
    if verdict.since and report.finished - verdict.since > _DAY:
        lines.append(f"    broken since {_day(verdict.since)}")
    if verdict.suggestion:
        lines.append(f"    write: {verdict.suggestion}")
    return "\n".join(map(_visible, lines))


def _visible(line: str) -> str:
    """The line with what could steer a terminal escaped: hosts and authors say what they like."""
    if line.isprintable():
        return line
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in line
    )


def _closing(report: LinkReport, *, color: bool) -> str:
    counts = {state: len(report.of(state)) for state in _ORDER}
    counts[LinkState.WORKING] += report.working
    parts = [
        _paint(f"{counts[state]} {state.value}", _COLORS.get(state, ""), color)
        for state in reversed(_ORDER)
        if counts[state] or state in (LinkState.WORKING, LinkState.BROKEN)
    ]
    took = f"{report.finished - report.started:.2f} s"
    asked = f"{report.targets} addresses, {report.requests} requests"
    return f"{', '.join(parts)} in {took} ({asked})\n"


def _paint(text: str, code: str, color: bool) -> str:  # noqa: FBT001 - one of three plain facts
    return f"\x1b[{code}m{text}\x1b[0m" if color and code else text


def _day(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).date().isoformat()


def render_json(findings: Iterable[LinkFinding]) -> str:
    """One JSON object a line, with the members of Sphinx's ``output.json`` (``filename``,
    ``lineno``, ``status``, ``code``, ``uri``, ``info``) and those that only we know.
    """
    return "".join(json.dumps(_row(found)) + "\n" for found in findings)


def _row(found: LinkFinding) -> dict[str, object]:
    link, verdict = found.link, found.verdict
    return {
        "filename": link.place.file,
        "lineno": link.place.line or 0,
        "status": verdict.state.value,
        "code": verdict.status,
        "uri": link.target,
        "info": verdict.location or verdict.message,
        "kind": link.kind.value,
        "text": link.text,
        "page": link.page,
        "url": found.url,
        "message": verdict.message,
        "permanent": verdict.permanent,
        "suggestion": verdict.suggestion,
        "cached": verdict.cached,
        "broken_since": verdict.since or None,
    }
