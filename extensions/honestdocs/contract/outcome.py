"""What became of a claim: outcomes, grades and mismatches.

Owns the words of every report. Must not know how an outcome came about or is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from honestdocs.contract.packing import packed
from honestdocs.contract.place import Place

_BOUND = " (bound to "


class Outcome(StrEnum):
    """pytest's words: failed means docs and server disagree, error means nobody could check."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"


class Grade(StrEnum):
    """The first thing that is wrong, worst first: a report is read from the top."""

    PARSE = "parse"
    OPERATION = "operation"
    STATUS = "status"
    STRUCTURE = "structure"
    HEADERS = "headers"
    VALUES = "values"


class Kind(StrEnum):
    """What sort of difference a mismatch is."""

    PARSE = "parse"
    OPERATION = "operation"
    CREDENTIALS = "credentials"
    UNLISTED_STATUS = "unlisted status"
    DATE = "impossible date"
    STATUS = "status"
    MISSING_MEMBER = "missing member"
    UNDOCUMENTED_MEMBER = "undocumented member"
    TYPE = "type"
    LENGTH = "length"
    MISSING_HEADER = "missing header"
    HEADER = "header"
    VALUE = "value"
    BODY = "body"


GRADES: dict[Kind, Grade] = {
    Kind.PARSE: Grade.PARSE,
    Kind.OPERATION: Grade.OPERATION,
    Kind.CREDENTIALS: Grade.OPERATION,
    Kind.UNLISTED_STATUS: Grade.STATUS,
    Kind.DATE: Grade.VALUES,
    Kind.STATUS: Grade.STATUS,
    Kind.MISSING_MEMBER: Grade.STRUCTURE,
    Kind.UNDOCUMENTED_MEMBER: Grade.STRUCTURE,
    Kind.TYPE: Grade.STRUCTURE,
    Kind.LENGTH: Grade.STRUCTURE,
    Kind.MISSING_HEADER: Grade.HEADERS,
    Kind.HEADER: Grade.HEADERS,
    Kind.VALUE: Grade.VALUES,
    Kind.BODY: Grade.VALUES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """What was observed, whole: what the page would have to say.

    ``text`` is a status with its reason, the value of a header field, a text, or JSON in ASCII;
    secrets are left out. ``pointer`` is where the documented body has the value, and ``after``
    the documented member behind which an undocumented one belongs, None for the first place.
    """

    text: str
    pointer: str = ""
    after: str | None = None


@packed
@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """One difference between documented and observed.

    ``subject`` says what differs: ``status``, ``header ETag``, a JSON Pointer (RFC 6901) such
    as ``/data/id``, or ``body``. ``documented`` and ``observed`` are texts for a person, JSON
    values in their JSON spelling; an absent one is the empty text. ``fix`` is the likely mend.
    ``exact`` is what was observed in full, None where it is unknown or too long to keep.
    """

    kind: Kind
    subject: str
    documented: str
    observed: str
    place: Place
    fix: str = ""
    exact: Exact | None = None

    @property
    def grade(self) -> Grade:
        """How grave the difference is."""
        return GRADES[self.kind]

    @property
    def written(self) -> str:
        """The documented text without what it stood for in this run."""
        bare = self.kind is Kind.VALUE and not self.documented.startswith('"')
        return self.documented.partition(_BOUND)[0] if bare else self.documented


def bound_text(documented: str, value: str) -> str:
    """A documented text with the value that it stood for in a run."""
    return f"{documented}{_BOUND}{value})"


@packed
@dataclass(frozen=True, slots=True, kw_only=True)
class Lie:
    """A claim that contradicts itself or its page, found without a server.

    A ``warning`` is worth telling but does not fail a check; ``usage`` marks a mistake in how
    the tree is written rather than in what it says (a duplicate operation, an unknown mark).
    ``example`` is the id of the example that the lie belongs to, or empty.
    """

    mismatch: Mismatch
    message: str
    example: str = ""
    warning: bool = False
    usage: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The outcome of one example in one run.

    ``reason`` is a sentence for error and skipped; ``matched`` names the places whose values
    were generated and matched by kind (``/data/id: uuid``); ``cause`` is the digest of all
    that the outcome depends on; ``checked_at`` is in seconds since the epoch, 0 when the
    example was never run; ``changeset`` names the documentation
    it was checked from; ``seconds`` is the time the service took. ``further`` are the mismatches
    that a wrong status hides.
    """

    example: str
    outcome: Outcome
    mismatches: tuple[Mismatch, ...] = ()
    reason: str = ""
    matched: tuple[str, ...] = ()
    cause: str = ""
    service: str = ""
    server_version: str = ""
    changeset: str = ""
    checked_at: float = 0.0
    seconds: float = 0.0
    status: int | None = None
    observed_headers: tuple[str, ...] = ()
    observed_members: tuple[str, ...] = ()
    flaky: bool = False
    further: tuple[Mismatch, ...] = ()

    def stamped(
        self, *, cause: str, service: str, server_version: str, changeset: str, checked_at: float
    ) -> Result:
        """The result with what is known of its run."""
        return Result(
            example=self.example,
            outcome=self.outcome,
            mismatches=self.mismatches,
            reason=self.reason,
            matched=self.matched,
            cause=cause,
            service=service,
            server_version=server_version,
            changeset=changeset,
            checked_at=checked_at,
            seconds=self.seconds,
            status=self.status,
            observed_headers=self.observed_headers,
            observed_members=self.observed_members,
            further=self.further,
        )

    @property
    def grade(self) -> Grade | None:
        """The gravest grade among the mismatches, None when there is none."""
        return worst(mismatch.grade for mismatch in self.mismatches)


_ORDER = {grade: position for position, grade in enumerate(Grade)}


def worst(grades: Iterable[Grade]) -> Grade | None:
    """The gravest of some grades, None of none."""
    return min(grades, key=_ORDER.__getitem__, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many examples ended how."""

    passed: int = 0
    failed: int = 0
    error: int = 0
    skipped: int = 0
    grades: dict[Grade, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All examples."""
        return self.passed + self.failed + self.error + self.skipped


def tally(results: Iterable[Result]) -> Tally:
    """Counts of outcomes, and of failed examples by grade."""
    counts = dict.fromkeys(Outcome, 0)
    grades: dict[Grade, int] = {}
    for result in results:
        counts[result.outcome] += 1
        if result.outcome is Outcome.FAILED and result.grade is not None:
            grades[result.grade] = grades.get(result.grade, 0) + 1
    return Tally(
        passed=counts[Outcome.PASSED],
        failed=counts[Outcome.FAILED],
        error=counts[Outcome.ERROR],
        skipped=counts[Outcome.SKIPPED],
        grades=grades,
    )
