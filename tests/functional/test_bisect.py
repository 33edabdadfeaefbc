"""``honestdocs bisect``: where a lie began, found in a real repository with a real service."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from functional.command import FACT, Ended, honestdocs, listing, page, write_tree
from functional.test_blame import hg
from servers.items import ItemServer

LIE = FACT.replace('"answer": 42', '"answer": 41')
BROKEN = FACT.replace("GET /fact", "GET /other")


def commit(folder: Path, text: str, message: str) -> str:
    write_tree(folder / "docs", {"index": page("Facts", text)})
    hg(folder, "commit", "-A", "-m", message, "docs", "--date", "2026-01-02 03:04 +0000")
    return hg(folder, "log", "-r", ".", "-T", "{node|short}")


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Six changesets: the second tells the fact, the fourth begins to lie, the last still does."""
    tmp_path = tmp_path_factory.mktemp("origin")
    hg(tmp_path, "init")
    return tmp_path, [
        commit(tmp_path, "Nothing yet.", "begin"),
        commit(tmp_path, FACT, "tell"),
        commit(tmp_path, f"Well.\n\n{FACT}", "chat"),
        commit(tmp_path, f"Well.\n\n{LIE}", "Round the answer\n\nIt reads better – ünlike 42."),
        commit(tmp_path, f"Well now.\n\n{LIE}", "chat more"),
        commit(tmp_path, f"Well, well.\n\n{LIE}", "chat on"),
    ]


@pytest.fixture
def history(tmp_path: Path, origin: tuple[Path, list[str]]) -> list[str]:
    """The same in a folder of the test's own."""
    folder, nodes = origin
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return nodes


def bisect(folder: Path, service: ItemServer, *words: str) -> Ended:
    return honestdocs(folder, "bisect", "docs", *words, "--url", service.url)


@pytest.mark.parametrize(
    ("example", "ends"),
    [("index::GET /fact", ("--good", "1")), ("docs/index.rst:{line}", ())],
    ids=["by its id with --good", "by its line without"],
)
def test_the_changeset_is_told_with_which_an_example_began_to_fail(
    tmp_path: Path, service: ItemServer, history: list[str], example: str, ends: tuple[str, ...]
) -> None:
    lines = (tmp_path / "docs" / "index.rst").read_text("utf-8").splitlines()
    name = example.format(line=lines.index('          "answer": 41,') + 1)
    write_tree(tmp_path / "docs", {"index": page("Facts", "Not committed."), "new": "New\n===\n"})
    before = listing(tmp_path / "docs")
    ended = bisect(tmp_path, service, name, *ends)
    assert ended.status == 0, ended.err
    assert f"changeset {history[3]}\nauthor    Ann\ndate      2026-01-02 03:04 +0000" in ended.out
    assert "    Round the answer\n\n    It reads better – ünlike 42.\n" in ended.out
    assert ended.out.count("changeset ") == 1
    assert listing(tmp_path / "docs") == before
    assert hg(tmp_path, "log", "-r", ".", "-T", "{node|short}") == history[-1]
    assert not (tmp_path / ".hg" / "bisect.state").exists()


def test_changesets_without_the_example_are_skipped(
    tmp_path: Path, service: ItemServer, history: list[str]
) -> None:
    true = commit(tmp_path, FACT, "mend")
    other = commit(tmp_path, BROKEN, "move")
    false = commit(tmp_path, LIE, "move back")
    ended = bisect(tmp_path, service, "index::GET /fact", "--good", true)
    assert ended.status == 0, ended.err
    assert "one of these" in ended.out
    assert f"changeset {other}\n" in ended.out
    assert f"changeset {false}\n" in ended.out
    assert history[3] not in ended.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("index::GET /fact", "--good", "5", "--bad", "1"), "swapped"),
        (("index::GET /fact", "--good", "4"), "does not pass at --good"),
        (("index::GET /fact", "--bad", "2"), "passes at --bad"),
        (("index::GET /fact", "--good", "5"), "the same changeset"),
        (("index::GET /fact", "--good", "nosuch"), "nosuch"),
        (("index::GET /nothing",), "no example stands there in changeset"),
    ],
)
def test_what_cannot_be_searched_is_told(
    tmp_path: Path,
    service: ItemServer,
    history: list[str],
    words: tuple[str, ...],
    said: str,
) -> None:
    assert len(history) == 6
    ended = bisect(tmp_path, service, *words)
    assert (ended.status, ended.out) == (2, ""), ended.err
    assert said in ended.err
    assert "Traceback" not in ended.err


def test_outside_of_mercurial_there_is_no_history_to_search(
    tmp_path: Path, service: ItemServer
) -> None:
    write_tree(tmp_path / "docs", {"index": page("Facts", LIE)})
    ended = bisect(tmp_path, service, "index::GET /fact")
    assert ended.status == 2
    assert "no Mercurial repository" in ended.err


def test_a_service_that_is_away_is_no_verdict(tmp_path: Path, history: list[str]) -> None:
    words = ("bisect", "docs", "index::GET /fact", "--url", "http://127.0.0.1:9")
    ended = honestdocs(tmp_path, *words)
    assert ended.status == 3, ended.out
    assert f"could not be checked at {history[-1]}" in ended.err
