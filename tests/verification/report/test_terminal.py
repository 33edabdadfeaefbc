"""What a person reads in the terminal."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from honestdocs.contract.coverage import OperationCoverage
from honestdocs.contract.example import Example, Request, Response
from honestdocs.contract.operation import Operation
from honestdocs.contract.outcome import Kind, Lie, Mismatch, Outcome, Result
from honestdocs.contract.place import Place
from honestdocs.contract.service import ServiceState
from honestdocs.verification.report import Report, Sources, render
from honestdocs.verification.report.text import columns

STYLE = re.compile(r"\x1b\[\d+m")


def told(
    report: Report, *, width: int = 80, verbose: bool = False, sources: Sources = lambda _: None
) -> str:
    return render(report, color=False, width=width, sources=sources, verbose=verbose)


def section(text: str, title: str) -> str:
    """The lines of one section, without its title and without the last line of the report."""
    rest = text.rpartition("\n\n")[0].partition(f"── {title} ─")[2]
    return rest.partition("\n── ")[0].partition("\n\n")[2].rstrip()


def unwrapped(text: str) -> str:
    """The text with its lines joined, for phrases that may be broken anywhere."""
    return " ".join(text.split())


def one(n: int, *, page: str = "api/many") -> Example:
    place = Place(f"{page}.rst", 10 * n)
    return Example(
        id=f"{page} {n}",
        page=page,
        request=Request(method="GET", target=f"/things/{n}"),
        response=Response(status=200),
        request_place=place,
        response_place=place.below(5),
        request_block=place,
        response_block=place.below(5),
    )


def many(*results: Result, page: str = "api/many") -> Report:
    """A report of as many examples as there are results."""
    examples = tuple(one(n, page=page) for n in range(1, len(results) + 1))
    found = {
        example.id: replace(result, example=example.id)
        for example, result in zip(examples, results, strict=True)
    }
    return Report(examples=examples, results=found)


def failing(
    n: int, *, documented: str = "1", observed: str = "2", kind: Kind = Kind.VALUE
) -> Result:
    mismatch = Mismatch(
        kind=kind,
        subject="/data/size",
        documented=documented,
        observed=observed,
        place=Place("api/many.rst", 10 * n + 8),
        fix="document it",
    )
    return Result(example="", outcome=Outcome.FAILED, mismatches=(mismatch,))


def ended(outcome: Outcome, reason: str = "", service: str = "library") -> Result:
    return Result(example="", outcome=outcome, reason=reason, service=service)


STATUS_LIE = """\
docs/api/articles.rst:47: status: documented 201 Created, observed 200 OK
  PUT /articles/7f3a → 201 · PUT /articles/(id)

  47 │ HTTP/1.1 201 Created
     │          ^^^^^^^^^^^ documented
   + │ HTTP/1.1 200 OK
  48 │ Content-Type: application/json

  fix: document 200 OK, or mend the request so that it earns 201
  flaky: it has both passed and failed with nothing changed
"""

STRUCTURE_LIE = """\
docs/api/articles.rst:32: structure: /data/tags is documented, and missing from
    the response (and 2 more differences)
  GET /articles/7f3a → 200 · Example response · GET /articles/(id)

  27 │ {
  28 │     "data": {
   + │         "author": "Ada"  ← not documented
  29 │         "id": "7f3a",
  30 │         "last_modified": 1424721,
  31 │         "title": "On telling the truth",
     │                  ^^^^^^^^^^^^^^^^^^^^^^ documented
   + │         "title": "On telling lies",
  32 │         "tags": ["honesty"]
     │         ^^^^^^^^^^^^^^^^^^^ not in the response
  33 │     }

  fix: remove 'tags', or have the service send it
  fix: document 'author', or elide the rest with ...
  fix: document "On telling lies"
  1 more difference of this example is told with other examples
"""

SHARED_LIE = """\
docs/api/articles.rst:24: headers: Content-Type: documented application/json,
    observed application/json; charset=utf-8 — in 2 examples

  23 │ HTTP/1.1 200 OK
  24 │ Content-Type: application/json
     │               ^^^^^^^^^^^^^^^^ documented
   + │ Content-Type: application/json; charset=utf-8
  25 │ ETag: "1424721"

  fix: document Content-Type: application/json; charset=utf-8
  docs/api/articles.rst:24  GET /articles/7f3a → 200
  docs/api/shelves.rst:23   GET /shelves/fiction → 200
"""


def test_each_lie_has_its_place_its_excerpt_and_its_mend(report: Report, sources: Sources) -> None:
    text = told(report, sources=sources)
    for lie in (STATUS_LIE, STRUCTURE_LIE, SHARED_LIE):
        assert f"\n{lie}" in text


def test_lies_are_told_gravest_first(report: Report, sources: Sources) -> None:
    text = section(told(report, sources=sources), "Lies")
    grades = re.findall(r"^docs/\S+: (\w+):", text, re.MULTILINE)
    assert grades == ["parse", "status", "structure", "headers"]


def test_lies_found_without_a_server_stand_apart(report: Report, sources: Sources) -> None:
    text = section(told(report, sources=sources), "Lies found without a server")
    assert "articles.rst:61: values: there is no such date" in text
    assert "^^^^ no such date" in text
    assert "status 201 is not among the documented status" in text
    assert "JSON" not in text


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("verbose", [False, True], ids=["short", "verbose"])
def test_every_line_fits_the_terminal(
    report: Report, sources: Sources, width: int, *, verbose: bool
) -> None:
    text = told(report, width=width, verbose=verbose, sources=sources)
    assert [line for line in text.splitlines() if columns(line) > width] == []


def test_colour_changes_nothing_but_colour(report: Report, sources: Sources) -> None:
    painted = render(report, color=True, width=80, sources=sources)
    assert STYLE.sub("", painted) == told(report, sources=sources)
    assert set(STYLE.findall(painted)) == {f"\x1b[{n}m" for n in (0, 1, 2, 31, 32, 33)}


def test_without_colour_there_is_no_escape_sequence(report: Report, sources: Sources) -> None:
    assert "\x1b" not in told(report, sources=sources)


def test_no_line_ends_in_blanks_and_no_two_blank_lines_follow_each_other(
    report: Report, sources: Sources
) -> None:
    text = told(report, sources=sources)
    assert not re.search(r"[ \t]\n", text)
    assert "\n\n\n" not in text
    assert text.endswith("reused)\n")


def test_a_cause_in_many_examples_is_told_once_with_its_first_places() -> None:
    report = many(*(failing(n) for n in range(1, 40)))
    text = section(told(report), "Lies")
    assert text.count("documented 1, observed 2") == 1
    assert "— in 39 examples" in text
    assert text.count("GET /things/") == 5
    assert "and 34 more (--verbose names all)" in text
    assert told(report, verbose=True).count("GET /things/") == 39


def test_one_place_more_than_the_limit_is_named_rather_than_counted() -> None:
    text = told(many(*(failing(n) for n in range(1, 7))))
    assert text.count("GET /things/") == 6
    assert "more" not in section(text, "Lies")


def test_a_member_that_is_missing_everywhere_is_one_cause_whatever_it_held() -> None:
    results = [
        failing(n, documented=str(n), observed="", kind=Kind.MISSING_MEMBER) for n in range(1, 5)
    ]
    text = unwrapped(section(told(many(*results)), "Lies"))
    assert text.count("missing from the response") == 1
    assert "in 4 examples" in text


def test_lines_that_do_not_parse_are_told_one_by_one_with_their_fault() -> None:
    results = []
    lies = []
    for n in (1, 2):
        (found,) = failing(n, documented="}", observed="", kind=Kind.PARSE).mismatches
        fault = "this JSON does not parse: a comma is missing"
        found = replace(found, subject="body", fix=fault)
        results.append(replace(failing(n), mismatches=(found,)))
        lies.append(Lie(mismatch=found, message=fault, example=f"api/many {n}"))
    report = replace(many(*results), lies=tuple(lies))
    text = told(report, sources=lambda _: ["}"] * 99)
    assert text.count("parse: this JSON does not parse: a comma is missing") == 2
    assert text.count("^ a comma is missing") == 2
    assert "fix:" not in text


def test_different_values_are_told_apart() -> None:
    results = [failing(n, documented=str(n)) for n in range(1, 4)]
    assert section(told(many(*results)), "Lies").count("observed 2") == 3


def test_many_different_lies_are_told_in_short_after_the_first() -> None:
    results = [failing(n, documented=f"{n}00") for n in range(1, 61)]
    text = section(told(many(*results)), "Lies")
    assert text.count("fix: document it") == 40
    assert text.count("values: /data/size: documented") == 60
    assert "and, in short (60 findings in all):" in text
    assert told(many(*results), verbose=True).count("fix: document it") == 60


def test_an_example_with_many_differences_shows_the_first() -> None:
    mismatches = tuple(
        replace(failing(1).mismatches[0], subject=f"/data/{n}", documented=str(n))
        for n in range(25)
    )
    result = replace(failing(1), mismatches=mismatches)
    text = told(many(result), width=100)
    assert "(and 24 more differences)" in text
    assert "and 19 more differences (--verbose shows all)" in text
    assert text.count("documented │") == 6
    assert told(many(result), verbose=True).count("documented │") == 25


def test_a_failed_example_without_a_mismatch_is_told_with_its_reason() -> None:
    text = told(many(ended(Outcome.FAILED, "the answer was cut off")))
    assert "api/many.rst:15: lie: the answer was cut off" in text
    assert "docs and service disagree" in told(many(ended(Outcome.FAILED)))


def test_errors_are_grouped_by_service_and_reason() -> None:
    refused = ended(Outcome.ERROR, "nobody listens at 127.0.0.1:8080")
    slow = ended(Outcome.ERROR, "no answer within 10 s", "archive")
    text = told(many(refused, slow, refused, refused))
    assert section(text, "Could not be checked") == (
        "3 × library: nobody listens at 127.0.0.1:8080\n"
        "    api/many.rst:15\n"
        "    and 2 more\n"
        "1 × archive: no answer within 10 s\n"
        "    api/many.rst:25"
    )
    verbose = section(told(many(refused, slow, refused), verbose=True), "Could not be checked")
    assert "api/many.rst:35" in verbose


def test_skipped_examples_are_grouped_by_reason_the_most_frequent_first() -> None:
    rare = ended(Outcome.SKIPPED, "needs a mail account")
    often = ended(Outcome.SKIPPED, "the request body is elided with ...")
    text = section(told(many(rare, often, often)), "Skipped")
    assert text.splitlines()[0] == "2 × the request body is elided with ..."


def test_many_reasons_to_skip_are_summed_up() -> None:
    results = [ended(Outcome.SKIPPED, f"reason {n}") for n in range(9)]
    text = section(told(many(*results)), "Skipped")
    assert text.endswith("and 4 more for 4 other reasons")
    assert "reason 8" in told(many(*results), verbose=True)


def test_gaps_of_operations_are_named_short_or_whole(report: Report) -> None:
    coverage = OperationCoverage(
        operation=report.operations[0],
        examples=1,
        proven=1,
        unseen_statuses=("401", "403", "404", "409", "412", "503"),
        undocumented_headers=("X-Total",),
    )
    report = replace(report, coverage=(coverage,))
    assert section(told(report), "Claims without evidence") == (
        "docs/api/articles.rst:5: GET /articles/(id)\n"
        "    never seen: status 401, 403, 404, 409 and 2 more\n"
        "    not documented: header X-Total"
    )
    assert "412, 503" in told(report, verbose=True)


def test_operations_without_an_example_are_counted_and_named_on_request(report: Report) -> None:
    bare = tuple(OperationCoverage(operation=operation) for operation in report.operations)
    report = replace(report, coverage=bare)
    text = section(told(report), "Claims without evidence")
    assert text == "3 operations have no example (--verbose names them)"
    verbose = section(told(report, verbose=True), "Claims without evidence")
    assert "    docs/api/articles.rst:52: DELETE /articles/(id)" in verbose


def test_an_operation_that_could_not_be_checked_is_no_gap() -> None:
    place = Place("a.rst", 1)
    operation = Operation(method="GET", path="/things/(id)", place=place, page="a")
    example = replace(one(1), operation=operation.key)
    report = Report(
        examples=(example,),
        results={example.id: replace(ended(Outcome.ERROR, "no"), example=example.id)},
        coverage=(OperationCoverage(operation=operation, examples=1, unseen_statuses=("200",)),),
    )
    assert "Claims without evidence" not in told(report)


def test_warnings_are_counted_and_named_on_request(report: Report) -> None:
    assert "1 warning (--verbose names it)" in told(report)
    assert "shelves.rst:10: parse: the version of HTTP is missing" in told(report, verbose=True)


def test_mistakes_of_usage_are_named_in_any_case_and_told_apart_from_lies(report: Report) -> None:
    twice = Lie(
        mismatch=Mismatch(
            kind=Kind.OPERATION,
            subject="operation",
            documented="GET /a",
            observed="also at b.rst:3",
            place=Place("a.rst", 9),
        ),
        message="GET /a is documented twice: here and at b.rst:3",
        warning=True,
        usage=True,
    )
    text = told(replace(report, lies=(twice,)))
    named = section(text, "Mistakes in the notation")
    assert "docs/a.rst:9: operation: GET /a is documented twice: here and at b.rst:3" in named
    assert "Lies found without a server" not in text
    assert "0 skipped, 1 mistake" in text


def test_notes_are_limited(report: Report) -> None:
    report = replace(report, notes=tuple(f"note {n}" for n in range(14)))
    assert "and 4 more (--verbose names all)" in told(report)
    assert "- note 13" in told(report, verbose=True)


def test_pages_with_lies_come_first_and_proven_ones_are_summed_up() -> None:
    fine = [many(ended(Outcome.PASSED), page=f"fine/page{n}") for n in range(30)]
    bad = [many(failing(1), page="bad/lies"), many(ended(Outcome.ERROR, "x"), page="bad/away")]
    reports = [*fine, *bad]
    report = Report(
        examples=tuple(e for r in reports for e in r.examples),
        results={k: v for r in reports for k, v in r.results.items()},
    )
    lines = section(told(report), "Pages").splitlines()
    assert lines[0].split() == ["proven", "lies", "unchecked", "skipped"]
    assert lines[1].split() == ["bad/lies", "·", "1", "·", "·"]
    assert lines[2].split() == ["bad/away", "·", "·", "1", "·"]
    assert "and 17 more pages with 17 examples, all proven" in lines
    assert lines[-1] == "Lies by grade: values 1"
    assert len(section(told(report, verbose=True), "Pages").splitlines()) == 1 + 32 + 2


def test_long_page_names_are_cut_at_the_front() -> None:
    report = many(ended(Outcome.PASSED), page="a/very/" + "long/" * 30 + "page")
    lines = section(told(report, width=60), "Pages").splitlines()
    assert lines[1].startswith("…")
    assert lines[1].split()[0].endswith("/page")
    assert all(columns(line) <= 60 for line in lines)


def test_services_are_told_with_health_version_and_what_is_wrong() -> None:
    report = Report(
        services=(
            ServiceState(name="library", url="http://a:b@127.0.0.1:1/v1", status="ok", version="2"),
            ServiceState(
                name="archive",
                status="error",
                message="the database is away",
                checks=(("database", "error"), ("cache", "ok")),
                latency=1.5,
            ),
        )
    )
    assert section(told(report), "Services") == (
        "library  ok     version 2 · http://127.0.0.1:1/v1\n"
        "archive  error  heartbeat 1.50 s\n"
        "         the database is away\n"
        "         checks: database error"
    )


def test_the_last_line_sums_everything_up(report: Report) -> None:
    assert told(report).splitlines()[-1] == (
        "0 proven, 6 lies, 1 not checked, 0 skipped in 1.24 s (4 sent, 1 reused)"
    )
    assert told(report, width=60).splitlines()[-2:] == [
        "0 proven, 6 lies, 1 not checked, 0 skipped in 1.24 s",
        "(4 sent, 1 reused)",
    ]


def test_a_report_where_all_is_proven_is_short() -> None:
    report = replace(
        many(ended(Outcome.PASSED), ended(Outcome.PASSED)), started=1.0, finished=1.5, ran=2
    )
    assert told(report) == (
        "── Pages ───────────────────────────────────────────────────────────────────────\n"
        "\n"
        "          proven  lies  unchecked  skipped\n"
        "api/many       2     ·          ·        ·\n"
        "\n"
        "2 proven, 0 lies, 0 not checked, 0 skipped in 500 ms (2 sent, 0 reused)\n"
    )


def test_a_report_of_nothing_is_one_line() -> None:
    assert told(Report()) == (
        "0 proven, 0 lies, 0 not checked, 0 skipped in 0 ms (0 sent, 0 reused)\n"
    )


def test_what_a_server_or_an_author_wrote_cannot_steer_the_terminal() -> None:
    evil = "\x1b[2J\x07\u202e"
    mismatch = Mismatch(
        kind=Kind.VALUE,
        subject=f"/{evil}",
        documented=evil,
        observed=f"{evil}!",
        place=Place("a.rst", 1),
        fix=evil,
    )
    example = replace(
        one(1), label=evil, operation=evil, request=Request(method="GET", target=f"/{evil}")
    )
    report = Report(
        root=evil,
        examples=(example, replace(one(2), page=evil)),
        results={
            example.id: Result(example=example.id, outcome=Outcome.FAILED, mismatches=(mismatch,)),
            one(2).id: Result(example=one(2).id, outcome=Outcome.ERROR, reason=evil, service=evil),
        },
        lies=(
            Lie(mismatch=mismatch, message=evil),
            Lie(mismatch=mismatch, message=evil, warning=True),
        ),
        services=(ServiceState(name=evil, status=evil, message=evil, version=evil),),
        notes=(evil,),
    )
    text = told(report, verbose=True, sources=lambda _: [evil])
    assert not set("\x1b\x07\u202e") & set(text)


def test_a_terminal_that_is_very_narrow_still_gets_a_report(
    report: Report, sources: Sources
) -> None:
    assert told(report, width=1, sources=sources)
