"""``honestdocs accept``: what the last check observed is written into the pages."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from functional.command import (
    FACT,
    Ended,
    check,
    example,
    honestdocs,
    listing,
    page,
    surroundings,
    write_tree,
)
from servers.items import ItemServer

LYING = FACT.replace('"answer": 42', '"answer": 41').replace("X-Rank: high", "X-Rank: low")
OTHER = example("GET /slow/tea HTTP/1.1", 'HTTP/1.1 404 Not Found\n\n{"word": "tea", "old": 1}')


def accept(folder: Path, *words: str, **env: str) -> Ended:
    return honestdocs(folder, "accept", "docs", "--build-dir", "state", *words, env=env)


def answered(folder: Path, answers: str) -> str:
    """What the command said to a person who gave these answers."""
    words = [sys.executable, "-m", "honestdocs", "accept", "docs", "--build-dir", "state"]
    done = subprocess.run(
        words,
        cwd=folder,
        env=surroundings(),
        input=answers,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory, module_service: ItemServer) -> Path:
    """A tree of two pages that lie, checked once."""
    folder = tmp_path_factory.mktemp("checked")
    write_tree(folder / "docs", {"index": page("Facts", LYING), "drinks": page("D", OTHER)})
    assert check(folder, "--url", module_service.url).status == 1
    return folder


@pytest.fixture
def tree(tmp_path: Path, checked: Path, service: ItemServer) -> Path:
    """A copy of the checked tree with its outcomes; its service was asked nothing yet."""
    assert service.items.sent() == 0
    shutil.copytree(checked, tmp_path, dirs_exist_ok=True)
    return tmp_path


def told(folder: Path, name: str = "index") -> str:
    return (folder / "docs" / f"{name}.rst").read_text("utf-8")


def test_what_is_accepted_proves_true(tree: Path, service: ItemServer) -> None:
    ended = accept(tree, "--yes")
    assert ended.status == 0, ended.out
    assert '-          "answer": 41,' in ended.out
    assert '+          "answer": 42,' in ended.out
    assert told(tree) == page("Facts", FACT)
    assert told(tree, "drinks") == page("D", OTHER).replace("404 Not Found", "200 OK").replace(
        ', "old": 1', ""
    )
    assert check(tree, "--url", service.url).status == 0
    again = accept(tree, "--yes")
    assert again.status == 0
    assert "Nothing to accept" in again.out


def test_outcomes_that_were_reused_can_be_accepted(tree: Path, service: ItemServer) -> None:
    service.items.asked.clear()
    assert check(tree, "--url", service.url).json["summary"]["reused"] == 2
    assert service.items.sent() == 0
    assert accept(tree, "--yes").status == 0
    assert check(tree, "--url", service.url).status == 0


def test_text_that_moved_before_a_check_is_accepted_where_it_stands(
    tree: Path, service: ItemServer
) -> None:
    moved = told(tree).replace("=====\n", "=====\n\nNew.\n\nMore.\n", 1)
    write_tree(tree / "docs", {"index": moved})
    assert check(tree, "--url", service.url).json["summary"]["reused"] == 2
    assert accept(tree, "--yes", "index").status == 0
    assert told(tree) == moved.replace("41", "42").replace("X-Rank: low", "X-Rank: high")


def test_a_page_or_a_line_is_accepted_alone(tree: Path) -> None:
    before = told(tree)
    assert accept(tree, "--yes", "drinks").status == 0
    assert told(tree) == before
    line = before.split("\n").index('          "answer": 41,') + 1
    assert accept(tree, "--yes", f"docs/index.rst:{line}").status == 0
    assert told(tree) == page("Facts", FACT)


def test_a_dry_run_shows_and_writes_nothing(tree: Path) -> None:
    before = listing(tree / "docs")
    ended = accept(tree, "--dry-run")
    assert ended.status == 1
    assert '+          "answer": 42,' in ended.out
    assert listing(tree / "docs") == before


def test_a_person_decides_example_by_example(tree: Path) -> None:
    before = told(tree)
    said = answered(tree, "what\ny\nn\n")
    assert "y - accept it" in said
    assert "200 OK" in told(tree, "drinks")
    assert told(tree) == before
    assert "1 example accepted in 1 file" in said


def test_the_end_of_input_accepts_nothing(tree: Path) -> None:
    before = listing(tree / "docs")
    answered(tree, "")
    answered(tree, "q\ny\n")
    assert listing(tree / "docs") == before
    answered(tree, "a\n")
    assert told(tree) == page("Facts", FACT)


def test_a_file_that_changed_since_the_check_is_refused(tree: Path) -> None:
    before = told(tree) + "\nOne more thing.\n"
    write_tree(tree / "docs", {"index": before})
    ended = accept(tree, "--yes", "index")
    assert ended.status == 1
    assert "changed since the last check" in ended.out
    assert told(tree) == before


def test_an_example_that_changed_since_the_check_is_named_rather_than_called_right(
    tree: Path,
) -> None:
    write_tree(tree / "docs", {"index": told(tree).replace("41", "40")})
    ended = accept(tree, "--yes", "index")
    assert ended.status == 1
    assert "Nothing to accept: 1 example changed since the last check" in ended.out
    both = accept(tree, "--yes")
    assert both.status == 1
    assert "1 example accepted in 1 file" in both.out
    assert "Not looked at: 1 example changed since the last check" in both.out


def test_a_tree_that_was_never_checked_is_not_called_right(tree: Path) -> None:
    ended = honestdocs(tree, "accept", "docs", "--build-dir", "elsewhere", "--yes")
    said = "Nothing to accept: nothing was checked here yet: run the check first.\n"
    assert (ended.status, ended.out) == (1, said)
    blamed = honestdocs(tree, "blame", "docs", "--build-dir", "elsewhere")
    assert "Nothing to blame: nothing was checked here yet" in blamed.out


def test_an_included_file_is_rewritten_where_it_is(tmp_path: Path, service: ItemServer) -> None:
    body = 'HTTP/1.1 200 OK\n\n{"word": "coffee"}'
    pages = {
        "index": page("One", ".. include:: tea.inc"),
        "two": page("Two", ".. include:: tea.inc"),
        "tea.inc": example("GET /slow/tea HTTP/1.1", body),
    }
    write_tree(tmp_path / "docs", pages)
    assert check(tmp_path, "--url", service.url).status == 1
    assert accept(tmp_path, "--yes").status == 0
    text = (tmp_path / "docs/tea.inc").read_text("utf-8")
    assert text == pages["tea.inc"].replace("coffee", "tea")
    assert told(tmp_path) == pages["index"]
    assert check(tmp_path, "--url", service.url).status == 0


def test_line_ends_and_tabs_stay(tmp_path: Path, service: ItemServer) -> None:
    text = page("Facts", LYING).replace("   ", "\t").replace("\n", "\r\n").encode() + "ö".encode()
    (tmp_path / "docs").mkdir()
    path = tmp_path / "docs" / "index.rst"
    path.write_bytes(text)
    assert check(tmp_path, "--url", service.url).status == 1
    assert accept(tmp_path, "--yes").status == 0
    expected = text.replace(b"41", b"42").replace(b"X-Rank: low", b"X-Rank: high")
    assert path.read_bytes() == expected


def test_a_lie_of_the_page_itself_is_left_with_its_reason(
    tmp_path: Path, service: ItemServer
) -> None:
    lying = example("GET /slow/tea HTTP/1.1", 'HTTP/1.1 200 OK\n\n{"word": "tea",, "a" 1}')
    write_tree(tmp_path / "docs", {"index": page("Tea", lying)})
    assert check(tmp_path, "--url", service.url).status == 1
    before = told(tmp_path)
    ended = accept(tmp_path, "--yes")
    assert ended.status == 1
    assert "contradicts itself" in ended.out
    assert "left as documented" in ended.out
    assert told(tmp_path) == before


def test_a_value_that_the_environment_calls_secret_is_not_written(
    tmp_path: Path, service: ItemServer
) -> None:
    service.items.fact = {"answer": 42, "unit": "from-the-vault"}
    lying = example("GET /fact HTTP/1.1", 'HTTP/1.1 200 OK\n\n{"answer": 41, "unit": "apples"}')
    write_tree(tmp_path / "docs", {"index": page("Facts", lying)})
    assert check(tmp_path, "--url", service.url).status == 1
    ended = accept(tmp_path, "--yes", DEPLOY_TOKEN="from-the-vault")
    assert ended.status == 1
    assert "holds a secret" in ended.out
    assert '{"answer": 42, "unit": "apples"}' in told(tmp_path)


def test_colour_is_shown_when_asked_for_and_kept_from_pipes(tree: Path) -> None:
    assert "\033[" not in accept(tree, "--dry-run").out
    assert "\033[32m+" in accept(tree, "--dry-run", "--color", "always").out
    assert "\033[32m+" in accept(tree, "--dry-run", FORCE_COLOR="1").out
    assert "\033[" not in accept(tree, "--dry-run", FORCE_COLOR="1", NO_COLOR="1").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere",), "nowhere: no example stands there"),
        (("index:1",), "index:1: no example stands there"),
        (("docs/x.rst:4",), "docs/x.rst:4: no example stands there"),
        (("--yes", "--dry-run"), "not allowed with argument"),
        (("state",), "state: one tree at a time"),
    ],
)
def test_what_cannot_be_done_is_told(tree: Path, words: tuple[str, ...], said: str) -> None:
    ended = accept(tree, *words)
    assert ended.status == 2
    assert said in ended.err
