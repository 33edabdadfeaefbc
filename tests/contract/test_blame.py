"""A lie is blamed on what had changed when it began."""

from __future__ import annotations

import pytest

from honestdocs.contract.blame import Blame, Culprit, Sighting, blame
from honestdocs.contract.outcome import Outcome


def seen(word: str, at: int, *, cause: str = "a:x", version: str = "1") -> Sighting:
    return Sighting(outcome=Outcome(word), cause=cause, checked_at=at, version=version)


@pytest.mark.parametrize(
    ("cause", "version", "culprit"),
    [
        ("b:x", "1", Culprit.DOCUMENTATION),
        ("a:y", "2", Culprit.SERVICE),
        ("b:y", "2", Culprit.BOTH),
        ("a:x", "1", Culprit.NEITHER),
    ],
)
def test_the_first_failure_after_the_last_pass_is_compared_with_it(
    cause: str, version: str, culprit: Culprit
) -> None:
    first = seen("failed", 3, cause=cause, version=version)
    history = [seen("failed", 5, cause="z:z", version="9"), seen("error", 4), first]
    found = blame([*history, seen("error", 2), seen("passed", 1), seen("failed", 0)])
    assert found == Blame(first=first, before=seen("passed", 1))
    assert found.culprit is culprit


def test_what_never_passed_has_no_culprit() -> None:
    found = blame([seen("failed", 2), seen("failed", 1)])
    assert found == Blame(first=seen("failed", 1))
    assert found.culprit is None


def test_what_does_not_fail_is_not_blamed() -> None:
    assert blame([]) is None
    assert blame([seen("passed", 2), seen("failed", 1)]) is None
    assert blame([seen("error", 2)]) is None
