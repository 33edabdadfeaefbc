"""What pages show of their examples, and when they are written again."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from honestdocs.sphinxext.proving import Verifier
from honestdocs.verification.surroundings import real_surroundings
from servers.items import ItemServer, serving_items
from sphinxext.markup import main_part, read
from sphinxext.project import Built, Project, title

HOURS = 3600
NEVER = "Mon, 31 Feb 2025 1:00:00 GMT"
EVIL = '<script>alert("&amp;")</script>'


def example(path: str, body: str, response: str = "HTTP/1.1 200 OK") -> str:
    return f""".. code-block:: http

   GET {path} HTTP/1.1

.. code-block:: http
   :caption: What comes back

   {response}

   {body}

"""


TEA = example("/slow/tea", '{"word": "tea"}')
LIE = example("/slow/tea", '{"word": "<b>coffee</b>", "sugar": 2}')
PAGES = {
    "index": title("Index") + ".. toctree::\n   :glob:\n\n   *\n\nNothing to prove.\n",
    "passed": title("Passed") + TEA + "After.\n",
    "failed": title("Failed") + TEA + LIE,
    "evil": title("Evil") + example("/fact", '{"answer": "answer" </td>"}'),
    "error": title("Error")
    + ".. code-block:: http\n\n   GET /fact HTTP/1.1\n   Authorization: Bearer <token>\n\n"
    + ".. code-block:: http\n\n   HTTP/1.1 200 OK\n",
    "skipped": title("Skipped") + ".. honestdocs: skip it rains & pours\n\n" + LIE,
    "static": title("Static")
    + example(
        "/slow/tea", '{"word": "tea"}', "HTTP/1.1 200 OK\n   Date: Mon, 31 Feb 2025 1:00:00 GMT"
    ),
    "flaky": title("Flaky") + example("/flip", '{"side": "heads"}'),
    "nested": title("Nested")
    + ".. list-table::\n\n   * - Cell\n\n"
    + re.sub(r"(?m)^", "       ", LIE)
    + "\n.. note::\n\n"
    + re.sub(r"(?m)^", "   ", TEA),
    "panels": title("Panels")
    + ".. heartbeat::\n\n.. heartbeat:: items\n\n.. outcomes:: items\n\n.. operations::\n",
    "operations": title("Operations")
    + ".. http:get:: /slow/(word)\n   :synopsis: Takes its time\n\n   :statuscode 200: p\n"
    + "   :statuscode 404: p\n   :resjson word: p\n   :resheader X-Never: p\n\n"
    + re.sub(r"(?m)^", "   ", TEA)
    + ".. http:delete:: /items/(id)\n\n.. http:get:: /empty\n\n"
    + re.sub(r"(?m)^", "   ", example("/empty", "", "HTTP/1.1 204 No Content")),
}
SETTINGS = {"title": "The Items", "timeout": 5}


@pytest.fixture(scope="module")
def server() -> Iterator[ItemServer]:
    with serving_items() as running:
        running.items.fact = {"answer": EVIL}
        yield running


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, server: ItemServer) -> tuple[Project, Built]:
    """All pages, built twice in such a way that one example is flaky."""
    services = {"items": {"url": server.url, **SETTINGS}}
    project = Project(
        folder=tmp_path_factory.mktemp("shown"),
        settings={"honestdocs_services": services, "suppress_warnings": ["honestdocs"]},
    ).write(PAGES)
    first = project.build("html")
    assert first.warnings == ""
    return project, project.build("html", honestdocs_all=True)


@pytest.mark.parametrize(
    ("page", "outcome", "told"),
    [
        ("passed", "passed", ["✓ Proven", "UTC against The Items 1.0.0 (c0ffee)."]),
        ("failed", "failed", ["✗ Lies", "Where", "Documented", "Observed", "Likely fix"]),
        ("error", "error", ["? Could not be checked", "holds a placeholder"]),
        ("skipped", "skipped", ["– Skipped it rains & pours."]),
        ("static", "failed", ["✗ Lies", "header Date", "Mon, 31 Feb 2025"]),
        ("flaky", "failed", ["✗ Lies", "Flaky: with nothing changed it was proven at times"]),
    ],
)
def test_a_page_shows_the_outcome_of_its_example(
    page: str, outcome: str, told: list[str], shown: tuple[Project, Built]
) -> None:
    _, built = shown
    html = main_part(built.html(page))
    assert f'class="honestdocs honestdocs-mark honestdocs-{outcome} docutils container"' in html
    text = read(html).text
    for each in told:
        assert each in text


def test_a_lie_is_shown_with_documented_beside_observed(shown: tuple[Project, Built]) -> None:
    _, built = shown
    html = main_part(built.html("failed"))
    rows = [read(row).text for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL)]
    assert rows[0] == "Where Documented Observed Likely fix"
    assert '/word "<b>coffee</b>" "tea" document "tea"' in rows
    assert any(row.startswith("/sugar 2 (nothing)") for row in rows)
    assert html.count('<th class="head">') == 4


def test_a_mark_stands_below_the_last_block_of_its_example(shown: tuple[Project, Built]) -> None:
    _, built = shown
    text = read(main_part(built.html("passed"))).text
    parts = ("GET /slow/tea", "What comes back", '"tea"}', "✓ Proven", "After.")
    assert sorted(text.rindex(part) for part in parts) == [text.rindex(part) for part in parts]
    html = main_part(built.html("passed"))
    assert html.index("literal-block-wrapper") < html.index("honestdocs-mark")


@pytest.mark.parametrize(
    ("page", "summary"),
    [
        ("passed", "✓ Proven 1 of 1 example proven. Last checked"),
        ("failed", "✗ Lies 1 of 2 examples proven; 1 lies. Last checked"),
        ("error", "? Could not be checked 0 of 1 example proven; 1 could not be checked."),
        ("skipped", "– Skipped 0 of 1 example proven; 1 skipped."),
    ],
)
def test_a_page_begins_with_one_line_that_sums_it_up(
    page: str, summary: str, shown: tuple[Project, Built]
) -> None:
    _, built = shown
    html = main_part(built.html(page))
    assert html.count("honestdocs-summary") == 1
    assert html.index("</h1>") < html.index("honestdocs-summary") < html.index("highlight-http")
    assert summary in read(html).text


def test_a_page_without_examples_shows_nothing_of_ours(shown: tuple[Project, Built]) -> None:
    _, built = shown
    assert "honestdocs-" not in main_part(built.html("index"))


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_sound_and_values_never_become_markup(
    page: str, shown: tuple[Project, Built]
) -> None:
    _, built = shown
    html = main_part(built.html(page))
    reader = read(html)
    assert reader.faults == []
    assert not {"script", "style", "b"} & reader.tags
    assert "<script" not in html


def test_a_value_is_shown_as_it_is(shown: tuple[Project, Built]) -> None:
    _, built = shown
    text = read(main_part(built.html("evil"))).text
    assert '"answer" </td>' in text
    assert "<script>alert" in text


def test_the_style_is_there(shown: tuple[Project, Built]) -> None:
    _, built = shown
    assert re.search(r'href="_static/honestdocs\.css', built.html("passed"))
    style = (built.out / "_static" / "honestdocs.css").read_text("utf-8")
    assert ".honestdocs-failed" in style
    assert "http" not in re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)


def test_the_heartbeat_panel_tells_health_version_and_checks(
    shown: tuple[Project, Built],
) -> None:
    _, built = shown
    text = read(main_part(built.html("panels"))).text
    assert text.count("✓ Healthy The Items 1.0.0 (c0ffee), heartbeat of 2") == 2
    assert "disk: ok" in text


def test_the_outcomes_panel_counts_the_examples_of_each_page(
    shown: tuple[Project, Built],
) -> None:
    _, built = shown
    html = main_part(built.html("panels"))
    rows = [read(row).text for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL)]
    assert "Page Proven Lies Not checked Skipped Last checked" in rows
    counted = {row.split()[0]: row.split()[1:5] for row in rows}
    assert counted["Failed"] == ["1", "1", "0", "0"]
    assert counted["Skipped"] == ["0", "0", "0", "1"]
    assert counted["Error"] == ["0", "0", "1", "0"]
    assert "Index" not in counted
    assert 'href="failed.html"' in html


def test_the_operations_panel_lists_operations_with_their_coverage(
    shown: tuple[Project, Built],
) -> None:
    _, built = shown
    html = main_part(built.html("panels"))
    rows = [read(row).text for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL)]
    slow = next(row for row in rows if row.startswith("GET /slow/(word)"))
    assert "Takes its time" in slow
    assert "– 4 of 8" in slow
    assert any(row.startswith("GET /empty") and "✓ 1 of 1 none" in row for row in rows)
    assert "status never seen: 404" in slow
    assert "header never seen: X-Never" in slow
    gone = next(row for row in rows if row.startswith("DELETE /items/(id)"))
    assert "– 0 of 0" in gone
    anchor = re.search(r'href="(operations\.html#[^"]+)"[^>]*>(?:<[^>]+>)*GET /slow', html)
    assert anchor is not None
    assert f'id="{anchor[1].partition("#")[2]}"' in built.html("operations")


def test_links_of_panels_lead_somewhere(shown: tuple[Project, Built]) -> None:
    _, built = shown
    for link in read(main_part(built.html("panels"))).links:
        page, _, anchor = link.partition("#")
        target = (built.out / (page or "panels.html")).read_text("utf-8")
        assert not anchor or f'id="{anchor}"' in target


def test_writing_in_processes_gives_the_same_pages(
    shown: tuple[Project, Built], server: ItemServer
) -> None:
    project, _ = shown
    connections = server.items.connections
    other = Project(
        folder=project.folder, settings={**project.settings, "honestdocs_verify": False}
    )
    serial = {page: main_part(other.build("html", html_title="One").html(page)) for page in PAGES}
    parallel = other.build("html", jobs=2, html_title="Two")
    assert {page: main_part(parallel.html(page)) for page in PAGES} == {
        page: html.replace("One", "Two") for page, html in serial.items()
    }
    assert server.items.connections == connections


# Builds after builds.


@pytest.fixture
def proven(project: Project, service: ItemServer) -> Project:
    project.settings["honestdocs_services"] = {"items": {"url": service.url}}
    project.settings["suppress_warnings"] = ["honestdocs"]
    pages = {"index": title("I") + "Words.\n", "tea": title("T") + TEA}
    project.write({**pages, "fact": title("F") + example("/fact", '{"answer": 42, ...}')})
    assert project.build("html").outcomes() == {
        "fact::GET /fact": "passed",
        "tea::GET /slow/tea": "passed",
    }
    return project


def test_an_unchanged_build_writes_nothing(proven: Project, service: ItemServer) -> None:
    sent = service.items.sent()
    again = proven.build("html")
    assert (again.read, again.wrote) == ((), ())
    assert service.items.sent() == sent


def test_a_page_whose_outcome_alone_changed_is_written_again(
    proven: Project, service: ItemServer
) -> None:
    service.items.fact = {"answer": 43}
    service.items.version = "1.1.0"
    again = proven.build("html")
    assert again.read == ()
    assert "index" not in again.wrote
    assert "fact" in again.wrote
    assert "✗ Lies" in read(main_part(again.html("fact"))).text


def test_panels_are_written_again_with_every_heartbeat(
    proven: Project, service: ItemServer
) -> None:
    proven.write({"panel": title("P") + ".. heartbeat::\n"})
    assert "Healthy" in proven.build("html").html("panel")
    service.items.health = "error"
    again = proven.build("html")
    assert again.wrote == ("panel",)
    text = read(main_part(again.html("panel"))).text
    assert "✗ Unhealthy" in text
    assert "answers 500 (disk: error)" in text


def test_every_builder_has_a_memory_of_its_own(proven: Project, service: ItemServer) -> None:
    assert "Proven" in (proven.build("text").out / "tea.txt").read_text("utf-8")
    service.items.fact = {"answer": 43}
    service.items.version = "1.1.0"
    assert "fact" in proven.build("html").wrote
    assert "fact" in proven.build("text").wrote


def later(hours: float) -> Verifier:
    """A verifier whose clock is ahead."""
    return Verifier(
        surroundings=lambda folder: real_surroundings(
            folder, now=lambda: time.time() + hours * HOURS, environ=os.environ
        )
    )


def test_a_build_without_a_server_is_silent_and_shows_the_last_outcomes_with_their_age(
    proven: Project, service: ItemServer
) -> None:
    proven.write({"panel": title("P") + ".. heartbeat::\n\n.. outcomes::\n"})
    proven.build("html")
    connections = service.items.connections
    proven.write({"index": title("I") + "Other words.\n"})
    quiet = proven.build("html", honestdocs_verify=False, verifier=later(75))
    assert service.items.connections == connections
    assert quiet.outcomes() == {"fact::GET /fact": "passed", "tea::GET /slow/tea": "passed"}
    tea = read(
        main_part(
            proven.build("html", fresh=True, honestdocs_verify=False, verifier=later(75)).html(
                "tea"
            )
        )
    ).text
    assert "✓ Proven 1 of 1 example proven. Last checked" in tea
    assert tea.count("3 days before this page was built") == 2
    panel = read(main_part(quiet.html("panel"))).text
    assert "Healthy items 1.0.0 (c0ffee), heartbeat of" in panel
    assert "(3 days before this page was built)" in panel


def test_what_was_never_checked_says_so(project: Project, service: ItemServer) -> None:
    pages = {"index": title("T") + TEA, "panel": title("P") + ".. heartbeat:: items\n"}
    project.settings["honestdocs_services"] = {"items": {"url": service.url}}
    quiet = project.write(pages).build("html", honestdocs_verify=False)
    assert service.items.connections == 0
    assert "– Skipped never checked." in read(main_part(quiet.html())).text
    panel = read(main_part(quiet.html("panel"))).text
    assert "– Unknown items: its heartbeat has never been seen." in panel


def test_marks_can_be_left_out(proven: Project) -> None:
    proven.write({"panel": title("P") + ".. heartbeat::\n"})
    bare = proven.build("html", fresh=True, honestdocs_marks=False)
    assert "honestdocs-" not in main_part(bare.html("tea"))
    assert "honestdocs-heartbeat" in bare.html("panel")


def test_a_tree_without_services_is_left_as_it_is(project: Project) -> None:
    bare = project.write({"index": title("T") + TEA}).build("html")
    assert "honestdocs-" not in main_part(bare.html())
    assert bare.warnings == ""


# Other builders.

BUILDERS = {
    "text": ("failed.txt", ["✗ Lies", "Likely fix", '"tea"', "1 of 2 examples proven"]),
    "latex": ("*.tex", ["Likely fix", "1 of 2 examples proven"]),
    "man": ("*.1", ["Likely fix", "1 of 2 examples proven"]),
    "texinfo": ("*.texi", ["Likely fix", "1 of 2 examples proven"]),
    "epub": ("failed.xhtml", ["Likely fix", "1 of 2 examples proven"]),
    "singlehtml": ("index.html", ["Likely fix", "1 of 2 examples proven"]),
    "dirhtml": ("failed/index.html", ["Likely fix", "1 of 2 examples proven"]),
    "xml": ("failed.xml", ["Likely fix", "1 of 2 examples proven"]),
    "pseudoxml": ("failed.pseudoxml", ["Likely fix"]),
}


@pytest.mark.parametrize("builder", BUILDERS)
def test_every_builder_can_write_marks_and_panels(
    builder: str, shown: tuple[Project, Built]
) -> None:
    project, _ = shown
    built = project.build(builder, honestdocs_verify=False)
    name, told = BUILDERS[builder]
    (file, *_) = built.out.glob(name)
    text = " ".join(re.sub(r"<[^>]*>", "", file.read_text("utf-8")).split())
    for each in told:
        assert each in text
    assert "unknown node" not in built.warnings.lower()


def test_translators_are_not_shown_outcomes(project: Project, service: ItemServer) -> None:
    services = {"items": {"url": service.url}}
    project.write({"index": title("T") + TEA + "After.\n\n.. outcomes::\n"})
    out = project.build("gettext", honestdocs_services=services).out
    told = "".join(path.read_text("utf-8") for path in Path(out).rglob("*.pot"))
    assert "After." in told
    assert "Proven" not in told
