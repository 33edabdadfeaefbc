"""Shards on as many machines as there are, merged into what one machine would have told."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import honestdocs.verification.report as report_package
from functional.command import FACT, Ended, check, example, honestdocs, page, write_tree
from servers.items import ItemServer

SCHEMA = Path(report_package.__file__).with_name("schema.json")
LIE = example("GET /fact HTTP/1.1", 'HTTP/1.1 200 OK\n\n{"answer": 42, "unit": "pears"}')
LEFT = example("GET /fact?q=<what> HTTP/1.1", "HTTP/1.1 200 OK\n")
BROKEN = '.. sourcecode:: http\n\n   HTTP/1.1 200 OK\n\n   {"a": }\n'


def slow(word: str) -> str:
    return example(f"GET /slow/{word} HTTP/1.1", f'HTTP/1.1 200 OK\n\n{{"word": "{word}"}}')


PAGES = {
    "index": page("Index", FACT),
    "slow0": page("S0", slow("0a")),
    "slow1": page("S1", slow("1a"), slow("1b")),
    "slow2": page("S2", slow("2a"), slow("2b"), slow("2c")),
    "lying": page("Lying", LIE),
    "left": page("Left", LEFT),
    "broken": page("Broken", BROKEN),
}
"""Pages of every kind; the operation of one has its examples on two."""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The pages, never checked."""
    write_tree(tmp_path / "docs", PAGES)
    return tmp_path


def shard(folder: Path, text: str, url: str, *words: str) -> Path:
    """The report of a shard, checked on a machine of its own."""
    name = text.replace("/", "-of-")
    kept = ("--build-dir", f"state-{name}", "--json", f"{name}.json", "-j", "1", "-q")
    ended = honestdocs(folder, "check", "docs", "--url", url, "--shard", text, *kept, *words)
    assert ended.status in {0, 1, 3}, ended.err
    return folder / f"{name}.json"


def read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def without_times(report: Any) -> Any:
    """A report without what no two runs share."""
    if isinstance(report, dict):
        hidden = {"started", "finished", "checked_at", "seconds", "latency", "at"}
        return {k: without_times(v) for k, v in report.items() if k not in hidden}
    if isinstance(report, list):
        return [without_times(each) for each in report]
    return report


def merge(folder: Path, *words: str | Path) -> Ended:
    return honestdocs(folder, "merge", *map(str, words), "--json", "report.json")


def test_merged_shards_tell_what_one_run_tells(tree: Path, service: ItemServer) -> None:
    whole = check(tree, "--url", service.url, "--junit", "whole.xml")
    once = service.items.counts()
    service.items.reset()
    files = [shard(tree, f"{n}/3", service.url) for n in (1, 2, 3)]
    assert service.items.counts() == once
    merged = merge(tree, files[1], files[2], files[0], "--junit", "merged.xml")
    assert merged.status == whole.status == 1, merged.err
    assert without_times(merged.json) == without_times(whole.json)
    assert merged.json["shard"] is None
    assert lines(merged.out) == lines(whole.out)
    assert (tree / "merged.xml").read_text("utf-8").count("<testcase") == (
        tree / "whole.xml"
    ).read_text("utf-8").count("<testcase")


def lines(report: str) -> list[str]:
    """What a report says, but for the lines that hold times."""
    return [line for line in report.split("\n") if "heartbeat" not in line and " in " not in line]


def test_every_page_is_in_one_shard_and_the_report_says_which(
    tree: Path, service: ItemServer
) -> None:
    reports = [read(shard(tree, f"{n}/3", service.url)) for n in (1, 2, 3)]
    pages = [name for report in reports for name in report["shard"]["pages"]]
    assert sorted(pages) == ["broken", "index", "left", "lying", "slow0", "slow1", "slow2"]
    for at, report in enumerate(reports, 1):
        Draft202012Validator(read(SCHEMA)).validate(report)
        shown = {one["page"] for one in report["examples"]}
        assert shown == set(report["shard"]["pages"])
        said = f"this is shard {at} of 3: {len(shown)} of 7 pages"
        assert said in report["notes"]
    assert {report["summary"]["exit_status"] for report in reports} >= {1}


def test_shards_are_equal_by_the_time_that_pages_took(tree: Path, service: ItemServer) -> None:
    assert check(tree, "--url", service.url).status == 1
    for at in (1, 2, 3):
        shutil.copytree(tree / "state", tree / f"state-{at}-of-3")
    reports = [read(shard(tree, f"{n}/3", service.url, "--all")) for n in (1, 2, 3)]
    parts = [frozenset(report["shard"]["pages"]) for report in reports]
    assert [{"slow2"}, {"slow1"}] == [part & {"slow1", "slow2"} for part in parts[:2]]
    assert "slow0" in parts[2]


def test_shards_that_run_one_after_another_on_one_machine_are_parted_alike(
    tree: Path, service: ItemServer
) -> None:
    check(tree, "--url", service.url)
    reports = []
    for at in (1, 2, 3):
        ended = check(tree, "--url", service.url, "--shard", f"{at}/3", "--all")
        (tree / f"{at}.json").write_text(ended.report, "utf-8")
        reports.append(f"{at}.json")
    assert merge(tree, *reports).status == 1
    assert len(merge(tree, *reports).outcomes()) == 10


def test_a_merged_database_is_that_of_a_check_of_the_whole_tree(
    tree: Path, service: ItemServer
) -> None:
    files = [shard(tree, f"{n}/3", service.url) for n in (1, 2, 3)]
    merged = merge(tree, *files, "--database", "state/honestdocs.sqlite")
    asked = service.items.sent()
    after = check(tree, "--url", service.url, "--max-age", "1h")
    assert service.items.sent() == asked
    assert after.json["summary"]["ran"] == after.json["summary"]["error"] == 1
    assert after.outcomes() == merged.outcomes()
    mismatch = [one["mismatches"] for one in merged.failed]
    assert [one["mismatches"] for one in after.failed] == mismatch
    with sqlite3.connect(tree / "state" / "honestdocs.sqlite") as database:
        (pages,) = database.execute("SELECT count(*) FROM paces WHERE seconds > 0").fetchone()
        (runs,) = database.execute("SELECT count(DISTINCT run) FROM records").fetchone()
    assert pages == 5
    assert runs == 2


def test_a_shard_forgets_nothing_of_the_others(tree: Path, service: ItemServer) -> None:
    check(tree, "--url", service.url)
    check(tree, "--url", service.url, "--shard", "1/3", "--all")
    asked = service.items.sent()
    check(tree, "--url", service.url)
    assert service.items.sent() == asked


Spoil = Callable[[list[Path], Path, str], list[Path]]


def _other_tree(files: list[Path], folder: Path, url: str) -> list[Path]:
    write_tree(folder / "docs", {"index": page("Index", FACT, slow("more"))})
    return [*files[:2], shard(folder, "3/3", url)]


def _other_split(files: list[Path], folder: Path, url: str) -> list[Path]:
    return [*files[:2], shard(folder, "3/4", url)]


def _other_durations(files: list[Path], folder: Path, url: str) -> list[Path]:
    check(folder, "--url", url)
    with sqlite3.connect(folder / "state" / "honestdocs.sqlite") as database:
        database.execute("UPDATE paces SET seconds = 99 WHERE page = 'left'")
    shutil.rmtree(folder / "state-3-of-3")
    shutil.copytree(folder / "state", folder / "state-3-of-3")
    return [*files[:2], shard(folder, "3/3", url)]


def _whole(files: list[Path], folder: Path, url: str) -> list[Path]:
    check(folder, "--url", url)
    whole = folder / "whole.json"
    (folder / "report.json").rename(whole)
    return [files[0], whole]


def _torn(files: list[Path], _folder: Path, _url: str) -> list[Path]:
    files[2].write_text(files[2].read_text("utf-8")[:1000], "utf-8")
    return files


def _other_version(files: list[Path], _folder: Path, _url: str) -> list[Path]:
    report = read(files[2])
    report["shard"] |= {"honestdocs": "9.9.9", "report": {"novelty": 1}}
    files[2].write_text(json.dumps(report), "utf-8")
    return files


def _gone(files: list[Path], folder: Path, _url: str) -> list[Path]:
    return [*files, folder / "nowhere.json"]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory, module_service: ItemServer) -> Path:
    """A tree whose three shards were checked."""
    folder = tmp_path_factory.mktemp("checked")
    write_tree(folder / "docs", PAGES)
    for at in (1, 2, 3):
        shard(folder, f"{at}/3", module_service.url)
    return folder


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda files, *_: [files[0], files[2]], "shard 2 is missing of 3"),
        (lambda files, *_: [files[1]], "shards 1, 3 are missing of 3"),
        (lambda files, *_: [*files, files[1]], "are both shard 2 of 3; give each shard once"),
        (_other_tree, "are of different trees"),
        (_other_split, "3-of-4.json (shard 3 of 4) are not of one split"),
        (_other_durations, "the shards were parted by different durations"),
        (_whole, "whole.json: is the report of a whole tree"),
        (_torn, "3-of-3.json: is no report that honestdocs check --json wrote"),
        (_other_version, "3-of-3.json: cannot be read; it was written by honestdocs 9.9.9"),
        (_gone, "nowhere.json: cannot be read: No such file or directory"),
    ],
)
def test_what_is_not_the_whole_is_refused(
    spoil: Spoil, said: str, checked: Path, service: ItemServer, tmp_path: Path
) -> None:
    tree = shutil.copytree(checked, tmp_path / "tree")
    files = [tree / f"{n}-of-3.json" for n in (1, 2, 3)]
    ended = merge(tree, *spoil(files, tree, service.url), "--database", "new.sqlite")
    assert ended.status == 2
    assert said in ended.err
    assert ended.out == ""
    assert ended.err.count("\n") == 1
    assert not (tree / "new.sqlite").exists()


def test_shards_that_met_different_versions_are_told(tree: Path, service: ItemServer) -> None:
    one = shard(tree, "1/2", service.url)
    service.items.version = "1.0.1"
    merged = merge(tree, one, shard(tree, "2/2", service.url))
    assert "the shards met different versions of service" in merged.out
    assert "1.0.0 (c0ffee) in 1; 1.0.1 (c0ffee) in 2" in merged.out


def test_more_shards_than_pages_are_no_trouble(tree: Path, service: ItemServer) -> None:
    files = [shard(tree, f"{n}/9", service.url) for n in range(1, 10)]
    merged = merge(tree, *files)
    assert merged.status == 1
    assert len(merged.outcomes()) == 10


def test_what_is_no_shard_is_a_mistake_of_usage(tree: Path) -> None:
    ended = check(tree, "--offline", "--shard", "4/3")
    assert ended.status == 2
    assert "'4/3' names no shard: of 3 the last is 3/3" in ended.err


FIXED = "fixed: honestdocs baseline --prune"


def test_what_a_baseline_accepts_is_accepted_in_the_whole(tree: Path, service: ItemServer) -> None:
    where = ("docs", "--url", service.url, "--build-dir", "state", "-j", "1")
    assert honestdocs(tree, "baseline", *where, "--owner", "Ada").status == 0
    write_tree(tree / "docs", {"lying": page("Lying", LIE.replace("pears", "apples"))})
    whole = check(tree, "--url", service.url, "--all")
    assert whole.status == 0, whole.out
    assert FIXED in whole.out
    files = [shard(tree, f"{n}/3", service.url) for n in (1, 2, 3)]
    shown = [check(tree, "--url", service.url, "--shard", f"{n}/3").out for n in (1, 2, 3)]
    assert sum(FIXED in out for out in shown) == 1
    merged = merge(tree, *files)
    assert merged.status == 0, merged.err
    assert FIXED in merged.out
    assert without_times(merged.json) == without_times(whole.json)
    assert merge(tree, *files, "--no-baseline").status == 1
    (tree / "docs" / "honestdocs-baseline.toml").unlink()
    gone = merge(tree, *files)
    assert gone.status == 2
    assert "docs/honestdocs-baseline.toml: cannot be read" in gone.err


def test_spelling_and_style_are_told_once_by_the_shards(tree: Path, service: ItemServer) -> None:
    wrong = {name: page(name, f"It is teh {name}. \n") for name in ("prose", "verse", "lyric")}
    write_tree(tree / "docs", {**wrong, "slow0": page("S0", "Teh slow one.", slow("0a"))})
    whole = check(tree, "--url", service.url, "--with", "all", "--tap", "whole.tap")
    files = [shard(tree, f"{n}/3", service.url, "--with", "all") for n in (1, 2, 3)]
    merged = merge(tree, *files, "--tap", "merged.tap")
    assert merged.status == whole.status == 1
    assert told(tree / "merged.tap") == told(tree / "whole.tap")
    assert sum("teh" in line.lower() for line in told(tree / "whole.tap")) >= 4


def told(tap: Path) -> list[str]:
    """The lines of a TAP document that tell something, without the numbers of its tests."""
    lines = tap.read_text("utf-8").split("\n")
    return sorted(re.sub(r"^((?:not )?ok) \d+", r"\1", line) for line in lines if "ms" not in line)


def test_a_build_takes_an_executor_too(tmp_path: Path, service: ItemServer) -> None:
    conf = f"""extensions = ["sphinxcontrib.httpdomain", "honestdocs"]
honestdocs_services = {{"items": {{"url": "{service.url}"}}}}
"""
    write_tree(tmp_path, {"conf.py": conf, "index": page("Facts", FACT)})
    ended = honestdocs(tmp_path, "build", "-j", "1", "--executor", "processes:1")
    assert ended.status == 0, ended.err
    assert "1 proven" in ended.out
