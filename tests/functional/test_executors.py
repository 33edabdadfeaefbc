"""Wherever examples are sent from, what is told is the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from functional.command import FACT, Ended, check, example, page, write_tree
from functional.test_pages import made
from servers.items import ItemServer
from servers.misbehaving import nobody

LIE = example(
    "GET /fact HTTP/1.1", 'HTTP/1.1 200 OK\n\n{"answer": 42, "unit": "pears", "tags": [...]}'
)
POOLS = ("threads:3", "processes:2")


def slow(word: str) -> str:
    return example(f"GET /slow/{word} HTTP/1.1", f'HTTP/1.1 200 OK\n\n{{"word": "{word}"}}')


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Pages that are proven, that lie, that cannot be checked, and that share what they change."""
    pages = {f"slow{n}": page(f"S{n}", *(slow(f"{n}{m}") for m in "abc")) for n in range(4)}
    pages |= {f"made{n}": page(f"P{n}", *(made(f"{n}{m}") for m in "ab")) for n in range(3)}
    pages["lying"] = page("Lying", LIE)
    pages["left"] = page("Left", example("GET /fact?q=<what> HTTP/1.1", "HTTP/1.1 200 OK\n"))
    write_tree(tmp_path / "docs", {"index": page("Index", FACT), **pages})
    return tmp_path


def told(ended: Ended) -> list[tuple[object, ...]]:
    """What is told of every example, times left out."""
    return [
        (one["id"], one["outcome"], one["reason"], one["mismatches"], one["service"])
        for one in ended.json["examples"]
    ]


def order(service: ItemServer) -> list[str]:
    """The names of the items that were made, in order."""
    bodies = (one.raw.partition(b"\r\n\r\n")[2] for one in service.items.asked)
    return [json.loads(body)["name"] for body in bodies if body]


@pytest.mark.parametrize("pool", POOLS)
def test_workers_find_what_is_found_without_them(
    pool: str, tree: Path, service: ItemServer
) -> None:
    inline = check(tree, "--url", service.url)
    once = service.items.counts()
    assert inline.json["summary"]["passed"] == 19, inline.out
    service.items.reset()
    ended = check(tree, "--url", service.url, "--all", "--executor", pool)
    assert service.items.counts() == once
    assert not service.items.overlap("/items")
    assert order(service) == ["0a", "0b", "1a", "1b", "2a", "2b"]
    assert service.items.overlap("/slow")
    assert told(ended) == told(inline)
    assert ended.status == inline.status == 1
    assert ended.json["summary"]["ran"] == inline.json["summary"]["ran"]
    again = check(tree, "--url", service.url, "--executor", pool)
    assert again.json["summary"]["reused"] >= 20


@pytest.mark.parametrize("pool", POOLS)
def test_an_outage_and_a_setup_that_fails_are_told_by_workers(
    pool: str, tree: Path, service: ItemServer
) -> None:
    (tree / "setup.http").write_text("GET /broken\n", "utf-8")
    words = ("--setup", "setup.http", "--executor", pool)
    ended = check(tree, "--url", service.url, *words)
    assert ended.status == 3, ended.out
    assert "was answered 500" in " ".join(ended.out.split())
    with nobody() as port:
        ended = check(tree, "--url", f"http://127.0.0.1:{port}", *words)
    assert ended.status == 3
    assert "refused" in ended.out


@pytest.mark.parametrize("pool", POOLS)
def test_a_service_is_never_asked_more_at_once_than_it_allows(
    pool: str, tree: Path, service: ItemServer
) -> None:
    config = f'[services.slow]\nurl = "{service.url}"\nconcurrency = 1\n'
    (tree / "services.toml").write_text(config, "utf-8")
    ended = check(tree, "--config", "services.toml", "--executor", pool)
    assert ended.json["summary"]["passed"] == 19
    assert not service.items.overlap("/slow")


def test_what_names_no_executor_is_a_mistake_of_usage(tree: Path) -> None:
    ended = check(tree, "--offline", "--executor", "threads:many")
    assert ended.status == 2
    assert "'threads:many' names no executor; known are inline, threads:N" in ended.err
