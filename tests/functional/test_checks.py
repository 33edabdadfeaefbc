"""More than examples: spelling and style in the same report, under the same exit status."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from functional.command import FACT, Ended, honestdocs, page, write_tree
from servers.items import ItemServer

CARELESS = page("Facts", "This is teh page.  ", FACT, ".. include:: part.rst")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree that does not lie, with one misspelled word and one trailing space in each file."""
    part = "Also teh part.  \n"
    pages = {"docs/index": CARELESS, "docs/part": part, "docs/_build/old": "teh  \n"}
    return write_tree(tmp_path, pages)


def check(tree: Path, service: ItemServer, *words: str) -> Ended:
    return honestdocs(tree, "check", "docs", "--url", service.url, "--build-dir", "s", *words)


def test_examples_alone_decide_unless_more_is_asked_for(tree: Path, service: ItemServer) -> None:
    ended = check(tree, service)
    assert ended.status == 0
    assert "Spelling" not in ended.out
    ended = check(tree, service, "--with", "spelling,style")
    assert ended.status == 1
    assert "docs/index.rst:4:9: misspelling: 'teh' is misspelled; fix: write the" in ended.out
    assert "docs/part.rst:1:15: trailing-whitespace: trailing whitespace" in ended.out
    assert "_build" not in ended.out
    assert "1 proven, 0 lies" in ended.out
    assert "4 findings (2 spelling, 2 style)" in ended.out
    lines = [line.split() for line in ended.out.splitlines()]
    assert ["spelling,", "by", "file", "2", "·", "2", "·", "·", "·"] in lines
    assert ["examples", "1", "1", "·", "·", "·", "·"] in lines


def test_the_formats_tell_all_checks(tree: Path, service: ItemServer) -> None:
    sarif = json.loads(check(tree, service, "--with", "all", "--sarif", "-").out)
    rules = [result["ruleId"] for result in sarif["runs"][0]["results"]]
    assert rules.count("spelling/misspelling") == 2
    assert rules.count("style/trailing-whitespace") == 2
    suites = ET.fromstring(check(tree, service, "--with", "spelling", "--junit", "-").out)  # noqa: S314 - our own
    assert (suites.get("failures"), suites.get("tests")) == ("2", "4")
    (suite,) = [one for one in suites if one.get("name") == "spelling"]
    assert suite[0].get("file") == "docs/index.rst"
    assert "misspelling: 'teh' is misspelled" in (suite[0][0].text or "")


@pytest.mark.parametrize("coding", ["utf-8", "ascii"])
def test_half_a_character_ends_no_report(tree: Path, service: ItemServer, coding: str) -> None:
    service.items.fact = {"answer": 42, "unit": "\ud83d pears"}
    words = ("check", "docs", "--url", service.url, "--build-dir", "s", "--github")
    ended = honestdocs(tree, *words, env={"PYTHONIOENCODING": coding})
    assert (ended.status, ended.err) == (1, "")
    assert 'observed "\\ud83d pears"%0Afix: document "\\ud83d pears"' in ended.out


def test_a_baseline_covers_what_is_asked_for_and_is_pruned_of_that_only(
    tree: Path, service: ItemServer
) -> None:
    words = ("docs", "--url", service.url, "--build-dir", "s", "--owner", "Ada")
    assert honestdocs(tree, "baseline", *words, "--with", "all").status == 0
    assert check(tree, service, "--with", "all").status == 0
    write_tree(tree, {"docs/part": "Also the part.\n"})
    ended = check(tree, service, "--with", "spelling")
    assert ended.status == 0
    assert "1 accepted finding is fixed" in ended.out
    pruned = honestdocs(tree, "baseline", *words, "--prune", "--with", "spelling")
    assert "3 accepted, 1 fewer than before" in pruned.out
    write_tree(tree, {"docs/part": "Also adn part.\n"})
    assert check(tree, service, "--with", "all").status == 1


def test_an_unknown_check_is_told(tree: Path, service: ItemServer) -> None:
    ended = check(tree, service, "--with", "grammar")
    assert ended.status == 2
    assert "no check is called 'grammar'; there are links, spelling, style and all" in ended.err


def test_links_within_the_tree_are_checked_without_asking_and_others_when_wanted(
    tmp_path: Path, service: ItemServer
) -> None:
    there, gone = f"{service.url}/fact", f"{service.url}/nowhere"
    text = f"See :doc:`nowhere`, `one <{there}>`_ and `two <{gone}>`_."
    tree = write_tree(tmp_path, {"docs/index": page("Facts", text)})
    ended = check(tree, service, "--with", "links")
    assert ended.status == 1
    assert "docs/index.rst:4" in ended.out
    assert "1 finding (1 links)" in ended.out
    assert gone not in ended.out
    ended = check(tree, service, "--with", "links", "--external")
    assert ended.status == 1
    assert f"broken: {gone}: 404" in " ".join(ended.out.split())
    assert there not in ended.out
    words = ("docs", "--url", service.url, "--build-dir", "s", "--owner", "Ada", "--with", "links")
    assert honestdocs(tree, "baseline", *words, "--external").status == 0
    assert check(tree, service, "--with", "links", "--external").status == 0
    pruned = honestdocs(tree, "baseline", *words, "--prune")
    assert "2 accepted:" in pruned.out


def test_links_are_checked_as_the_file_of_settings_says(
    tmp_path: Path, service: ItemServer
) -> None:
    text = f"`one <{service.url}/nowhere>`_ and `two <{service.url}/lost>`_."
    tree = write_tree(tmp_path, {"docs/index": page("Facts", text)})
    services = f'[services.items]\nurl = "{service.url}"\n'
    rule = '[[links.ignore]]\npattern = ".*/nowhere"\nreason = "moves house"\n'
    words = ("check", "docs", "--config", "ours.toml", "--build-dir", "s", "--with", "links")
    (tree / "ours.toml").write_text(services + rule, "utf-8")
    ended = honestdocs(tree, *words, "--external")
    assert "1 finding (1 links)" in ended.out
    assert f"broken: {service.url}/lost: 404" in " ".join(ended.out.split())
    (tree / "ours.toml").write_text(f"{services}[links]\nper_hots = 2\n", "utf-8")
    wrong = honestdocs(tree, *words)
    assert (wrong.status, "unknown setting 'per_hots'" in wrong.err) == (2, True)


def test_asking_others_needs_the_check_of_links_and_a_network(
    tree: Path, service: ItemServer
) -> None:
    ended = check(tree, service, "--external")
    assert (ended.status, "--external goes with --with links" in ended.err) == (2, True)
    ended = check(tree, service, "--external", "--with", "links", "--offline")
    assert (ended.status, "either --external or --offline" in ended.err) == (2, True)
