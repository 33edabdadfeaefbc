"""Trees that others wrote: read as they are, without their extensions, and left as they were."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from functional.command import FACT, ITEMS, check, example, honestdocs, listing, page, write_tree
from servers.items import Items, ItemServer, serving_items

CONF = """open("executed", "w").close()
open(__file__ + ".executed", "w").close()
extensions = ["no.such.extension"]
html_theme = "no-such-theme"
"""
INDEX = """Their docs
==========

.. toctree::
   :glob:

   *
   missing

.. their-banner:: Hello
   :their-option: 1
   :another:

See :their-role:`the text <of it>` and :their:domain:`x`, |undefined| and [missing]_.

.. include:: generated/nowhere.rst

.. literalinclude:: generated/nothing.http
   :language: http

.. openapi:: spec.yaml

.. operations:: of theirs
   :option: 2
"""
TABS = """Tabs
====

.. http:get:: /fact

   .. tabs::

      .. group-tab:: HTTP

         .. code-block:: http

            GET /fact HTTP/1.1

      .. group-tab:: Answer

         .. code-block:: HTTP

            HTTP/1.1 200 OK
            Content-Type: application/json

            {"answer": 41, "unit": "apples", "tags": ["a", "b"]}

.. their-http-block::

   GET /slow/tea HTTP/1.1

.. their-http-block::

   HTTP/1.1 200 OK

   {"word": "tea"}
"""


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    write_tree(
        tmp_path / "docs",
        {"conf.py": CONF, "index": INDEX, "tabs": TABS, "notes.md": "# Notes", "x/.hidden": "H"},
    )
    return tmp_path


def test_a_tree_of_unknown_words_is_read_and_left_untouched(
    theirs: Path, service: ItemServer
) -> None:
    before = listing(theirs / "docs")
    ended = check(theirs, "--url", service.url)
    assert ended.status == 1, ended.out + ended.err
    assert ended.outcomes() == {"tabs::GET /fact": "failed", "tabs::GET /slow/tea": "passed"}
    line = TABS.split("\n").index(
        '            {"answer": 41, "unit": "apples", "tags": ["a", "b"]}'
    )
    assert f"docs/tabs.rst:{line + 1}: values:" in ended.out
    assert ended.err == ""
    assert listing(theirs / "docs") == before
    assert not (theirs / "executed").exists()


def test_missing_includes_are_told_each_time_until_they_are_there(
    theirs: Path, service: ItemServer
) -> None:
    for _ in range(2):
        include, literal = check(theirs, "--url", service.url).json["notes"]
        line = INDEX.split("\n").index(".. include:: generated/nowhere.rst") + 1
        assert f"docs/index.rst:{line}: include" in include
        assert "generated/nowhere.rst" in include
        assert f"docs/index.rst:{line + 2}: literalinclude" in literal
        assert "generated/nothing.http" in literal
    came = {"nowhere.rst": "Here.\n", "nothing.http": "GET /empty HTTP/1.1\n"}
    write_tree(theirs / "docs" / "generated", came)
    ended = check(theirs, "--url", service.url)
    assert ended.json["notes"] == []
    assert "index::GET /empty" in ended.outcomes()


def test_the_outcomes_of_a_tree_are_kept_outside_of_it(theirs: Path, service: ItemServer) -> None:
    before = listing(theirs / "docs")
    words = ("check", "--url", service.url, "-q")
    assert honestdocs(theirs, words[0], "docs", *words[1:]).status == 1
    (kept,) = (theirs / "build" / "honestdocs").iterdir()
    assert kept.name.startswith("docs-")
    assert (kept / "honestdocs.sqlite").is_file()
    inside = honestdocs(theirs / "docs", *words, env={"XDG_CACHE_HOME": str(theirs / "cache")})
    assert inside.status == 1, inside.err
    assert (theirs / "cache" / "honestdocs").is_dir()
    assert listing(theirs / "docs") == before


def test_setup_runs_before_a_page_and_its_values_are_used(
    service: ItemServer, tmp_path: Path
) -> None:
    setup = """@name = tea

### Something to look at.
# @capture item /id
POST /items
Content-Type: application/json

{"name": "{{name}} for {{$processEnv WHO}}"}
"""
    (tmp_path / "setup.http").write_text(setup, "utf-8")
    text = page(
        "Items",
        example("GET /items/{item} HTTP/1.1", 'HTTP/1.1 200 OK\n\n{"name": "tea for two", ...}'),
    )
    write_tree(tmp_path / "docs", {"index": text})
    ended = check(tmp_path, "--url", service.url, "--setup", "setup.http", env={"WHO": "two"})
    assert ended.status == 0, ended.out + ended.err
    assert [one.method for one in service.items.asked[-2:]] == ["POST", "GET"]


def test_a_setup_that_fails_makes_its_pages_errors(service: ItemServer, tmp_path: Path) -> None:
    (tmp_path / "setup.http").write_text("GET /broken\n", "utf-8")
    write_tree(tmp_path / "docs", {"index": page("Facts", FACT)})
    ended = check(tmp_path, "--url", service.url, "--setup", "setup.http")
    assert ended.status == 3, ended.out
    reason = ended.json["examples"][0]["reason"]
    assert "setup request GET /broken at" in reason
    assert "setup.http:1 was answered 500" in reason


def test_a_setup_request_that_is_refused_is_noted(service: ItemServer, tmp_path: Path) -> None:
    (tmp_path / "setup.http").write_text("GET /nothing\n\n###\nGET /empty\n", "utf-8")
    write_tree(tmp_path / "docs", {"index": page("Facts", FACT)})
    ended = check(tmp_path, "--url", service.url, "--setup", "setup.http")
    assert ended.status == 0, ended.out
    (note,) = ended.json["notes"]
    assert "setup request GET /nothing at" in note
    assert "was answered 404" in note


def test_services_of_a_file_are_started_and_their_setup_is_beside_it(tmp_path: Path) -> None:
    command = [sys.executable, str(ITEMS), "{port}"]
    config = f"""[services.items]
command = {command}
env = {{ ITEMS_VERSION = "7.0.0" }}
setup = "setup.http"
pages = ["items"]
"""
    conf = write_tree(tmp_path / "conf", {"services.toml": config})
    (conf / "setup.http").write_text('POST /items\n\n{"name": "tea"}\n', "utf-8")
    listed = example("GET /items HTTP/1.1", 'HTTP/1.1 200 OK\n\n{"items": [...], "total": 1}')
    pages = {"index": page("Others", FACT), "items": page("Items", listed)}
    write_tree(tmp_path / "docs", pages)
    ended = check(tmp_path, "--config", "conf/services.toml")
    assert ended.status == 0, ended.out + ended.err
    assert ended.outcomes() == {"index::GET /fact": "skipped", "items::GET /items": "passed"}
    assert ended.json["services"][0]["version"] == "7.0.0 (c0ffee)"
    assert "no service is declared for this page" in ended.out


def test_a_base_path_in_the_url_goes_before_documented_paths(tmp_path: Path) -> None:
    absolute = example(
        "GET http://localhost:8888/v1/slow/tea HTTP/1.1", 'HTTP/1.1 200 OK\n\n{"word": "tea"}'
    )
    with serving_items(Items(base="/v1")) as server:
        write_tree(tmp_path / "docs", {"index": page("Facts", FACT, absolute)})
        ended = check(tmp_path, "--url", f"{server.origin}/v1")
        assert ended.status == 0, ended.out
        assert set(server.items.counts()) == {"GET /v1/fact", "GET /v1/slow/tea"}
    assert ended.json["services"][0]["status"] == "ok"


def test_pages_with_another_suffix_and_another_first_page_are_read(
    service: ItemServer, tmp_path: Path
) -> None:
    write_tree(tmp_path / "docs", {"api/facts.txt": page("Facts", FACT)})
    ended = check(tmp_path, "--url", service.url)
    assert ended.status == 0, ended.out
    assert ended.json["examples"][0]["file"] == "docs/api/facts.txt"


def test_pages_of_another_encoding_are_read_all_the_same(
    service: ItemServer, tmp_path: Path
) -> None:
    write_tree(tmp_path / "docs", {"index": page("Facts", FACT)})
    other = page("Drinks", "Caf\xe9.", ".. include:: tea.inc\n").encode("latin-1")
    (tmp_path / "docs" / "drinks.rst").write_bytes(other)
    tea = "Th\xe9::\n\n   GET /slow/tea HTTP/1.1\n\n::\n\n   HTTP/1.1 200 OK\n"
    (tmp_path / "docs" / "tea.inc").write_bytes(tea.encode("latin-1"))
    ended = check(tmp_path, "--url", service.url)
    assert ended.status == 0, ended.err
    assert ended.outcomes()["drinks::GET /slow/tea"] == "passed"
    places = {one["id"]: one["file"] for one in ended.json["examples"]}
    assert places["drinks::GET /slow/tea"] == "docs/tea.inc"


def test_many_pages_are_read_by_several_processes_alike(
    service: ItemServer, tmp_path: Path
) -> None:
    pages = {f"p{n:02d}": page(f"P{n}", TABS.partition("====\n")[2]) for n in range(12)}
    write_tree(tmp_path / "docs", {"index": INDEX, **pages})
    serial = check(tmp_path, "--url", service.url)
    words = ("check", "docs", "--url", service.url, "--build-dir", "two")
    parallel = honestdocs(tmp_path, *words, "--json", "report.json", "-j", "2")
    assert serial.outcomes() == parallel.outcomes()
    assert serial.json["causes"] == parallel.json["causes"]
    assert len(serial.json["examples"]) == 24


def test_without_a_server_the_conf_py_of_a_stranger_is_not_run(theirs: Path) -> None:
    before = listing(theirs / "docs")
    ended = honestdocs(theirs, "check", "docs", "--offline")
    assert ended.status == 0, ended.err
    assert listing(theirs / "docs") == before
    assert not (theirs / "executed").exists()


CODE_TABS = """Jars
====

.. http:post:: /items

   **Example request**:

   .. tabs::

      .. code-tab:: bash cURL

         $ curl -X POST http://jars.example/items \\
             -H "Content-Type: application/json" \\
             -d @jar.json

      .. code-tab:: php

         <?php
         $curl = curl_init("http://jars.example/items");

   The content of ``jar.json`` is like,

   .. sourcecode:: json

      {"name": "plum"}

   **Example response**:

   .. code-tab:: json

      {"id": "5a3f0d86-1b7c-4c5e-9a52-8f2e6d9c7b10", "name": "plum", ...}

.. http:get:: /items/(id)

   Response
      .. code-tab:: json Answer

         {"id": "5a3f0d86-1b7c-4c5e-9a52-8f2e6d9c7b10", "name": "plum", ...}
"""


def test_tabs_of_code_hold_commands_their_files_and_responses(
    tmp_path: Path, service: ItemServer
) -> None:
    write_tree(tmp_path / "docs", {"index": CODE_TABS})
    ended = check(tmp_path, "--url", service.url)
    (post, alone) = ended.json["examples"]
    lines = CODE_TABS.split("\n")
    assert post["id"] == "index::POST /items"
    assert post["request_line"] == next(n for n, line in enumerate(lines, 1) if "$ curl " in line)
    assert (
        post["response_line"]
        == lines.index('      {"id": "5a3f0d86-1b7c-4c5e-9a52-8f2e6d9c7b10", "name": "plum", ...}')
        + 1
    )
    assert post["outcome"] == "passed", ended.out
    assert (alone["method"], alone["outcome"]) == ("", "skipped")
