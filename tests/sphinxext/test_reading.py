"""What ``honestdocs_portal`` adds to pages, and that it adds nothing where it is not asked for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sphinxext.markup import main_part, read
from sphinxext.project import Project, title

PAGE = f"""\
{title("Notes")}
.. http:get:: /notes/(int:id)

   One note.

   :param id: its number
   :resjson string text: what it says

   A note that is there:

   **Example request**:

   .. sourcecode:: http

      GET /notes/1 HTTP/1.1
      Host: api.example.com
      Accept: <b>&"

   **Example response**:

   .. sourcecode:: http

      HTTP/1.1 200 OK
      Content-Type: application/json

      {{"text": "hello"}}

   More prose that stands on its own.

Elsewhere
---------

.. sourcecode:: http

   GET /notes/2 HTTP/1.1
   Host: api.example.com

.. http:get:: /empty

   Shows nothing.
"""


@pytest.mark.parametrize("theme", ["basic", "alabaster", "classic", "furo"])
def test_an_operation_is_split_into_prose_and_exchanges(tmp_path: Path, theme: str) -> None:
    project = Project(folder=tmp_path).write({"index": PAGE})
    html = project.build("html", honestdocs_portal=True, html_theme=theme).html()
    prose, shown = html.split("hd-exchanges", 1)
    prose = prose.split("hd-prose", 1)[1]
    assert "One note." in prose
    assert "More prose" in prose
    assert "hello" not in prose
    assert shown.index("A note that is there") < shown.index("Example request")
    assert html.count("hd-columns") == 1


def test_a_request_stands_in_all_forms_and_its_text_is_never_markup(tmp_path: Path) -> None:
    project = Project(folder=tmp_path).write({"index": PAGE})
    html = project.build("html", honestdocs_portal=True).html()
    assert html.count('class="hd-request"') == 2
    for form in ("http", "curl", "httpie", "python", "javascript"):
        assert html.count(f'data-hd-form="{form}"') == 2
    assert "https://api.example.com/notes/1" in html
    assert "<b>" not in html
    assert not read(main_part(html)).faults


def test_furo_shows_the_outline_where_it_is_told_to(tmp_path: Path) -> None:
    project = Project(folder=tmp_path).write({"index": PAGE})
    sidebars = {"**": ["sidebar/brand.html", "honestdocs-outline.html"]}
    built = project.build("html", honestdocs_portal=True, html_theme="furo", html_sidebars=sidebars)
    html = built.html()
    assert '<span class="hd-method hd-get">GET</span>' in html
    assert 'href="#get--notes-(int-id)"' in html
    assert "<script>" not in html


def test_the_side_leads_to_the_status(tmp_path: Path) -> None:
    project = Project(folder=tmp_path).write(
        {"index": title("All"), "api/notes": ":orphan:\n\n" + PAGE}
    )
    built = project.build(
        "html",
        honestdocs_portal=True,
        html_theme="furo",
        html_sidebars={"**": ["honestdocs-status.html"]},
        honestdocs_services={"notes": {"title": "<Notes>", "pages": ["api/*"]}},
    )
    assert 'href="../status/index.html">Status</a>' in built.html("api/notes")
    assert "&lt;Notes&gt;" not in built.html().split("hd-status-links")[1].split("</ul>")[0]
    assert 'href="#" aria-current="page">&lt;Notes&gt;</a>' in built.html("status/notes")


def test_nothing_is_added_where_no_portal_is_asked_for(tmp_path: Path) -> None:
    project = Project(folder=tmp_path).write({"index": PAGE})
    html = project.build("html").html()
    assert "hd-" not in html
    assert "honestdocs-portal" not in html


@pytest.mark.parametrize("builder", ["text", "latex", "epub", "singlehtml", "xml"])
def test_other_builders_write_the_page_all_the_same(tmp_path: Path, builder: str) -> None:
    project = Project(folder=tmp_path).write({"index": PAGE})
    built = project.build(builder, honestdocs_portal=True)
    assert "unknown node" not in built.warnings
    written = [path for path in built.out.rglob("*html") if path.is_file()]
    assert not [path for path in written if "hd-request" in path.read_text("utf-8")]


def record_texts(project: Project) -> list[str]:
    folder = project.folder / "doctrees/honestdocs-records"
    return [path.read_text("utf-8") for path in sorted(folder.glob("*/*.html"))]


def test_each_section_and_each_operation_can_be_found_by_itself(tmp_path: Path) -> None:
    project = Project(folder=tmp_path).write({"index": PAGE})
    built = project.build("html", honestdocs_portal=True)
    titles = [
        re.findall(r'"title\[content\]" content="([^"]*)"', t)[0] for t in record_texts(project)
    ]
    assert titles == ["Notes", "GET /notes/(int:id)", "Elsewhere", "GET /empty"]
    routes = json.loads((built.out / "pagefind/routes.json").read_text("utf-8"))
    assert [route["url"] for route in routes] == [
        "index.html#get--notes-(int-id)",
        "index.html#get--empty",
    ]


def test_the_index_is_made_again_only_when_something_has_changed(tmp_path: Path) -> None:
    project = Project(folder=tmp_path).write({"index": PAGE})
    index = project.build("html", honestdocs_portal=True).out / "pagefind/pagefind.js"
    index.write_text("kept", "utf-8")
    project.build("html", honestdocs_portal=True)
    assert index.read_text("utf-8") == "kept"
    project.write({"index": PAGE.replace("One note.", "A single note.")})
    project.build("html", honestdocs_portal=True)
    assert index.read_text("utf-8") != "kept"


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_the_search_has_a_page_and_no_second_index(tmp_path: Path, builder: str) -> None:
    project = Project(folder=tmp_path).write({"index": PAGE})
    out = project.build(builder, honestdocs_portal=True).out
    page = out / ("search.html" if builder == "html" else "search/index.html")
    link = "genindex.html" if builder == "html" else "../genindex/"
    assert f'<a href="{link}">index</a>' in page.read_text("utf-8")
    assert not (out / "searchindex.js").exists()


def test_what_is_gone_is_found_no_more(tmp_path: Path) -> None:
    project = Project(folder=tmp_path).write({"index": title("Top"), "old": ":orphan:\n\n" + PAGE})
    project.build("html", honestdocs_portal=True)
    assert any("/notes/" in text for text in record_texts(project))
    (project.source / "old.rst").unlink()
    built = project.build("html", honestdocs_portal=True)
    assert not any("/notes/" in text for text in record_texts(project))
    assert json.loads((built.out / "pagefind/routes.json").read_text("utf-8")) == []


def test_the_catalog_says_who_answers_and_how_much_is_proven(tmp_path: Path) -> None:
    declared = {
        "notes": {
            "title": "Notes service",
            "owner": "Storage team",
            "contact": "notes@example.com",
            "links": {"Runbook": "https://example.com/run", "Elsewhere": "notes#elsewhere"},
        }
    }
    pages = {"index": title("All") + ".. catalog::\n\n.. toctree::\n\n   notes\n", "notes": PAGE}
    project = Project(folder=tmp_path).write(pages)
    html = main_part(project.build("html", honestdocs_services=declared).html())
    shown = read(html)
    assert "Owner: Storage team" in shown.text
    assert "Operations: 2 documented, 0 proven by examples" in shown.text
    assert "mailto:notes%40example.com" in shown.links
    assert "https://example.com/run" in shown.links
    assert {"notes.html", "notes.html#elsewhere", "status/notes.html"} <= set(shown.links)
    assert not shown.faults


def test_all_outcomes_lie_beside_the_pages(tmp_path: Path) -> None:
    project = Project(folder=tmp_path).write({"index": PAGE})
    built = project.build("html", honestdocs_portal=True)
    told = json.loads((built.out / "outcomes.json").read_text("utf-8"))
    assert [one["outcome"] for one in told["examples"]] == list(built.outcomes().values())
    assert len(told["examples"]) == 2
