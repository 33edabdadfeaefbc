"""Reports of shards joined into the report of the whole.

Owns what a report must be to be joined, and how each of its parts is joined. Must not know where
reports are read from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version

from honestdocs.contract.coverage import measure
from honestdocs.contract.finding import Check, Finding, Ruling, outcome_of
from honestdocs.contract.home import home_of, homes_of
from honestdocs.contract.service import ServiceState
from honestdocs.contract.shard import Part
from honestdocs.verification.errors import MergeError
from honestdocs.verification.report.codec import CodecError, unpack
from honestdocs.verification.report.model import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The report of a shard, and the name of the file that it was read from."""

    file: str
    report: Report

    @property
    def part(self) -> Part:
        """Which part of the whole it covers; raises MergeError when it covers all."""
        if self.report.part is None:
            raise MergeError(
                f"{self.file}: is the report of a whole tree; only those that were written with "
                "honestdocs check --shard N/M --json FILE can be merged"
            )
        return self.report.part

    @property
    def name(self) -> str:
        """What it is, for a person."""
        return f"{self.file} (shard {self.part.index} of {self.part.count})"


def read_piece(file: str, text: str) -> Piece:
    """The report that ``honestdocs check --shard N/M --json FILE`` wrote.

    Raises MergeError when the text is none.
    """
    try:
        document = json.loads(text)
        shard = document.get("shard")
        known = document["format"], document["summary"]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise MergeError(f"{file}: is no report that honestdocs check --json wrote") from error
    if shard is None and known:
        return Piece(file=file, report=Report())
    try:
        return Piece(file=file, report=unpack(Report, shard["report"]))
    except (CodecError, TypeError, KeyError, RecursionError) as error:
        writer = shard.get("honestdocs") if isinstance(shard, dict) else None
        raise MergeError(
            f"{file}: cannot be read; it was written by honestdocs {writer or 'of no version'}, "
            f"this is {version('honestdocs')}: {error}"
        ) from error


def merge(pieces: Sequence[Piece]) -> Report:
    """The report of the whole, as if it had been checked at once.

    Raises MergeError unless the pieces are all the shards of one tree, each once.
    """
    _check(pieces)
    order = {page: at for at, page in enumerate(pieces[0].part.whole)}
    reports = [piece.report for piece in sorted(pieces, key=lambda piece: piece.part.index)]
    examples = sorted((e for r in reports for e in r.examples), key=lambda e: order[e.page])
    operations = sorted((o for r in reports for o in r.operations), key=lambda o: order[o.page])
    results = {name: result for report in reports for name, result in report.results.items()}
    changesets = {report.docs_changeset for report in reports}
    lies = [lie for report in reports for lie in report.lies]
    homes = homes_of(operations, examples)
    return replace(
        reports[0],
        part=None,
        operations=tuple(operations),
        examples=tuple(examples),
        results=results,
        blames={name: found for report in reports for name, found in report.blames.items()},
        lies=tuple(sorted(lies, key=lambda lie: order.get(home_of(lie, homes), len(order)))),
        coverage=measure(operations, examples, results),
        services=tuple(_services(reports)),
        rulings=tuple(_rulings(reports)),
        notes=tuple(dict.fromkeys([*_notes(pieces), *_versions(pieces)])),
        started=min(report.started for report in reports),
        finished=max(report.finished for report in reports),
        ran=sum(report.ran for report in reports),
        reused=sum(report.reused for report in reports),
        docs_changeset=changesets.pop() if len(changesets) == 1 else "",
    )


def _check(pieces: Sequence[Piece]) -> None:
    first = pieces[0]
    taken: dict[int, Piece] = {}
    for piece in pieces:
        part = piece.part
        if part.count != first.part.count:
            raise MergeError(f"{first.name} and {piece.name} are not of one split")
        if part.tree != first.part.tree:
            raise MergeError(_different(first, piece))
        if part.web != first.part.web:
            raise MergeError(_asking_unlike(first, piece))
        if part.index in taken:
            raise MergeError(
                f"{taken[part.index].file} and {piece.file} are both shard {part.index} of "
                f"{part.count}; give each shard once"
            )
        taken[part.index] = piece
    missing = [n for n in range(1, first.part.count + 1) if n not in taken]
    if missing:
        names = ", ".join(map(str, missing))
        which = f"shard {names} is" if len(missing) == 1 else f"shards {names} are"
        raise MergeError(f"{which} missing of {first.part.count}; give the reports of all shards")
    _check_pages(pieces)


def _different(one: Piece, other: Piece) -> str:
    said = f"{one.name} and {other.name} are of different trees"
    changesets = one.report.docs_changeset, other.report.docs_changeset
    if all(changesets) and changesets[0] != changesets[1]:
        said += f", at {changesets[0]} and {changesets[1]}"
    return f"{said}; check all shards from the same changeset, with the same honestdocs"


def _asking_unlike(one: Piece, other: Piece) -> str:
    """What is wrong with shards that did not part the same hosts among them."""
    if one.part.web and other.part.web:
        return (
            f"{one.name} and {other.name} have different links out of the tree; check all shards "
            "from the same changeset, with the same configuration"
        )
    asked, silent = (one, other) if one.part.web else (other, one)
    return (
        f"{asked.name} was checked with --external and {silent.name} was not; check all shards "
        "alike"
    )


def _check_pages(pieces: Sequence[Piece]) -> None:
    """Every page is in one shard: others come of machines that know different durations."""
    owners: dict[str, Piece] = {}
    advice = (
        "the shards were parted by different durations; let all of them begin with the same "
        "database of outcomes, or with none"
    )
    for piece in pieces:
        for page in piece.part.pages:
            if page in owners:
                raise MergeError(
                    f"page {page} is in {owners[page].name} and in {piece.name}: {advice}"
                )
            owners[page] = piece
    left = [page for page in pieces[0].part.whole if page not in owners]
    if left:
        raise MergeError(f"page {left[0]} is in none of the shards: {advice}")


def _services(reports: Iterable[Report]) -> Iterator[ServiceState]:
    """Each service as the shard met it that had trouble with it, else as it was seen last."""
    states: dict[str, list[ServiceState]] = {}
    for report in reports:
        for state in report.services:
            states.setdefault(state.name, []).append(state)
    for met in states.values():
        asked = [state for state in met if state.checked_at] or met
        yield max(asked, key=lambda state: (not state.healthy, state.checked_at))


def _rulings(reports: Iterable[Report]) -> Iterator[Ruling]:
    """The rulings in the order of one check: on the links of a file, several shards may have
    ruled, each by what its hosts told.
    """
    checks = list(Check)
    found: dict[tuple[int, str], list[Ruling]] = {}
    for report in reports:
        for ruling in report.rulings:
            key = checks.index(ruling.check), ruling.place.file
            found.setdefault(key, []).append(ruling)
    for _, parts in sorted(found.items()):
        yield parts[0] if len(parts) == 1 else _joined(parts)


def _joined(parts: Sequence[Ruling]) -> Ruling:
    every = (finding for ruling in parts for finding in ruling.findings)
    findings = tuple(sorted(every, key=_rank))
    return replace(parts[0], findings=findings, outcome=outcome_of(findings))


def _rank(finding: Finding) -> tuple[int, str]:
    return finding.place.line or 0, finding.subject


def _notes(pieces: Iterable[Piece]) -> Iterator[str]:
    for piece in pieces:
        yield from (note for note in piece.report.notes if note != piece.part.statement)


def _versions(pieces: Iterable[Piece]) -> Iterator[str]:
    """A sentence for each service that the shards did not meet in one version."""
    found: dict[str, dict[str, list[int]]] = {}
    for piece in pieces:
        for state in piece.report.services:
            if state.version:
                shards = found.setdefault(state.name, {}).setdefault(state.version, [])
                shards.append(piece.part.index)
    for name, versions in found.items():
        if len(versions) > 1:
            told = "; ".join(_told(version, shards) for version, shards in sorted(versions.items()))
            yield f"the shards met different versions of {name}: {told}"


def _told(version: str, shards: Sequence[int]) -> str:
    return f"{version} in {', '.join(map(str, sorted(shards)))}"
