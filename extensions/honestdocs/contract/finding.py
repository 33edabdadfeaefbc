"""Findings: one stream of what is wrong, whatever was checked.

Owns the values that every report format is made of, and the fingerprint by which a finding is
known again when lines have moved. Must not know a format, nor how a check came to its finding.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from honestdocs.contract.outcome import Outcome
from honestdocs.contract.place import Place


class Check(StrEnum):
    """What can be checked of a tree."""

    EXAMPLES = "examples"
    LINKS = "links"
    SPELLING = "spelling"
    STYLE = "style"


UNRESOLVED = "unresolved"
"""The rule that a link breaks which leads nowhere within the tree: nobody is asked for it."""


def is_asked_for(check: str, rule: str) -> bool:
    """Whether a finding under a rule of a check comes of asking somebody out of the tree."""
    return check == Check.LINKS and rule != UNRESOLVED


class Level(StrEnum):
    """How loud a finding is, in the words of SARIF 2.1.0 (section 3.27.10): only an error fails."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """The replacement of exact text within one line: ``removed`` stands from ``column`` on.

    Columns count characters from 1. ``inserted`` takes its place.
    """

    line: int
    column: int
    removed: str
    inserted: str

    @property
    def end_column(self) -> int:
        """The column after the last removed character."""
        return self.column + len(self.removed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong or worth telling.

    ``rule`` names what was broken among those of its ``check``; ``subject`` says of what in
    words that do not change when text moves, and with file and rule makes the fingerprint.
    ``column`` and ``end_column`` count characters from 1, the end excluded, None for the whole
    line. ``advice`` is the likely mend in words, ``fix`` the same as an edit where it is exact.
    ``url`` is an address that the finding is about. ``outcome`` is failed, error when it could
    not be checked, and passed for what is only told. ``notation`` marks a mistake in how the
    tree is written. ``example`` is the id of the example it belongs to, or empty. ``accepted``
    says until when and why it may stand, where a baseline covers it.
    """

    check: Check
    rule: str
    message: str
    place: Place
    subject: str
    level: Level = Level.ERROR
    outcome: Outcome = Outcome.FAILED
    column: int | None = None
    end_column: int | None = None
    advice: str = ""
    fix: Fix | None = None
    url: str = ""
    example: str = ""
    notation: bool = False
    accepted: str = ""

    @property
    def id(self) -> str:
        """The rule with its check: ``examples/status``."""
        return f"{self.check}/{self.rule}"

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that depend on no line number: the same finding has the same
        when text above it has moved, and two alike in one file share it.
        """
        parts = (self.check.value, self.rule, self.place.file, self.subject)
        return hashlib.blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()

    @property
    def fails(self) -> bool:
        """Whether a check with this finding cannot end well."""
        return self.level is Level.ERROR and not self.accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What became of one thing that was checked: an example, or all links of a page.

    ``name`` tells it from the others of its page. ``reason`` is a sentence for error and
    skipped; ``seconds`` is the time it took. Passed rulings may have findings that are only
    told; a skipped one is ``accepted`` when a baseline covers all that is wrong with it. A
    ``partial`` one looked only for what can be found without asking anybody.
    """

    check: Check
    page: str
    name: str
    place: Place
    outcome: Outcome
    reason: str = ""
    seconds: float = 0.0
    findings: tuple[Finding, ...] = ()
    accepted: bool = False
    partial: bool = False


def outcome_of(findings: tuple[Finding, ...]) -> Outcome:
    """Failed where a finding fails, else error where one could not be checked, else passed."""
    failing = {finding.outcome for finding in findings if finding.fails}
    if Outcome.FAILED in failing:
        return Outcome.FAILED
    return Outcome.ERROR if Outcome.ERROR in failing else Outcome.PASSED
