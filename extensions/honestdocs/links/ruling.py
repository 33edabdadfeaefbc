"""What was found out of links as findings and rulings, for the report on everything.

Owns which states fail, which are only told, and the edit that mends a link. Must not know a
format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath

from honestdocs.contract.finding import (
    UNRESOLVED,
    Check,
    Finding,
    Fix,
    Level,
    Ruling,
    outcome_of,
)
from honestdocs.contract.link import LinkFinding, LinkKind, LinkReport, LinkState
from honestdocs.contract.outcome import Outcome
from honestdocs.contract.place import Place
from honestdocs.links.place import occurrences

MOVED = "moved"

Lines = Callable[[str], Sequence[str] | None]


def rule_on_links(
    report: LinkReport, files: Iterable[str], lines: Lines, *, external: bool
) -> tuple[Ruling, ...]:
    """A ruling for each of the ``files`` that the tree was read from, and each other that has
    findings, by their names; ``lines`` gives those of a source, ``external`` says whether others
    were asked.
    """
    found: dict[str, dict[tuple[Place, str, str], Finding]] = {name: {} for name in files}
    for one in report.findings:
        finding = find(one, lines)
        if finding is not None:  # what several pages include is one finding
            known = found.setdefault(finding.place.file, {})
            known.setdefault((finding.place, finding.rule, finding.subject), finding)
    return tuple(
        _ruling(file, tuple(findings.values()), external)
        for file, findings in sorted(found.items())
    )


def find(one: LinkFinding, lines: Lines) -> Finding | None:
    """What is to be told of a link, None where it is well or was not looked at."""
    link, verdict = one.link, one.verdict
    if not (one.broken or one.undecided or one.moved):
        return None
    fix = _fix(one, lines)
    return Finding(
        check=Check.LINKS,
        rule=_rule(one),
        message=_message(one),
        place=link.place,
        subject=link.target,
        level=Level.WARNING if one.moved else Level.ERROR,
        outcome=_outcome(one),
        column=fix.column if fix else None,
        end_column=fix.end_column if fix else None,
        advice=f"write {verdict.suggestion}" if verdict.suggestion else "",
        fix=fix,
        url=link.target if link.kind is LinkKind.EXTERNAL else "",
    )


def _rule(one: LinkFinding) -> str:
    if one.moved:
        return MOVED
    if one.broken and one.link.kind is not LinkKind.EXTERNAL:
        return UNRESOLVED
    return one.verdict.state.value


def _outcome(one: LinkFinding) -> Outcome:
    if one.broken:
        return Outcome.FAILED
    return Outcome.ERROR if one.undecided else Outcome.PASSED


def _message(one: LinkFinding) -> str:
    verdict = one.verdict
    said = verdict.message or verdict.state.value
    if verdict.state is LinkState.REDIRECTED:
        said = f"moved for good to {verdict.location}"
    if verdict.since:
        said += f" (since {datetime.fromtimestamp(verdict.since, UTC).date()})"
    return f"{one.link.target}: {said}"


def _fix(one: LinkFinding, lines: Lines) -> Fix | None:
    """The edit that writes the suggestion in place of the target, where that stands once."""
    place, texts = one.link.place, lines(one.link.place.file) or ()
    if not one.verdict.suggestion or place.line is None or not 0 < place.line <= len(texts):
        return None
    text = texts[place.line - 1]
    places = ((target, occurrences(text, target)) for target in _spellings(one))
    target, at = next((found for found in places if len(found[1]) == 1), ("", []))
    if not at:
        return None
    return Fix(
        line=place.line,
        column=at[0] + 1,
        removed=target,
        inserted=one.verdict.suggestion,
    )


def _spellings(one: LinkFinding) -> Iterator[str]:
    """How the target may stand in the source: of a reference without its role, which bears the
    name of a domain or does not.
    """
    target = one.link.target
    if one.link.kind is not LinkKind.REFERENCE:
        yield target
        return
    parts = target.split(":", 2)
    yield from (":".join(parts[at:]) for at in range(1, len(parts)) if parts[at])


def _ruling(file: str, findings: tuple[Finding, ...], external: bool) -> Ruling:  # noqa: FBT001 - a part of the value
    return Ruling(
        check=Check.LINKS,
        page=str(PurePosixPath(file).with_suffix("")),
        name=Check.LINKS.value,
        place=Place(file),
        outcome=outcome_of(findings),
        findings=findings,
        partial=not external,
    )
