"""What has to run, decided from causes, versions, ages and wishes."""

from __future__ import annotations

from dataclasses import replace

from honestdocs.contract.configuration import Service
from honestdocs.contract.example import Example, Request, Response
from honestdocs.contract.outcome import Outcome, Result
from honestdocs.contract.place import Place
from honestdocs.verification.plan import Options, PagePlan, last_known, plan_page

SERVICE = Service(name="a", url="http://127.0.0.1:1")


def example(name: str, *, alternative: int = 0, claims: bool = True, line: int = 1) -> Example:
    place = Place("page.rst", line)
    return Example(
        id=name,
        page="page",
        request=Request(method="GET", target=f"/{name}"),
        response=Response(status=200, body=name) if claims else None,
        request_place=place,
        response_place=place if claims else None,
        request_block=place,
        alternative=alternative,
    )


def planned(
    *examples: Example,
    latest: dict[str, Result] | None = None,
    options: Options | None = None,
    service: Service = SERVICE,
    version: str = "1",
    now: float = 100.0,
) -> PagePlan:
    return plan_page(
        "page",
        examples,
        service=service,
        setup="",
        version=version,
        latest=latest or {},
        options=options or Options(),
        now=now,
    )


def results(
    plan: PagePlan, outcome: Outcome = Outcome.PASSED, at: float = 50.0
) -> dict[str, Result]:
    """What was kept of a page that ran as it was planned."""
    return {
        name: Result(example=name, outcome=outcome, cause=cause, checked_at=at)
        for name, cause in plan.causes.items()
    }


ONE, TWO, THREE = example("one"), example("two"), example("three")


def test_everything_runs_once_and_then_nothing() -> None:
    first = planned(ONE, TWO)
    assert [x.first.id for x in first.run] == ["one", "two"]
    second = planned(ONE, TWO, latest=results(first))
    assert second.run == ()
    assert [kept.example for kept in second.kept] == ["one", "two"]


def test_a_changed_example_runs_with_all_before_it_and_makes_those_after_it_run() -> None:
    before = results(planned(ONE, TWO, THREE))
    changed = replace(TWO, response=Response(status=404))
    assert [x.first.id for x in planned(ONE, changed, THREE, latest=before).run] == [
        "one",
        "two",
        "three",
    ]
    last = replace(THREE, response=Response(status=404))
    assert len(planned(ONE, TWO, last, latest=before).run) == 3


def test_an_error_in_front_runs_alone() -> None:
    latest = results(planned(ONE, TWO))
    latest["one"] = replace(latest["one"], outcome=Outcome.ERROR)
    plan = planned(ONE, TWO, latest=latest)
    assert [x.first.id for x in plan.run] == ["one"]
    assert [kept.example for kept in plan.kept] == ["two"]


def test_settings_versions_and_ages_are_causes_too() -> None:
    latest = results(planned(ONE))
    assert planned(ONE, latest=latest, version="2").run
    assert planned(ONE, latest=latest, version="").run
    assert planned(ONE, latest=latest, service=replace(SERVICE, env={"A": "b"})).run
    assert planned(ONE, latest=latest, service=replace(SERVICE, freshness=49.0)).run
    assert not planned(ONE, latest=latest, service=replace(SERVICE, freshness=51.0)).run
    assert planned(ONE, latest=latest, options=Options(max_age=49.0)).run
    assert not planned(ONE, latest=latest, service=replace(SERVICE, title="B", timeout=3.0)).run


def test_changes_only_means_the_text_of_pages_only() -> None:
    latest = results(planned(ONE))
    wish = Options(changed=True)
    assert not planned(ONE, latest=latest, version="2", options=wish, now=1e9).run
    moved = replace(ONE, request=Request(method="GET", target="/moved"))
    assert planned(moved, latest=latest, options=wish).run


def test_of_several_responses_to_one_request_the_last_seen_is_kept() -> None:
    other = example("other", alternative=1)
    first = planned(ONE, other)
    (exchange,) = first.run
    assert len(exchange.examples) == 2
    latest = results(first)
    latest["other"] = replace(latest["other"], checked_at=60.0)
    second = planned(ONE, other, latest=latest)
    assert second.run == ()
    assert [kept.example for kept in second.kept] == ["other"]
    (skipped,) = second.skipped
    assert (skipped.example, skipped.outcome) == ("one", Outcome.SKIPPED)


def test_a_request_that_claims_nothing_runs_only_for_those_after_it() -> None:
    silent = example("silent", claims=False)
    assert planned(silent).run == ()
    assert planned(ONE, silent, latest=results(planned(ONE))).run == ()
    assert [x.first.id for x in planned(silent, ONE).run] == ["silent", "one"]


def test_the_last_outcome_is_known_as_long_as_the_text_stays_the_same() -> None:
    latest = results(planned(ONE, TWO))
    known = last_known((ONE, TWO), latest, "never checked")
    assert [result.outcome for result in known] == [Outcome.PASSED, Outcome.PASSED]
    changed = replace(TWO, response=Response(status=404))
    known = last_known((ONE, changed, THREE), latest, "never checked")
    assert [result.reason for result in known] == [
        "",
        "changed since it was last checked",
        "never checked",
    ]
