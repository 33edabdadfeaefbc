"""Links of the whole report, checked by as many machines as there are, each host by one of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import honestdocs.verification.report as report_package
from functional.command import Ended, check, example, honestdocs, page, write_tree
from servers.items import ItemServer
from servers.web import Web, serve_web

SCHEMA = Path(report_package.__file__).with_name("schema.json")
FIXED = "fixed: honestdocs baseline --prune"
SHARDS = ("1/3", "2/3", "3/3")
ASKED = ("--with", "links", "--external")
TRUE = example("GET /fact HTTP/1.1", "HTTP/1.1 200 OK\n", operation="GET /fact")
LIE = example("GET /fact HTTP/1.1", "HTTP/1.1 201 Created\n")


@pytest.fixture
def webs() -> Iterator[tuple[Web, ...]]:
    """Three hosts."""
    with ExitStack() as stack:
        yield tuple(stack.enter_context(serve_web()) for _ in range(3))


@pytest.fixture
def tree(tmp_path: Path, webs: tuple[Web, ...]) -> Path:
    """Pages whose links lead to all hosts and nowhere within the tree, and a file in two pages."""
    one, two, three = (web.url for web in webs)
    alike = f"`a <{one}/nothing>`__ `b <{two}/gone>`__ `c <{three}/page>`__ `d <{two}/gone>`__"
    pages = {
        "index": page("Index", TRUE, alike, "See :doc:`nowhere`.", f"`e <{three}/moved>`__"),
        "lying": page("Lying", LIE, alike),
        "busy": page("Busy", f"`f <{one}/moved-to-nothing>`__ `g <{two}/page#frist>`__"),
        "prose": page("Prose", f"`h <{three}/page#first>`__ :ref:`none`", ".. include:: part.inc"),
        "verse": page("Verse", f"`i <{one}/page>`__", ".. include:: part.inc"),
        "part.inc": f"`j <{three}/nothing?2>`__ and `k <{one}/nothing?3>`__ and :doc:`never`\n",
    }
    write_tree(tmp_path / "docs", pages)
    return tmp_path


def shard(folder: Path, text: str, url: str, *words: str) -> Path:
    """The report of a shard, checked on a machine of its own."""
    ended = check_shard(folder, text, url, *words)
    assert ended.status in {0, 1, 3}, ended.err
    return folder / f"{_name(text)}.json"


def check_shard(folder: Path, text: str, url: str, *words: str) -> Ended:
    kept = ("--build-dir", f"state-{_name(text)}", "--json", f"{_name(text)}.json", "-j", "1")
    return honestdocs(folder, "check", "docs", "--url", url, "--shard", text, *kept, *words)


def _name(text: str) -> str:
    return text.replace("/", "-of-")


def merge(folder: Path, *words: str | Path) -> Ended:
    return honestdocs(folder, "merge", *map(str, words), "--json", "report.json")


def read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def same(report: Any) -> Any:
    """A report without what no two runs share."""
    if isinstance(report, dict):
        hidden = {"started", "finished", "checked_at", "seconds", "latency", "at"}
        return {k: same(v) for k, v in report.items() if k not in hidden}
    return [same(each) for each in report] if isinstance(report, list) else report


def said(file: Path) -> str:
    """A report in another format, without times."""
    text = file.read_text("utf-8")
    times = r'(time|timestamp)="[^"]*"|"\w*TimeUtc": "[^"]*"|duration_ms: \d+|\d+(\.\d+)? m?s\b'
    return re.sub(times, "", text)


def links(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in report["findings"] if one["check"] == "links"]


def external(report: dict[str, Any]) -> set[str]:
    """The addresses out of the tree that a report finds fault with."""
    return {one["url"] for one in links(report) if one["url"]}


def taken(webs: tuple[Web, ...]) -> list[list[tuple[str, str]]]:
    """What each host was asked since this was asked last."""
    asked = [sorted(each[:2] for each in web.asked) for web in webs]
    for web in webs:
        web.asked.clear()
        web.seen.clear()
    return asked


def test_each_host_is_asked_by_one_shard_and_together_they_tell_what_one_check_tells(
    tree: Path, webs: tuple[Web, ...], service: ItemServer
) -> None:
    formats = [(f"--{name}", name) for name in ("junit", "sarif", "tap", "gitlab")]
    whole = check(tree, "--url", service.url, *ASKED, *(f"{o}=whole.{n}" for o, n in formats))
    once = taken(webs)
    files = []
    by_shard = []
    for text in SHARDS:
        files.append(shard(tree, text, service.url, *ASKED))
        by_shard.append(taken(webs))
    assert [[bool(asked) for asked in told].count(True) for told in by_shard] == [1, 1, 1]
    assert [sorted(chain.from_iterable(asked)) for asked in zip(*by_shard, strict=True)] == once
    merged = merge(tree, files[2], files[0], files[1], *(f"{o}=merged.{n}" for o, n in formats))
    assert (merged.status, whole.status) == (1, 1), merged.err
    assert len(links(whole.json)) == 12
    assert same(merged.json) == same(whole.json)
    for _, name in formats:
        assert said(tree / f"merged.{name}") == said(tree / f"whole.{name}"), name
    assert _table(merged) == _table(whole)


def _table(ended: Ended) -> list[str]:
    return [line for line in ended.out.splitlines() if line.startswith(("links", "examples"))]


def test_each_finding_of_a_link_is_in_the_report_of_one_shard(
    tree: Path, webs: tuple[Web, ...], service: ItemServer
) -> None:
    whole = check(tree, "--url", service.url, *ASKED)
    reports = [read(shard(tree, text, service.url, *ASKED)) for text in SHARDS]
    every = [json.dumps(one) for report in reports for one in links(report)]
    assert sorted(every) == sorted(json.dumps(one) for one in links(whole.json))
    hosts = [host for report in reports for host in report["shard"]["hosts"]]
    assert sorted(hosts) == sorted(web.url.removeprefix("http://") for web in webs)
    for report in reports:
        Draft202012Validator(read(SCHEMA)).validate(report)
        (host,) = report["shard"]["hosts"]
        assert all(f"://{host}/" in url for url in external(report))
        index, pages = report["shard"]["index"], len(report["shard"]["pages"])
        assert (
            f"this is shard {index} of 3: {pages} of 2 pages, and links to 1 host"
            in (report["notes"])
        )


def test_links_within_the_tree_are_told_by_the_shard_of_their_page(
    tree: Path, webs: tuple[Web, ...], service: ItemServer
) -> None:
    whole = check(tree, "--url", service.url, "--with", "links")
    files = [shard(tree, text, service.url, "--with", "links") for text in SHARDS]
    assert not any(taken(webs))
    assert sorted(one["message"] for file in files for one in links(read(file))) == sorted(
        one["message"] for one in links(whole.json)
    )
    assert len(links(whole.json)) == 3
    assert all(read(file)["shard"]["hosts"] == [] for file in files)
    assert same(merge(tree, *files).json) == same(whole.json)


def test_a_host_that_could_not_be_asked_decides_how_shards_and_the_whole_end(
    tmp_path: Path, webs: tuple[Web, ...], service: ItemServer
) -> None:
    one, two, three = (web.url for web in webs)
    alike = f"`a <{one}/page>`__ `b <{two}/always-busy>`__ `c <{three}/page>`__"
    write_tree(tmp_path / "docs", {"index": page("Index", alike)})
    ended = [check_shard(tmp_path, text, service.url, *ASKED) for text in SHARDS]
    assert sorted(each.status for each in ended) == [0, 0, 3]
    files = [tmp_path / f"{_name(text)}.json" for text in SHARDS]
    assert merge(tmp_path, *files).status == 3


def test_what_a_shard_does_not_ask_for_is_not_mended(tree: Path, service: ItemServer) -> None:
    where = ("docs", "--url", service.url, "--build-dir", "state", "-j", "1")
    assert honestdocs(tree, "baseline", *where, *ASKED, "--owner", "Ada").status == 0
    assert [FIXED in check_shard(tree, t, service.url, *ASKED).out for t in SHARDS] == [False] * 3
    merged = merge(tree, *(tree / f"{_name(text)}.json" for text in SHARDS))
    assert (merged.status, FIXED in merged.out) == (0, False)


def test_what_is_mended_in_a_tree_of_shards_is_told_of_the_whole(
    tree: Path, webs: tuple[Web, ...], service: ItemServer
) -> None:
    where = ("docs", "--url", service.url, "--build-dir", "state", "-j", "1")
    honestdocs(tree, "baseline", *where, *ASKED, "--owner", "Ada")
    new = f"{webs[0].url}/gone"
    write_tree(tree / "docs", {"busy": page("Busy", f"`f <{new}>`__")})
    whole = check(tree, "--url", service.url, *ASKED, "--all")
    ended = [check_shard(tree, text, service.url, *ASKED) for text in SHARDS]
    assert sorted(each.status for each in ended) == [0, 0, 1]
    files = [tree / f"{_name(text)}.json" for text in SHARDS]
    merged = merge(tree, *files)
    assert (merged.status, whole.status) == (1, 1)
    assert same(merged.json) == same(whole.json)
    for out in (merged.out, whole.out):
        assert f"2 accepted findings are {FIXED}" in " ".join(out.split())
    assert [one["url"] for one in links(merged.json) if not one["accepted"]][:1] == [new]


def test_a_link_within_the_tree_that_is_mended_is_told_by_its_shard(
    tree: Path, service: ItemServer
) -> None:
    where = ("docs", "--url", service.url, "--build-dir", "state", "-j", "1")
    words = ("--with", "links,spelling")
    write_tree(tree / "docs", {"verse": page("Verse", "This is teh verse.")})
    honestdocs(tree, "baseline", *where, *words, "--owner", "Ada")
    write_tree(tree / "docs", {"prose": page("Prose", "No link.", ".. include:: part.inc")})
    out = [check_shard(tree, text, service.url, *words).out for text in SHARDS]
    assert sum(FIXED in each for each in out) == 1
    assert sum("1 accepted finding is fixed" in " ".join(each.split()) for each in out) == 1


def test_shards_that_did_not_part_the_same_hosts_are_refused(
    tree: Path, webs: tuple[Web, ...], service: ItemServer
) -> None:
    files = [shard(tree, text, service.url, *ASKED) for text in SHARDS[:2]]
    silent = shard(tree, SHARDS[2], service.url, "--with", "links")
    refused = merge(tree, *files, silent)
    assert refused.status == 2
    assert "1-of-3.json (shard 1 of 3) was checked with --external and" in refused.err
    assert "3-of-3.json (shard 3 of 3) was not; check all shards alike" in refused.err
    write_tree(tree / "docs", {"verse": page("Verse", f"`new <{webs[0].url}/page?new>`__")})
    refused = merge(tree, *files, shard(tree, SHARDS[2], service.url, *ASKED))
    assert refused.status == 2
    assert "have different links out of the tree; check all shards from the same" in refused.err


def test_workers_of_a_shard_ask_its_hosts_alone(
    tree: Path, webs: tuple[Web, ...], service: ItemServer
) -> None:
    whole = check(tree, "--url", service.url, *ASKED)
    once = taken(webs)
    words = (*ASKED, "--executor", "threads:2")
    files = [shard(tree, text, service.url, *words) for text in SHARDS]
    assert taken(webs) == once
    assert same(merge(tree, *files).json) == same(whole.json)
