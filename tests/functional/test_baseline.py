"""The ratchet as a team uses it: adopt, go on, be stopped by what is new, mend, prune, expire."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from functional.command import FACT, Ended, example, honestdocs, page, write_tree
from servers.items import ItemServer

LYING = FACT.replace("apples", "pears")
BROKEN = example("GET /slow/tea HTTP/1.1", 'HTTP/1.1 200 OK\n\n{"word": "tea",}')
NAME = "honestdocs-baseline.toml"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with a lie that only the server tells, and one that the page tells itself."""
    return write_tree(tmp_path, {"docs/index": page("Facts", LYING, BROKEN)})


def run(folder: Path, service: ItemServer, command: str, *words: str) -> Ended:
    kept = ("--url", service.url, "--build-dir", "state", "-j", "1")
    return honestdocs(folder, command, "docs", *words, *kept)


def entries(tree: Path, name: str = f"docs/{NAME}") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((tree / name).read_text("utf-8"))["accepted"]
    return found


def test_a_tree_with_lies_adopts_the_check_today_and_a_new_lie_fails_it(
    tree: Path, service: ItemServer
) -> None:
    assert run(tree, service, "check").status == 1
    taken = run(tree, service, "baseline", "--owner", "Ada", "--expires", "2099-12-31")
    assert taken.status == 0, taken.err
    assert "2 accepted, 2 more than before: docs/honestdocs-baseline.toml" in taken.out
    ended = run(tree, service, "check")
    assert ended.status == 0, ended.out + ended.err
    assert "2 × accepted until 2099-12-31 (Ada)" in ended.out
    assert "0 lies, 0 not checked, 2 skipped, 2 accepted" in ended.out
    new = LYING.replace('"answer": 42', '"answer": 41')
    write_tree(tree, {"docs/index": page("Facts", "Text above.", new, BROKEN)})
    ended = run(tree, service, "check")
    assert ended.status == 1
    assert "values: /answer" in ended.out
    assert "/unit" not in ended.out
    assert "1 lie, 0 not checked, 1 skipped, 2 accepted" in ended.out


def test_what_is_accepted_stays_so_when_lines_move_and_no_line_is_recorded(
    tree: Path, service: ItemServer
) -> None:
    run(tree, service, "baseline", "--owner", "Ada")
    before = (tree / "docs" / NAME).read_bytes()
    write_tree(tree, {"docs/index": page("Facts", *["Text above."] * 5, LYING, BROKEN)})
    assert run(tree, service, "check").status == 0
    assert run(tree, service, "baseline", "--owner", "Bob").status == 0
    assert (tree / "docs" / NAME).read_bytes() == before
    assert not re.search(rb"^line", before, re.MULTILINE)


def test_an_expired_acceptance_fails_again_until_it_is_renewed(
    tree: Path, service: ItemServer
) -> None:
    run(tree, service, "baseline", "--owner", "Ada", "--expires", "2020-01-01")
    ended = run(tree, service, "check")
    assert ended.status == 1
    assert "2 acceptances have expired: what it covered fails again" in ended.out
    assert "(Ada, 2020-01-01)" in ended.out
    again = run(tree, service, "baseline", "--owner", "Bob")
    assert "2 accepted, 2 expired (--renew extends them)" in again.out
    assert run(tree, service, "check").status == 1
    words = ("--renew", "--owner", "Bob", "--expires", "30d", "--reason", "the rewrite")
    assert run(tree, service, "baseline", *words).status == 0
    assert {one["owner"] for one in entries(tree)} == {"Bob"}
    ended = run(tree, service, "check")
    assert ended.status == 0
    assert "(Bob): the rewrite" in ended.out


def test_what_is_fixed_is_told_and_pruned_and_then_fails_if_it_comes_back(
    tree: Path, service: ItemServer
) -> None:
    run(tree, service, "baseline", "--owner", "Ada")
    write_tree(tree, {"docs/index": page("Facts", FACT, BROKEN)})
    ended = run(tree, service, "check")
    assert ended.status == 0
    assert "1 accepted finding is fixed: honestdocs baseline --prune forgets them" in ended.out
    assert "1 accepted, 1 fewer than before" in run(tree, service, "baseline", "--prune").out
    assert [one["rule"] for one in entries(tree)] == ["parse"]
    write_tree(tree, {"docs/index": page("Facts", LYING, BROKEN)})
    assert run(tree, service, "check").status == 1
    assert "1 accepted:" in run(tree, service, "baseline", "--prune").out


def test_nothing_is_recorded_or_pruned_while_the_service_is_away(
    tree: Path, service: ItemServer
) -> None:
    run(tree, service, "baseline", "--owner", "Ada")
    before = (tree / "docs" / NAME).read_bytes()
    for words in ((), ("--prune",)):
        ended = honestdocs(tree, "baseline", "docs", "--url", "http://127.0.0.1:9", *words)
        assert ended.status == 3
        assert "nothing is recorded while a service is away" in ended.err
    assert (tree / "docs" / NAME).read_bytes() == before
    ended = honestdocs(tree, "check", "docs", "--url", "http://127.0.0.1:9")
    assert ended.status == 3


def test_two_flaws_of_one_block_are_two_findings(tmp_path: Path, service: ItemServer) -> None:
    flaws = BROKEN.replace('"tea",', '"tea",,')
    tree = write_tree(tmp_path, {"docs/index": page("Facts", flaws)})
    run(tree, service, "baseline", "--owner", "Ada")
    assert {one["message"] for one in entries(tree)} == {
        "this JSON does not parse: a comma stands before the closing bracket",
        "this JSON does not parse: a comma too many",
    }


def test_a_value_that_stands_for_another_one_at_each_run_stays_accepted(
    tmp_path: Path, service: ItemServer
) -> None:
    created = 'HTTP/1.1 201 Created\n\n{{"id": "{}", ...}}'
    one, two = ("10afe152-b5bb-4aff-b77e-10be44587057", "2fa91620-f4fa-412e-aee0-957a7ad2dc0e")
    posts = [
        example('POST /items HTTP/1.1\n\n{"name": "a"}', created.format(name))
        for name in (one, two)
    ]
    told = f'HTTP/1.1 200 OK\n\n{{"id": "{two}", ...}}'
    wrong = example(f"GET /items/{one} HTTP/1.1", told)
    write_tree(tmp_path, {"docs/index": page("Items", *posts, wrong)})
    first = run(tmp_path, service, "check", "--json", "report.json")
    (lie,) = first.failed
    assert "bound to" in lie["mismatches"][0]["documented"]
    assert run(tmp_path, service, "baseline", "--owner", "Ada").status == 0
    assert run(tmp_path, service, "check", "--all").status == 0
    pruned = run(tmp_path, service, "baseline", "--all", "--prune")
    assert "1 accepted" in pruned.out


def test_the_tree_of_others_is_left_alone_when_the_file_is_elsewhere(
    tree: Path, service: ItemServer
) -> None:
    words = ("--baseline", "ours.toml")
    assert run(tree, service, "baseline", *words, "--owner", "Ada").status == 0
    assert not (tree / "docs" / NAME).exists()
    assert run(tree, service, "check").status == 1
    assert run(tree, service, "check", *words).status == 0
    assert run(tree, service, "check", *words, "--no-baseline").status == 1


def test_every_format_knows_what_is_accepted(tree: Path, service: ItemServer) -> None:
    run(tree, service, "baseline", "--owner", "Ada", "--expires", "2099-12-31")
    sarif = json.loads(run(tree, service, "check", "--sarif", "-").out)["runs"][0]
    assert sarif["invocations"][0]["exitCode"] == 0
    (suppressed,) = [r for r in sarif["results"] if r["ruleId"] == "examples/value"]
    told = suppressed["suppressions"][0]["justification"]
    assert told == "accepted until 2099-12-31 (Ada)"
    document = json.loads(run(tree, service, "check", "--json", "-").out)
    assert document["summary"]["exit_status"] == 0
    assert {one["outcome"] for one in document["examples"]} == {"skipped"}
    assert 'failures="0"' in run(tree, service, "check", "--junit", "-").out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("format = 1\n[[accepted]\n", "is no TOML"),
        ("format = 2\n", "format is 2; 1 is understood"),
        ("format = 1\nmore = 1\n", "unknown 'more'"),
        ('format = 1\n[[accepted]]\nfile = "a"\n', "entry 1: has no check"),
        ("format = 1\naccepted = 3\n", "accepted is no list of tables"),
    ],
)
def test_a_baseline_that_cannot_be_understood_is_one_clear_error(
    tree: Path, service: ItemServer, text: str, told: str
) -> None:
    (tree / "docs" / NAME).write_text(text, "utf-8")
    ended = run(tree, service, "check")
    assert ended.status == 2
    assert f"docs/{NAME}: {told}" in ended.err


def test_wrong_words_are_told(tree: Path, service: ItemServer) -> None:
    ended = run(tree, service, "check", "--baseline", "nowhere.toml")
    assert (ended.status, "nowhere.toml: no such file" in ended.err) == (2, True)
    ended = run(tree, service, "baseline", "--expires", "soon")
    assert (ended.status, "'soon' is no day" in ended.err) == (2, True)
