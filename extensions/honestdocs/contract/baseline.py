"""The ratchet: findings that are accepted for now, each with an owner and an end.

Owns what an acceptance covers, when it has expired and when it has served. Must not know where
acceptances are kept, nor how a tree was checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from honestdocs.contract.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Some findings with one fingerprint, accepted up to the day ``expires``, which included.

    ``count`` is how many of them are covered. ``check``, ``rule``, ``file``, ``example`` and
    ``message`` tell a reader what was accepted; only the fingerprint decides. ``owner`` is who
    is to mend it, ``reason`` why it may wait.
    """

    fingerprint: str
    check: str
    rule: str
    file: str
    message: str
    owner: str
    expires: date
    reason: str = ""
    example: str = ""
    count: int = 1

    def expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return today > self.expires

    @property
    def terms(self) -> str:
        """Until when, by whom, and why: ``accepted until 2026-12-31 (Ada): being rewritten``."""
        told = f"accepted until {self.expires} ({self.owner})"
        return f"{told}: {self.reason}" if self.reason else told


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A finding with the acceptance that covers it."""

    finding: Finding
    acceptance: Acceptance


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is written into the acceptances that a person makes at once."""

    owner: str
    expires: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """All acceptances of a tree, sorted as they are kept: by file, check, rule and example."""

    acceptances: tuple[Acceptance, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "acceptances", tuple(sorted(self.acceptances, key=_rank)))

    def expired(self, today: date) -> tuple[Acceptance, ...]:
        """The acceptances whose last day is over."""
        return tuple(one for one in self.acceptances if one.expired(today))

    def accept(self, findings: Iterable[Finding], terms: Terms) -> Baseline:
        """The baseline that covers these findings too: what it has stays as it is but for
        counts, which grow where there are more of a kind.
        """
        kept = {one.fingerprint: one for one in self.acceptances}
        found: dict[str, list[Finding]] = {}
        for finding in findings:
            if finding.fails:
                found.setdefault(finding.fingerprint, []).append(finding)
        for mark, alike in found.items():
            old = kept.get(mark)
            number = len(alike)
            kept[mark] = (
                replace(old, count=max(old.count, number))
                if old
                else _acceptance(alike[0], number, terms)
            )
        return Baseline(tuple(kept.values()))

    def renew(self, today: date, terms: Terms) -> Baseline:
        """The baseline with new terms for what has expired."""
        return Baseline(
            tuple(
                replace(one, owner=terms.owner, expires=terms.expires, reason=terms.reason)
                if one.expired(today)
                else one
                for one in self.acceptances
            )
        )

    def unused(
        self, findings: Iterable[Finding], checked: Callable[[Acceptance], bool]
    ) -> tuple[Acceptance, ...]:
        """The acceptances that cover more than was found, each with the number of those that
        are fixed; only where ``checked`` says that a finding would have been found.
        """
        found = Counter(finding.fingerprint for finding in findings)
        spare = ((one, one.count - found[one.fingerprint]) for one in self.acceptances)
        return tuple(
            replace(one, count=fixed) for one, fixed in spare if fixed > 0 and checked(one)
        )

    def prune(self, unused: Iterable[Acceptance]) -> Baseline:
        """The baseline without what is fixed, as ``unused`` told it."""
        fixed = {one.fingerprint: one.count for one in unused}
        left = (
            replace(one, count=one.count - fixed.get(one.fingerprint, 0))
            for one in self.acceptances
        )
        return Baseline(tuple(one for one in left if one.count > 0))


class Allowance:
    """What a baseline still covers while findings are counted against it, on one day."""

    def __init__(self, baseline: Baseline, today: date) -> None:
        self._left = {
            one.fingerprint: one.count for one in baseline.acceptances if not one.expired(today)
        }
        self._terms = {one.fingerprint: one for one in baseline.acceptances}
        self.accepted: list[Accepted] = []

    def take(self, finding: Finding) -> Acceptance | None:
        """The acceptance that covers a finding, None where none does; used up by its count."""
        left = self._left.get(finding.fingerprint, 0)
        if not left or not finding.fails:
            return None
        self._left[finding.fingerprint] = left - 1
        acceptance = self._terms[finding.fingerprint]
        self.accepted.append(Accepted(finding=finding, acceptance=acceptance))
        return acceptance


def _acceptance(finding: Finding, count: int, terms: Terms) -> Acceptance:
    return Acceptance(
        fingerprint=finding.fingerprint,
        check=finding.check.value,
        rule=finding.rule,
        file=finding.place.file,
        example=finding.example,
        message=finding.message,
        count=count,
        owner=terms.owner,
        expires=terms.expires,
        reason=terms.reason,
    )


def _rank(one: Acceptance) -> tuple[str, ...]:
    return one.file, one.check, one.example, one.rule, one.message, one.fingerprint
