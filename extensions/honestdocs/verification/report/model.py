"""All that a report tells, before anybody decides how.

Owns the Report and what it adds up to. Must not know a format.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from honestdocs.contract.baseline import Acceptance, Accepted
from honestdocs.contract.blame import Blame
from honestdocs.contract.cause import Cause, group
from honestdocs.contract.coverage import OperationCoverage
from honestdocs.contract.example import Example
from honestdocs.contract.finding import Ruling
from honestdocs.contract.home import home_of, homes_of
from honestdocs.contract.operation import Operation
from honestdocs.contract.outcome import Lie, Mismatch, Outcome, Result, Tally, tally
from honestdocs.contract.place import Place
from honestdocs.contract.service import ServiceState
from honestdocs.contract.shard import Part

Identity: TypeAlias = tuple[str, str, str, Place]

NOT_RUN = "it was not run"
"""The reason of an example that has no result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSummary:
    """One page: how its examples ended, and what was found on it without a server."""

    page: str
    tally: Tally
    lies: int = 0
    warnings: int = 0

    @property
    def proven(self) -> bool:
        """Whether every example of the page passed and nothing on it is a lie."""
        return self.tally.passed == self.tally.total and not self.lies


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What a baseline did to a report: the findings that it covers, its acceptances that have
    expired and whose findings are still there, and those that are no longer needed.
    """

    accepted: tuple[Accepted, ...] = ()
    expired: tuple[Acceptance, ...] = ()
    fixed: tuple[Acceptance, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one check found.

    ``root`` is put before the file of a place so that the path leads there from the current
    folder. ``results`` are kept by the example's id; an example without one counts as skipped.
    ``lies`` are those found without a server. ``notes`` are sentences for a person about the
    check itself. ``ran`` examples were sent in this run, ``reused`` ones had been checked
    before with the same cause. ``files`` are the sources that the tree was read from, relative
    to their folder. ``rulings`` are on what was checked besides examples; ``settlement`` is
    what a baseline did to the report. ``blames`` says since when failed examples fail, by their
    ids, as far as that is known. Times are in seconds since the epoch. ``part`` says what
    the report covers when it is a shard's, and ``unsettled`` is that shard's report as it was
    without a baseline.
    """

    root: str = ""
    operations: tuple[Operation, ...] = ()
    examples: tuple[Example, ...] = ()
    results: Mapping[str, Result] = field(default_factory=dict)
    blames: Mapping[str, Blame] = field(default_factory=dict)
    lies: tuple[Lie, ...] = ()
    coverage: tuple[OperationCoverage, ...] = ()
    services: tuple[ServiceState, ...] = ()
    notes: tuple[str, ...] = ()
    started: float = 0.0
    finished: float = 0.0
    ran: int = 0
    reused: int = 0
    docs_changeset: str = ""
    files: tuple[str, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    settlement: Settlement = Settlement()
    part: Part | None = None
    unsettled: Report | None = None

    def result(self, example: Example) -> Result:
        """The result of an example, skipped when it has none."""
        found = self.results.get(example.id)
        return found or Result(example=example.id, outcome=Outcome.SKIPPED, reason=NOT_RUN)

    def ended(self, outcome: Outcome) -> tuple[tuple[Example, Result], ...]:
        """The examples with that outcome, in the order of the documentation."""
        pairs = ((example, self.result(example)) for example in self.examples)
        return tuple(pair for pair in pairs if pair[1].outcome is outcome)

    @property
    def tally(self) -> Tally:
        """How many examples ended how."""
        return tally(self.result(example) for example in self.examples)

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What lies behind the failed examples, gravest first."""
        return group(result for _, result in self.ended(Outcome.FAILED))

    @property
    def false_claims(self) -> tuple[Lie, ...]:
        """The lies found without a server that fail a check, each once: what the result of
        a failed example tells already is left out.
        """
        told = {
            identity(mismatch)
            for _, result in self.ended(Outcome.FAILED)
            for mismatch in result.mismatches
        }
        return tuple(
            lie for lie in self.lies if not lie.warning and identity(lie.mismatch) not in told
        )

    @property
    def mistakes(self) -> tuple[Lie, ...]:
        """What is wrong with how the tree is written rather than with what it says."""
        return tuple(lie for lie in self.lies if lie.usage)

    @property
    def warnings(self) -> tuple[Lie, ...]:
        """What is worth telling and is no lie."""
        return tuple(lie for lie in self.lies if lie.warning)

    @property
    def failed(self) -> bool:
        """Whether the documentation lies anywhere."""
        return bool(self.tally.failed or any(not lie.warning for lie in self.lies))

    @property
    def ok(self) -> bool:
        """Whether nothing failed and everything could be checked."""
        return self.exit_status == 0

    @property
    def exit_status(self) -> int:
        """1 when the documentation lies, else 2 when its notation is wrong, else 3 when something
        could not be checked, else 0.
        """
        others = {ruling.outcome for ruling in self.rulings}
        if self.failed or Outcome.FAILED in others:
            return 1
        if self.mistakes:
            return 2
        return 3 if self.tally.error or Outcome.ERROR in others else 0

    def pages(self) -> tuple[PageSummary, ...]:
        """All pages that have examples or lies, in the order of the documentation."""
        results: dict[str, list[Result]] = {}
        for example in self.examples:
            results.setdefault(example.page, []).append(self.result(example))
        lies = self.lies_by_page()
        return tuple(
            PageSummary(
                page=page,
                tally=tally(results.get(page, ())),
                lies=sum(not lie.warning for lie in lies.get(page, ())),
                warnings=sum(lie.warning for lie in lies.get(page, ())),
            )
            for page in dict.fromkeys((*results, *lies))
        )

    def lies_by_page(self) -> dict[str, list[Lie]]:
        """The lies found without a server, by the page that their example or file belongs to."""
        homes = homes_of(self.operations, self.examples)
        found: dict[str, list[Lie]] = {}
        for lie in (*self.false_claims, *self.warnings):
            found.setdefault(home_of(lie, homes), []).append(lie)
        return found

    def path(self, place: Place) -> str:
        """The file of a place as it is reached from the current folder, with ``/``."""
        file = place.file.replace("\\", "/")
        return posixpath.normpath(posixpath.join(self.root.replace("\\", "/"), file))

    def at(self, place: Place) -> str:
        """Path and line of a place, as terminals and editors open it."""
        return self.path(place) + ("" if place.line is None else f":{place.line}")


def identity(mismatch: Mismatch) -> Identity:
    """What makes a mismatch and a lie the same thing, told twice."""
    return mismatch.kind.value, mismatch.subject, mismatch.documented, mismatch.place
