"""Same cause, same outcome: what is run again, and what is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from functional.command import FACT, Ended, check, example, page, write_tree
from servers.items import ItemServer

TEA = example("GET /slow/tea HTTP/1.1", 'HTTP/1.1 200 OK\n\n{"word": "tea"}')
MILK = example("GET /slow/milk HTTP/1.1", 'HTTP/1.1 200 OK\n\n{"word": "milk"}')


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory, module_service: ItemServer) -> Path:
    """A tree of three examples that was checked once."""
    folder = tmp_path_factory.mktemp("checked")
    write_tree(folder / "docs", {"index": page("Facts", FACT), "drinks": page("D", TEA, MILK)})
    ended = check(folder, "--url", module_service.url)
    assert ended.status == 0, ended.out
    assert counted(ended) == (3, 0)
    return folder


@pytest.fixture
def tree(tmp_path: Path, checked: Path, service: ItemServer) -> Path:
    """A copy of the checked tree with its outcomes; its service was asked nothing yet."""
    assert service.items.sent() == 0
    shutil.copytree(checked, tmp_path, dirs_exist_ok=True)
    return tmp_path


def counted(ended: Ended) -> tuple[int, int]:
    """How many examples were sent, and how many kept their outcome."""
    return ended.json["summary"]["ran"], ended.json["summary"]["reused"]


def test_a_second_run_sends_nothing(tree: Path, service: ItemServer) -> None:
    ended = check(tree, "--url", service.url)
    assert service.items.sent() == 0
    assert counted(ended) == (0, 3)
    assert ended.status == 0
    assert "(0 sent, 3 reused)" in ended.out


def test_a_changed_example_runs_its_page_up_to_the_change_only(
    tree: Path, service: ItemServer
) -> None:
    text = page("D", TEA.replace('"tea"}', '"coffee"}'), MILK)
    write_tree(tree / "docs", {"drinks": text})
    ended = check(tree, "--url", service.url)
    assert set(service.items.counts()) == {"GET /slow/tea", "GET /slow/milk"}
    assert ended.outcomes()["drinks::GET /slow/tea"] == "failed"
    service.items.asked.clear()
    write_tree(tree / "docs", {"drinks": page("D", TEA, MILK.replace("milk", "cream"))})
    ended = check(tree, "--url", service.url)
    assert counted(ended) == (2, 1)


def test_moved_text_runs_nothing_and_lies_move_with_it(tree: Path, service: ItemServer) -> None:
    text = page("Facts", FACT.replace("apples", "pears"))
    write_tree(tree / "docs", {"index": text})
    before = check(tree, "--url", service.url)
    assert before.status == 1
    service.items.asked.clear()
    write_tree(tree / "docs", {"index": text.replace("=====\n", "=====\n\nNew.\n\nMore.\n", 1)})
    after = check(tree, "--url", service.url)
    assert service.items.sent() == 0
    assert after.status == 1
    (old,), (new,) = before.failed[0]["mismatches"], after.failed[0]["mismatches"]
    assert new["line"] == old["line"] + 4
    assert f"docs/index.rst:{new['line']}: values:" in after.out


def test_a_new_version_of_the_server_runs_everything(tree: Path, service: ItemServer) -> None:
    service.items.version = "1.0.1"
    assert counted(check(tree, "--url", service.url)) == (3, 0)


def test_a_server_without_a_version_is_asked_each_time(tree: Path, service: ItemServer) -> None:
    config = f'[services.service]\nurl = "{service.url}"\nversion = ""\n'
    (tree / "services.toml").write_text(config, "utf-8")
    for _ in range(2):
        assert counted(check(tree, "--config", "services.toml")) == (3, 0)


def test_changed_settings_of_the_service_run_everything(tree: Path, service: ItemServer) -> None:
    (tree / "setup.http").write_text("GET /empty\n", "utf-8")
    words = ("--url", service.url, "--setup", "setup.http")
    assert counted(check(tree, *words)) == (3, 0)
    assert counted(check(tree, *words)) == (0, 3)
    (tree / "setup.http").write_text("GET /items\n", "utf-8")
    assert counted(check(tree, *words)) == (3, 0)


def test_a_person_can_ask_for_everything_or_for_changes_only(
    tree: Path, service: ItemServer
) -> None:
    assert counted(check(tree, "--url", service.url, "--all")) == (3, 0)
    service.items.version = "2.0.0"
    assert counted(check(tree, "--url", service.url, "--changed")) == (0, 3)
    write_tree(tree / "docs", {"index": page("Facts", FACT.replace("42", "43"))})
    ended = check(tree, "--url", service.url, "--changed")
    assert counted(ended) == (1, 2)
    assert ended.status == 1


def test_what_is_older_than_asked_runs_again(tree: Path, service: ItemServer) -> None:
    assert counted(check(tree, "--url", service.url, "--max-age", "1h")) == (0, 3)
    assert counted(check(tree, "--url", service.url, "--max-age", "0.001s")) == (3, 0)


def test_what_could_not_be_checked_runs_again(tree: Path, service: ItemServer) -> None:
    service.items.health = "error"
    service.items.version = "1.1.0"
    assert check(tree, "--url", service.url).status == 3
    service.items.health = "ok"
    ended = check(tree, "--url", service.url)
    assert ended.status == 0
    assert counted(ended) == (3, 0)


def test_offline_shows_the_last_outcomes_and_asks_nobody(tree: Path, service: ItemServer) -> None:
    connections = service.items.connections
    write_tree(tree / "docs", {"index": page("Facts", FACT.replace("42", "43"))})
    ended = check(tree, "--url", service.url, "--offline")
    assert service.items.connections == connections
    assert ended.status == 0
    outcomes = ended.outcomes()
    assert outcomes["drinks::GET /slow/tea"] == "passed"
    assert outcomes["index::GET /fact"] == "skipped"
    assert "changed since it was last checked" in ended.out


def test_a_page_that_is_gone_is_gone_from_the_report(tree: Path, service: ItemServer) -> None:
    (tree / "docs" / "drinks.rst").unlink()
    ended = check(tree, "--url", service.url)
    assert list(ended.outcomes()) == ["index::GET /fact"]
    assert counted(ended) == (0, 1)


def test_an_example_that_alternates_with_nothing_changed_is_flaky(
    tmp_path: Path, service: ItemServer
) -> None:
    flip = example("GET /flip HTTP/1.1", 'HTTP/1.1 200 OK\n\n{"side": "heads"}')
    write_tree(tmp_path / "docs", {"index": page("Flip", flip)})
    assert check(tmp_path, "--url", service.url).status == 0
    ended = check(tmp_path, "--url", service.url, "--all")
    assert ended.status == 1
    assert ended.json["examples"][0]["flaky"] is True
    assert "flaky" in ended.out


def test_a_torn_database_is_rebuilt_with_a_message(tree: Path, service: ItemServer) -> None:
    kept = tree / "state" / "honestdocs.sqlite"
    assert kept.is_file()
    kept.write_bytes(kept.read_bytes()[:100] + b"torn" * 50)
    ended = check(tree, "--url", service.url)
    assert ended.status == 0, ended.err
    assert counted(ended) == (3, 0)
    assert any("honestdocs.sqlite" in note for note in ended.json["notes"])
    assert "honestdocs.sqlite" in ended.out
    assert counted(check(tree, "--url", service.url)) == (0, 3)


def test_what_claims_nothing_is_no_reason_to_run_a_page_again(
    service: ItemServer, tmp_path: Path
) -> None:
    alone = ".. sourcecode:: http\n\n   GET /empty HTTP/1.1\n"
    either = example("GET /slow/tea HTTP/1.1", 'HTTP/1.1 200 OK\n\n{"word": "tea"}')
    either += "\n.. sourcecode:: http\n\n   HTTP/1.1 404 Not Found\n"
    elsewhere = ".. code-block:: console\n\n   $ curl https://elsewhere.org/fact\n\n"
    elsewhere += '.. code-block:: json\n\n   {"far": "away"}\n'
    write_tree(
        tmp_path / "docs",
        {
            "index": page("Index", alone),
            "either": page("Either", either),
            "else": page("Elsewhere", elsewhere),
            "before": page("Before", alone, MILK),
        },
    )
    first = check(tmp_path, "--url", service.url)
    assert first.status == 0, first.out
    assert counted(first)[0] == 2
    assert service.items.counts()["GET /empty"] == 1
    service.items.asked.clear()
    second = check(tmp_path, "--url", service.url)
    assert second.status == 0
    assert service.items.sent() == 0
    assert second.outcomes() == first.outcomes()
    told = {one["id"]: one["reason"] for one in second.json["examples"]}
    assert told["index::GET /empty"] == "no response is documented"
    assert "another host" in told["else::GET /fact"]
    assert "another response" in told["either::GET /slow/tea#2"]


def test_a_changed_alternative_is_compared_again(service: ItemServer, tmp_path: Path) -> None:
    other = "\n.. sourcecode:: http\n\n   HTTP/1.1 404 Not Found\n"
    write_tree(tmp_path / "docs", {"index": page("Either", f"{TEA}{other}")})
    assert check(tmp_path, "--url", service.url).status == 0
    changed = f"{TEA}{other}".replace("404 Not Found", "200 OK")
    write_tree(tmp_path / "docs", {"index": page("Either", changed)})
    assert check(tmp_path, "--url", service.url).json["summary"]["ran"] == 1
