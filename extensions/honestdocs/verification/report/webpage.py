"""The report as one HTML page that needs nothing else: ``honestdocs check --html FILE``.

Owns the page's structure. Must not know where it is written, nor reach for anything outside it:
its style is part of it, and it runs no script.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib.resources import files

from honestdocs.contract.finding import Check, Finding
from honestdocs.contract.outcome import Outcome
from honestdocs.contract.place import Place
from honestdocs.verification.report.besides import HEADS, NAMES, cells
from honestdocs.verification.report.document import legal, timestamp
from honestdocs.verification.report.excerpt import Sources, draw
from honestdocs.verification.report.look import Look, Palette
from honestdocs.verification.report.model import Report
from honestdocs.verification.report.phrase import fixes, phrase
from honestdocs.verification.report.since import since
from honestdocs.verification.report.stream import findings
from honestdocs.verification.report.summary import last_line
from honestdocs.verification.report.telling import (
    Telling,
    failures,
    false_claims,
    mistakes,
    warnings,
)

WIDTH = 100
"""The columns of an excerpt."""

_WORDS = {0: "Proven", 1: "Lies", 2: "Notation is wrong", 3: "Not everything could be checked"}


def render_html(report: Report, sources: Sources) -> str:
    """The page as text, with a line break at its end; equal for equal reports."""
    style = files("honestdocs.verification.report").joinpath("static/report.css")
    title = f"honestdocs: {_WORDS[report.exit_status]}"
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        '<head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape(title)}</title>",
        f"<style>\n{style.read_text('utf-8')}</style></head>",
        f'<body><main class="status-{report.exit_status}">',
        *_head(report),
        *_sections(report, sources),
        "</main></body></html>",
    ]
    return legal("\n".join(parts)) + "\n"


def _head(report: Report) -> Iterator[str]:
    yield f"<header><h1>{escape(_WORDS[report.exit_status])}</h1>"
    yield f"<p>{escape(' '.join(last_line(report)))}</p>"
    told = [f"changeset {report.docs_changeset}"] if report.docs_changeset else []
    told += [moment for moment in (timestamp(report.finished),) if moment]
    if told:
        yield f'<p class="faint">{escape(", ".join(told))}</p>'
    yield "</header>"
    rows = [(NAMES[check], *cells(report, check)) for check in Check]
    shown = [row for row in rows if row[1]]
    yield from _table("Checks", ("", *HEADS), shown)


def _sections(report: Report, sources: Sources) -> Iterator[str]:
    yield from _tellings(report, sources, "Lies", failures(report))
    yield from _tellings(report, sources, "Lies found without a server", false_claims(report))
    yield from _tellings(report, sources, "Mistakes in the notation", mistakes(report))
    found = findings(report, sources)
    for check in (Check.LINKS, Check.SPELLING, Check.STYLE):
        some = [one for one in found if one.check is check and not one.accepted]
        yield from _findings(report, check.value.capitalize(), some)
    away = [one for one in found if one.outcome is Outcome.ERROR and not one.accepted]
    some = [one for one in away if one.check is Check.EXAMPLES]
    yield from _findings(report, "Could not be checked", some)
    yield from _findings(report, "Accepted", [one for one in found if one.accepted])
    notes = [one for one in found if one.rule == "unproven-claim"]
    yield from _findings(report, "Claims without evidence", notes)
    yield from _tellings(report, sources, "Worth a look", warnings(report))
    yield from _pages(report)
    yield from _services(report)
    if report.notes:
        yield "<section><h2>Notes</h2><ul>"
        yield from (f"<li>{escape(note)}</li>" for note in report.notes)
        yield "</ul></section>"


def _tellings(
    report: Report, sources: Sources, title: str, tellings: Sequence[Telling]
) -> Iterator[str]:
    if not tellings:
        return
    yield f"<section><h2>{escape(title)} <small>{len(tellings)}</small></h2>"
    for telling in tellings:
        yield from _telling(report, sources, telling)
    yield "</section>"


def _telling(report: Report, sources: Sources, telling: Telling) -> Iterator[str]:
    grade = telling.grade.value if telling.grade else "lie"
    said = telling.message or (
        phrase(telling.mismatches[0]) if telling.mismatches else "docs and service disagree"
    )
    yield f"<article><h3>{_at(report, telling.place)} <b>{escape(grade)}</b> {escape(said)}</h3>"
    look = Look(palette=Palette(color=False), width=WIDTH, verbose=True)
    excerpt = list(draw(telling.mismatches, sources, look))
    if excerpt:
        label = f"Excerpt of {report.at(telling.place)}"
        text = escape("\n".join(excerpt))
        yield f'<pre tabindex="0" role="region" aria-label="{escape(label)}">{text}</pre>'
    sentences = {lie.message for lie in report.lies}  # they are no mends, though they stand for one
    for fix in fixes(telling.mismatches):
        if fix != said and fix not in sentences:
            yield f'<p class="fix"><b>Fix:</b> {escape(fix)}</p>'
    found = report.blames.get(telling.example.id) if telling.example else None
    if found is not None:
        yield f'<p class="faint">{escape(since(found))}</p>'
    if len(telling.places) > 1:
        yield f"<details><summary>In {len(telling.places)} examples</summary><ul>"
        yield from (f"<li>{_at(report, place)}</li>" for place, _ in telling.places)
        yield "</ul></details>"
    yield "</article>"


def _findings(report: Report, title: str, some: Sequence[Finding]) -> Iterator[str]:
    if not some:
        return
    rows = [(_at(report, one.place), escape(one.rule), escape(_said(one))) for one in some]
    yield f"<section><h2>{escape(title)} <small>{len(some)}</small></h2>"
    yield from _marked(title, ("Place", "Rule", "Finding"), rows)
    yield "</section>"


def _said(one: Finding) -> str:
    said = one.message + (f" — fix: {one.advice}" if one.advice else "")
    return said + (f" — {one.accepted}" if one.accepted else "")


def _at(report: Report, place: Place) -> str:
    return f"<code>{escape(report.at(place))}</code>"


def _pages(report: Report) -> Iterator[str]:
    rows = [
        (p.page, p.tally.passed, p.tally.failed + p.lies, p.tally.error, p.tally.skipped)
        for p in report.pages()
    ]
    if rows:
        yield "<section><h2>Pages</h2>"
        yield from _table("Pages", ("Page", "proven", "lies", "unchecked", "skipped"), rows)
        yield "</section>"


def _services(report: Report) -> Iterator[str]:
    rows = [(s.name, str(s.status), s.version, s.url) for s in report.services]
    if rows:
        yield "<section><h2>Services</h2>"
        yield from _table("Services", ("Service", "Health", "Version", "Address"), rows)
        yield "</section>"


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    marked = [[_cell(cell) for cell in row] for row in rows]
    yield from _marked(caption, heads, marked)


def _marked(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table of cells that are markup already; the first of each row is its header."""
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
    yield "<thead><tr>"
    yield "".join(f'<th scope="col">{escape(head)}</th>' if head else "<td></td>" for head in heads)
    yield "</tr></thead><tbody>"
    for first, *rest in rows:
        yield f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{c}</td>" for c in rest) + "</tr>"
    yield "</tbody></table></div>"


def _cell(value: object) -> str:
    return escape(f"{value:,}" if isinstance(value, int) else str(value))
