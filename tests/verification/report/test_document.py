"""The JSON document is what its schema and its page say."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from honestdocs.contract.blame import Blame, Sighting
from honestdocs.contract.coverage import OperationCoverage
from honestdocs.contract.example import Example, Request, Response
from honestdocs.contract.operation import Location, Operation, Parameter
from honestdocs.contract.outcome import GRADES, Grade, Kind, Mismatch, Outcome, Result
from honestdocs.contract.place import Place
from honestdocs.contract.service import Health, ServiceState
from honestdocs.verification.report import FORMAT, Report, render_json
from honestdocs.verification.report.document import timestamp

PAGE = Path(__file__).parents[3] / "source" / "guide" / "report-format.rst"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    text = files("honestdocs.verification.report").joinpath("schema.json").read_text("utf-8")
    return json.loads(text)


def strict(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with every object closed, so that a member that it does not describe fails."""
    closed = deepcopy(schema)
    for part in (closed, *closed["$defs"].values()):
        if "properties" in part:
            part["additionalProperties"] = False
    return closed


def validated(report: Report, schema: dict[str, Any]) -> dict[str, Any]:
    document = json.loads(render_json(report))
    jsonschema.validate(document, strict(schema), jsonschema.Draft202012Validator)
    return document


def test_the_schema_is_a_schema(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)


def test_every_part_of_the_schema_requires_all_that_it_describes(schema: dict[str, Any]) -> None:
    for part in (schema, *schema["$defs"].values()):
        if "properties" in part:
            assert part["required"] == list(part["properties"])


def test_the_schema_knows_every_word_of_the_contract(schema: dict[str, Any]) -> None:
    parts = schema["$defs"]
    assert parts["grade"]["enum"] == [grade.value for grade in Grade]
    assert set(parts["kind"]["enum"]) == {kind.value for kind in Kind}
    assert parts["example"]["properties"]["outcome"]["enum"] == [o.value for o in Outcome]
    assert parts["service"]["properties"]["status"]["enum"] == [h.value for h in Health]
    assert parts["parameter"]["properties"]["in"]["enum"] == [x.value for x in Location]
    assert schema["properties"]["format"] == {
        "description": "Version of the format.",
        "const": FORMAT,
    }


def test_a_report_with_everything_in_it_is_valid(report: Report, schema: dict[str, Any]) -> None:
    validated(report, schema)


def test_an_empty_report_is_valid(schema: dict[str, Any]) -> None:
    document = validated(Report(), schema)
    assert document["summary"]["started"] is None
    assert document["summary"]["exit_status"] == 0


def test_the_document_says_what_the_report_says(report: Report, schema: dict[str, Any]) -> None:
    document = validated(report, schema)
    summary = document["summary"]
    assert (summary["passed"], summary["failed"], summary["error"], summary["skipped"]) == (
        0,
        4,
        1,
        0,
    )
    assert (summary["lies"], summary["warnings"], summary["exit_status"]) == (3, 1, 1)
    assert summary["by_grade"] == {
        "parse": 1,
        "operation": 0,
        "status": 1,
        "structure": 1,
        "headers": 1,
        "values": 0,
    }
    assert summary["by_page"]["api/articles"] == {
        "passed": 0,
        "failed": 2,
        "error": 1,
        "skipped": 0,
        "lies": 2,
        "warnings": 0,
    }
    assert (summary["ran"], summary["reused"]) == (4, 1)
    assert summary["started"] == "2025-10-09T08:53:20.000Z"
    assert summary["finished"] == "2025-10-09T08:53:21.240Z"


def test_an_example_names_its_places_and_what_differs(
    report: Report, schema: dict[str, Any]
) -> None:
    put = next(e for e in validated(report, schema)["examples"] if e["id"] == "put")
    assert (put["file"], put["line"]) == ("docs/api/articles.rst", 47)
    assert (put["request_line"], put["response_line"]) == (40, 47)
    assert (put["method"], put["target"], put["status"]) == ("PUT", "/articles/7f3a", 201)
    assert (put["outcome"], put["grade"], put["flaky"]) == ("failed", "status", True)
    assert put["mismatches"] == [
        {
            "grade": "status",
            "kind": "status",
            "place": "status",
            "file": "docs/api/articles.rst",
            "line": 47,
            "documented": "201 Created",
            "observed": "200 OK",
            "fix": "document 200 OK, or mend the request so that it earns 201",
        }
    ]


def test_a_cause_has_all_its_occurrences(report: Report, schema: dict[str, Any]) -> None:
    causes = validated(report, schema)["causes"]
    shared = next(cause for cause in causes if cause["count"] == 2)
    assert shared["place"] == "header Content-Type"
    assert shared["occurrences"] == [
        {"file": "docs/api/articles.rst", "line": 24, "example": "get"},
        {"file": "docs/api/shelves.rst", "line": 23, "example": "shelf"},
    ]


def test_an_operation_carries_its_coverage(report: Report, schema: dict[str, Any]) -> None:
    operation = validated(report, schema)["operations"][0]
    assert operation["key"] == "GET /articles/(id)"
    assert operation["coverage"]["unseen"] == {"statuses": ["404"], "headers": [], "members": []}
    assert operation["coverage"]["undocumented"]["members"] == ["data.author"]
    bare = validated(replace(report, coverage=()), schema)["operations"][0]
    assert bare["coverage"] is None


def test_what_was_never_run_or_has_no_line_is_null(schema: dict[str, Any]) -> None:
    place = Place("docstring of things.get")
    example = Example(
        id="e",
        page="api",
        request=None,
        response=Response(status=None),
        request_place=place,
        request_block=place,
    )
    (found,) = validated(Report(examples=(example,)), schema)["examples"]
    nulls = ("line", "request_line", "response_line", "status", "grade", "checked_at")
    assert {name: found[name] for name in nulls} == dict.fromkeys(nulls)
    assert (found["method"], found["target"], found["outcome"]) == ("", "", "skipped")


def test_equal_reports_give_equal_documents(report: Report) -> None:
    assert render_json(report) == render_json(replace(report))


def test_any_text_can_be_written_as_utf_8(report: Report) -> None:
    report = replace(report, notes=("broken \udce4 and \x00 and é",))
    text = render_json(report)
    assert json.loads(text.encode("utf-8"))["notes"] == ["broken \ufffd and \x00 and é"]


def test_credentials_in_an_address_never_occur(report: Report) -> None:
    state = ServiceState(name="s", url="https://ada:hunter2@example.test/v1")
    assert "hunter2" not in render_json(replace(report, services=(state,)))


def test_times_are_in_utc_to_the_millisecond() -> None:
    assert timestamp(0) is None
    assert timestamp(1_760_000_000.0625) == "2025-10-09T08:53:20.062Z"
    assert timestamp(1) == "1970-01-01T00:00:01.000Z"


# The page that explains the format.


def _sighting(outcome: Outcome, cause: str, at: float, changeset: str) -> Sighting:
    return Sighting(
        outcome=outcome, cause=cause, checked_at=at, changeset=changeset, version="1.4.0"
    )


def sample() -> Report:
    """The report that the page shows: one example that lies about a title."""
    response = Place("api/notes.rst", 19)
    example = Example(
        id="3b1f0c52",
        page="api/notes",
        label="Example response",
        operation="GET /notes/(name)",
        request=Request(method="GET", target="/notes/shopping"),
        response=Response(status=200),
        request_place=Place("api/notes.rst", 14),
        response_place=response,
        request_block=Place("api/notes.rst", 14),
        response_block=response,
    )
    operation = Operation(
        method="GET",
        path="/notes/(name)",
        place=Place("api/notes.rst", 5),
        page="api/notes",
        anchor="get--notes-(name)",
        synopsis="One note.",
        parameters=(
            Parameter(location=Location.STATUS, name="200", place=Place("api/notes.rst", 9)),
        ),
    )
    mismatch = Mismatch(
        kind=Kind.VALUE,
        subject="/title",
        documented='"Shopping"',
        observed='"shopping"',
        place=response.below(4),
        fix='document "shopping"',
    )
    result = Result(
        example=example.id,
        outcome=Outcome.FAILED,
        mismatches=(mismatch,),
        matched=("header ETag: etag",),
        service="notes",
        server_version="1.4.0",
        checked_at=1_760_000_000.5,
        seconds=0.0031,
        status=200,
    )
    return Report(
        root="docs",
        operations=(operation,),
        examples=(example,),
        results={example.id: result},
        blames={
            example.id: Blame(
                first=_sighting(Outcome.FAILED, "b:1", 1_760_000_000.5, "4f1c2a9b77aa"),
                before=_sighting(Outcome.PASSED, "a:1", 1_759_422_000.0, "0d31c7be5e20"),
            )
        },
        coverage=(OperationCoverage(operation=operation, examples=1),),
        services=(
            ServiceState(
                name="notes",
                url="http://127.0.0.1:8080",
                title="Notes",
                healthy=True,
                status="ok",
                checks=(("database", "ok"),),
                version="1.4.0",
                latency=0.0024,
                checked_at=1_760_000_000.25,
            ),
        ),
        started=1_760_000_000.0,
        finished=1_760_000_001.0,
        ran=1,
        docs_changeset="4f1c2a9b77aa",
    )


def test_the_page_shows_just_what_is_written(schema: dict[str, Any]) -> None:
    validated(sample(), schema)
    block = re.search(r"\.\. code-block:: json\n\n((?:   .*\n|\n)+)", PAGE.read_text("utf-8"))
    assert block is not None
    shown = "\n".join(line.removeprefix("   ") for line in block[1].rstrip().split("\n"))
    assert shown + "\n" == render_json(sample())


def test_the_page_explains_every_member_and_every_word(schema: dict[str, Any]) -> None:
    explained = set(re.findall(r"``([^`]+)``", PAGE.read_text("utf-8")))
    named = {
        name for part in (schema, *schema["$defs"].values()) for name in part.get("properties", ())
    }
    assert named - explained - {grade.value for grade in Grade} == set()
    assert {word.value for word in (*Kind, *Grade, *Outcome, *Health)} - explained == set()


def test_the_page_gives_every_kind_its_grade() -> None:
    text = PAGE.read_text("utf-8")
    rows = dict(re.findall(r"\* - ``([\w ]+)``\n     - (\w+)\n     - ", text))
    assert rows == {kind.value: grade.value for kind, grade in GRADES.items()}
