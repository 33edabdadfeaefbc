"""What is kept between builds: in parallel, unchanged, after a change, after a removal."""

from __future__ import annotations

from pathlib import Path

import pytest

from honestdocs.sphinxext.collector import packed_pages, pages, panel_pages
from sphinxext.project import Project, title

NAMES = [f"p{n:02d}" for n in range(14)]


def page(name: str) -> str:
    return (
        title(name)
        + f""".. http:get:: /{name}

   :query int q: p
   :statuscode 200: p

   .. include:: /shared.inc

   .. code-block:: http

      GET /{name}?q=1 HTTP/1.1

   .. code-block:: http

      HTTP/1.1 200 OK
"""
    )


@pytest.fixture
def many(project: Project) -> Project:
    index = title("Many") + ".. toctree::\n   :glob:\n\n   p*\n\n.. outcomes::\n"
    shared = "Shared::\n\n   HTTP/1.1 404 Not Found\n"
    return project.write({"index": index, "shared.inc": shared, **{n: page(n) for n in NAMES}})


def test_reading_in_processes_gives_the_same_contract(many: Project, tmp_path: Path) -> None:
    serial = many.build()
    other = Project(folder=tmp_path / "other")
    for name in ("index", "shared.inc", *NAMES):
        file = name if "." in name else f"{name}.rst"
        other.write({name: (many.source / file).read_text("utf-8")})
    parallel = other.build(jobs=2)
    assert len(parallel.read) == len(NAMES) + 1
    assert parallel.pages() == serial.pages()
    assert panel_pages(parallel.app.env) == panel_pages(serial.app.env) == {"index": ("",)}
    assert parallel.outcomes() == serial.outcomes()
    assert parallel.warnings == serial.warnings.replace(str(many.source), str(other.source))


def test_an_unchanged_build_reads_nothing_and_knows_everything(many: Project) -> None:
    first = many.build()
    second = many.build()
    assert second.read == ()
    assert second.pages() == first.pages()
    assert len(second.outcomes()) == 2 * len(NAMES)


def test_a_changed_page_alone_is_read_again(many: Project) -> None:
    before = many.build()
    many.write({"p03": page("p03").replace("/p03", "/new")})
    after = many.build()
    assert after.read == ("p03",)
    (operation,) = after.page("p03").operations
    assert operation.path == "/new"
    assert [p for p in after.pages() if p.name != "p03"] == [
        p for p in before.pages() if p.name != "p03"
    ]


def test_pages_are_read_again_when_what_they_include_changes(many: Project) -> None:
    many.build()
    many.write({"shared.inc": "More.\n\nShared::\n\n   HTTP/1.1 405 No\n"})
    after = many.build(jobs=2)
    assert after.read == tuple(NAMES)
    assert str(after.page("p00").blocks[0].place) == "shared.inc:5"


def test_a_removed_page_is_forgotten(many: Project) -> None:
    many.build()
    (many.source / "p05.rst").unlink()
    after = many.build()
    assert "p05" not in packed_pages(after.app.env)
    assert not [name for name in after.outcomes() if name.startswith("p05")]
    many.write({"index": title("Many") + "Nothing.\n"})
    assert panel_pages(many.build().app.env) == {}


def test_a_page_that_stops_documenting_anything_is_forgotten(many: Project) -> None:
    many.build()
    many.write({"p00": title("P") + "Words.\n"})
    names = [found.name for found in pages(many.build().app.env)]
    assert names == NAMES[1:]


def test_options_of_an_operation_are_kept_with_it(project: Project) -> None:
    text = (
        title("O")
        + """.. http:get:: /a
   :synopsis: The option
   :deprecated:

.. http:get:: /b

   :synopsis: The field

   Words.

.. http:get:: /c
   :noindex:
   :synopsis: Lost in httpdomain
"""
    )
    project.write({"index": text})
    a, b, c = project.build().page("index").operations
    assert (a.synopsis, a.deprecated, a.registered) == ("The option", True, True)
    assert (b.synopsis, b.deprecated, b.registered) == ("The field", False, True)
    assert not c.registered
