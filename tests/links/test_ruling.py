"""What was found out of links, as findings: what fails, what is only told, and its edit."""

from __future__ import annotations

import pytest

from honestdocs.contract.finding import Finding, Level
from honestdocs.contract.link import Link, LinkFinding, LinkKind, LinkReport, LinkState, Verdict
from honestdocs.contract.outcome import Outcome
from honestdocs.contract.place import Place
from honestdocs.links.ruling import find, rule_on_links

TEXT = ["See `the guide <http://old.example/guide>`_ and :doc:`quik-start`.", "Again twice twice."]


def lines(_: str) -> list[str]:
    return TEXT


LINK = Link(
    page="index",
    place=Place("index.rst", 1),
    kind=LinkKind.EXTERNAL,
    target="http://old.example/guide",
    text="the guide",
)
BROKEN = LinkFinding(
    link=LINK, verdict=Verdict(state=LinkState.BROKEN, message="404 Not Found", status=404)
)
NEW = "https://new.example/guide"
MOVED = BROKEN._replace(
    verdict=Verdict(
        state=LinkState.REDIRECTED, status=301, location=NEW, permanent=True, suggestion=NEW
    ),
)


def found(one: LinkFinding) -> Finding:
    finding = find(one, lines)
    assert finding is not None
    return finding


def test_a_broken_link_fails_and_names_its_address() -> None:
    finding = found(BROKEN)
    assert (finding.id, finding.outcome, finding.fails) == ("links/broken", Outcome.FAILED, True)
    assert finding.message == "http://old.example/guide: 404 Not Found"
    assert finding.url == "http://old.example/guide"


def test_a_link_that_was_broken_before_says_since_when() -> None:
    since = BROKEN._replace(verdict=BROKEN.verdict._replace(since=1_760_000_000.0))
    assert found(since).message.endswith("404 Not Found (since 2025-10-09)")
    assert found(since).fingerprint == found(BROKEN).fingerprint


def test_a_link_that_moved_for_good_is_told_with_the_edit() -> None:
    finding = found(MOVED)
    assert (finding.rule, finding.level, finding.outcome) == (
        "moved",
        Level.WARNING,
        Outcome.PASSED,
    )
    fix = finding.fix
    assert fix is not None
    mended = TEXT[0][: fix.column - 1] + fix.inserted + TEXT[0][fix.end_column - 1 :]
    assert "`the guide <https://new.example/guide>`_" in mended


@pytest.mark.parametrize("target", ["doc:quik-start", "std:doc:quik-start"])
def test_a_reference_is_mended_behind_its_role(target: str) -> None:
    link = LINK._replace(kind=LinkKind.REFERENCE, target=target)
    verdict = Verdict(state=LinkState.BROKEN, message="no page", suggestion="quick-start")
    finding = found(LinkFinding(link=link, verdict=verdict))
    assert (finding.rule, finding.url) == ("unresolved", "")
    assert finding.fix is not None
    assert (finding.fix.removed, finding.fix.inserted) == ("quik-start", "quick-start")


@pytest.mark.parametrize(
    "text",
    ["http://old.example/guide2", "``http://old.example/guide``", "http://old.example/guide/a"],
)
def test_there_is_no_edit_of_a_longer_address_or_of_a_literal(text: str) -> None:
    finding = find(MOVED, lambda _: [f"The `old guide`_ of {text}."])
    assert finding is not None
    assert finding.fix is None


def test_there_is_no_edit_where_the_target_stands_twice() -> None:
    link = LINK._replace(target="twice", place=Place("index.rst", 2))
    finding = found(MOVED._replace(link=link))
    assert finding.fix is None
    assert finding.advice == f"write {NEW}"


@pytest.mark.parametrize("state", [LinkState.TIMEOUT, LinkState.RATE_LIMITED])
def test_a_host_that_gave_no_answer_is_no_lie(state: LinkState) -> None:
    finding = found(BROKEN._replace(verdict=Verdict(state=state, message="no answer in 10 s")))
    assert (finding.rule, finding.outcome) == (state.value, Outcome.ERROR)


@pytest.mark.parametrize(
    "state", [LinkState.WORKING, LinkState.IGNORED, LinkState.UNCHECKED, LinkState.REDIRECTED]
)
def test_what_works_or_was_left_alone_is_no_finding(state: LinkState) -> None:
    assert find(BROKEN._replace(verdict=Verdict(state=state)), lines) is None


def test_each_file_has_a_ruling_and_an_included_link_counts_once() -> None:
    again = BROKEN._replace(link=LINK._replace(page="other"))
    elsewhere = BROKEN._replace(link=LINK._replace(place=Place("part.inc", 3)))
    report = LinkReport(findings=(BROKEN, again, elsewhere, MOVED))
    rulings = rule_on_links(report, ["good.rst", "index.rst"], lines, external=True)
    assert [(ruling.place.file, ruling.outcome) for ruling in rulings] == [
        ("good.rst", Outcome.PASSED),
        ("index.rst", Outcome.FAILED),
        ("part.inc", Outcome.FAILED),
    ]
    assert [finding.rule for finding in rulings[1].findings] == ["broken", "moved"]
