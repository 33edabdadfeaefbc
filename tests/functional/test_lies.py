"""A planted lie of each grade fails the check at the right file and line, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from functional.command import FACT, check, example, page, write_tree
from servers.items import ItemServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Lie:
    """What is changed in the true page, and what has to be said of it."""

    old: str
    new: str
    grade: str
    kind: str
    at: str
    place: str
    documented: str = ""
    observed: str = ""


LIES = {
    "parse": Lie(
        old='"unit": "apples",',
        new='"unit": "apples"',
        grade="parse",
        kind="parse",
        at='"unit": "apples"',
        place="body",
    ),
    "wrong operation": Lie(
        old="GET /fact HTTP",
        new="GET /fact/again HTTP",
        grade="operation",
        kind="operation",
        at="GET /fact/again",
        place="request",
    ),
    "status": Lie(
        old="200 OK",
        new="201 Created",
        grade="status",
        kind="status",
        at="HTTP/1.1 201",
        place="status",
        documented="201 Created",
        observed="200 OK",
    ),
    "unlisted status": Lie(
        old=":statuscode 200:",
        new=":statuscode 404:",
        grade="status",
        kind="unlisted status",
        at="HTTP/1.1 200",
        place="status",
    ),
    "missing member": Lie(
        old='"answer": 42,',
        new='"answer": 42,\n          "owner": "ada",',
        grade="structure",
        kind="missing member",
        at='"owner"',
        place="/owner",
        documented='"ada"',
    ),
    "undocumented member": Lie(
        old='          "unit": "apples",\n',
        new="",
        grade="structure",
        kind="undocumented member",
        at="      {",
        place="/unit",
        observed='"apples"',
    ),
    "type": Lie(
        old='"answer": 42',
        new='"answer": "42"',
        grade="structure",
        kind="type",
        at='"answer": "42"',
        place="/answer",
        documented='"42"',
        observed="42",
    ),
    "length": Lie(
        old='["a", "b"]',
        new='["a", "b", "c"]',
        grade="structure",
        kind="length",
        at='"tags"',
        place="/tags",
    ),
    "value": Lie(
        old='"apples"',
        new='"pears"',
        grade="values",
        kind="value",
        at='"pears"',
        place="/unit",
        documented='"pears"',
        observed='"apples"',
    ),
    "header": Lie(
        old="X-Rank: high",
        new="X-Rank: low",
        grade="headers",
        kind="header",
        at="X-Rank: low",
        place="header X-Rank",
        documented="low",
        observed="high",
    ),
    "missing header": Lie(
        old="X-Rank: high",
        new="X-Rank: high\n      X-Power: 9",
        grade="headers",
        kind="missing header",
        at="X-Power",
        place="header X-Power",
    ),
    "impossible date": Lie(
        old="X-Rank: high",
        new="X-Rank: high\n      Date: Mon, 31 Feb 2025 10:00:00 GMT",
        grade="values",
        kind="impossible date",
        at="Date:",
        place="header Date",
    ),
}
TRUE = page("Slow", example("GET /slow/tea HTTP/1.1", 'HTTP/1.1 200 OK\n\n{"word": "tea"}'))


@pytest.mark.parametrize("name", LIES)
def test_a_lie_alone_fails_at_its_line_and_nothing_else_is_blamed(
    name: str, service: ItemServer, tmp_path: Path
) -> None:
    lie = LIES[name]
    text = page("Facts", FACT).replace(lie.old, lie.new, 1)
    write_tree(tmp_path / "docs", {"index": page("Index"), "api/facts": text, "api/true": TRUE})
    line = next(n for n, row in enumerate(text.split("\n"), 1) if lie.at in row)

    ended = check(tmp_path, "--url", service.url)

    assert ended.status == 1, ended.err
    assert f"docs/api/facts.rst:{line}: {lie.grade}:" in ended.out
    found = ended.json
    told = [m for one in found["examples"] for m in one["mismatches"]]
    told += [one for one in found["lies"] if not one["warning"]]
    assert {m["file"] for m in told} == {"docs/api/facts.rst"}
    assert {m["line"] for m in told} == {line}
    assert {(m["kind"], m["grade"], m["place"]) for m in told} == {(lie.kind, lie.grade, lie.place)}
    if lie.documented:
        assert {m["documented"] for m in told} == {lie.documented}
    if lie.observed:
        assert {m["observed"] for m in told} == {lie.observed}
    assert found["summary"]["exit_status"] == 1
    assert ended.outcomes()["api/true::GET /slow/tea"] == "passed"


def test_a_tree_that_tells_the_truth_is_proven(service: ItemServer, tmp_path: Path) -> None:
    write_tree(tmp_path / "docs", {"index": page("Facts", FACT), "true": TRUE})
    ended = check(tmp_path, "--url", service.url)
    assert ended.status == 0, ended.out
    assert "2 proven, 0 lies, 0 not checked, 0 skipped" in ended.out
    assert set(ended.outcomes().values()) == {"passed"}
    assert ended.json["lies"] == []


def test_a_lie_is_shown_with_what_is_documented_and_what_was_observed(
    service: ItemServer, tmp_path: Path
) -> None:
    text = page("Facts", FACT).replace('"apples"', '"pears"')
    write_tree(tmp_path / "docs", {"index": text})
    ended = check(tmp_path, "--url", service.url)
    excerpt = ended.out.partition("Lies")[2]
    assert '"unit": "pears"' in excerpt
    assert "^" in excerpt
    assert '"apples"' in excerpt
    assert "fix:" in excerpt


def test_one_cause_in_many_examples_is_told_once_with_its_places(
    service: ItemServer, tmp_path: Path
) -> None:
    text = FACT.replace("X-Rank: high", "X-Rank: low")
    pages = {name: page(name, text) for name in ("one", "two", "three")}
    write_tree(tmp_path / "docs", {"index": page("Index"), **pages})
    ended = check(tmp_path, "--url", service.url)
    assert ended.status == 1
    (cause,) = ended.json["causes"]
    assert cause["count"] == 3
    assert {one["file"] for one in cause["occurrences"]} == {f"docs/{name}.rst" for name in pages}
    assert ended.out.count("headers: X-Rank") == 1
