"""The Markdown twins of pages, and ``llms.txt``: what they say, where they lead, what they cost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from servers.items import ItemServer
from sphinxext.markdownlinks import broken_links
from sphinxext.project import Project, title

TEA = """\
.. http:get:: /slow/(string:drink)

   A drink.

   :param str drink: what to have
   :resjson string word: what it is
   :statuscode 200: here it is

   **Example request**:

   .. sourcecode:: http

      GET /slow/tea HTTP/1.1
      Host: items.example.com

   **Example response**:

   .. sourcecode:: http

      HTTP/1.1 200 OK
      Content-Type: application/json

      {"word": "tea"}

"""
RICH = """\
.. _the-top:

Everything at once
==================

Text with *emphasis*, **strength**, ``code|with `ticks```, a_name*, <b>no markup</b> and [brackets].
See :doc:`other page <more/deep>`, :ref:`that place <deep-place>`, :ref:`the-top`, :ref:`down`, and
https://example.com/a_b.

1. is no list here
- a line that is wrapped

#. first
#. second

   with more below

* one

  * inside

    .. code-block:: python

       print("```")

Term
   what it means

.. list-table:: A caption
   :header-rows: 1

   * - Name
     - Two
   * - ``a|b``
     - * x
       * y

+-----+-----+
| wide      |
+-----+-----+
| a   | b   |
+-----+-----+

.. warning:: Mind the gap.

.. note::

   .. code-block:: none

      plain

A footnote [#one]_.

.. image:: dot.png
   :alt: A dot

.. math:: a^2

| kept
| apart

.. _down:

.. rubric:: A rubric

.. [#one] It says so.

Same
----

Same
~~~~

.. toctree::

   more/deep
"""
DEEP = (
    title("Deep")
    + ".. _deep-place:\n\nBelow\n-----\n\nBack to :ref:`Same`'s page: :doc:`/index`.\n"
)
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63"
    "60606060000000050001a5f645400000000049454e44ae426082"
)


def twin(project: Project, page: str = "index") -> str:
    return (project.folder / f"out/html/{page}.md").read_text("utf-8")


@pytest.fixture
def rich(tmp_path: Path) -> Project:
    project = Project(folder=tmp_path).write({"index": RICH, "more/deep": DEEP})
    (project.source / "dot.png").write_bytes(DOT)
    return project


def test_what_restructuredtext_can_say_is_said_in_markdown(rich: Project) -> None:
    rich.build("html")
    text = twin(rich)
    for part in (
        "# Everything at once",
        "*emphasis*, **strength**, `` code|with `ticks` ``, a_name\\*",
        "\\<b>no markup\\</b> and \\[brackets].",
        "[other page](more/deep.md), [that place](more/deep.md#deep-place)",
        "<https://example.com/a_b>",
        "1. first\n\n2. second\n\n   with more below",
        '- one\n  - inside\n\n    ````python\n    print("```")\n    ````',
        "- **Term**\n\n  what it means",
        "**A caption**\n\n| Name | Two |\n| --- | --- |\n| `a\\|b` | - x<br>- y |",
        "|  |  |\n| --- | --- |\n| wide |  |\n| a | b |",
        "> **Warning**\n>\n> Mind the gap.",
        "> ```\n> plain\n> ```",
        "A footnote [^1].",
        "[^1]: It says so.",
        "![A dot](_images/dot.png)",
        "$$\na^2\n$$",
        "kept\\\napart",
        "## Same\n\n<a id=",
    ):
        assert part in text, part
    assert "1\\. is no list here - a line that is wrapped" in text


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_every_link_of_a_twin_leads_to_a_twin_or_a_file(rich: Project, builder: str) -> None:
    rich.build(builder)
    folder = rich.folder / "out" / builder
    assert (folder / ("more/deep.md" if builder == "html" else "more/deep/index.md")).is_file()
    assert broken_links(folder) == []


def test_an_operation_is_a_heading_with_its_fields_and_what_was_proven(
    project: Project, service: ItemServer
) -> None:
    declared = {"items": {"title": "Items", "url": service.url, "timeout": 5}}
    wrong = TEA.replace('"tea"', '"coffee"').replace("string:drink", "string:other")
    project.write({"index": title("Items") + TEA + wrong})
    project.build("html", honestdocs_services=declared, honestdocs_portal=True)
    text = twin(project)
    assert "## GET /slow/(string:drink)\n\nA drink." in text
    assert '<a id="get--slow-(string-drink)"></a>' in text
    assert "**Parameters**\n\n- `drink` (*str*) – what to have" in text
    assert "```http\nGET /slow/tea HTTP/1.1\nHost: items.example.com\n```" in text
    assert re.search(r"> \*\*✓ Proven\*\* 20.* against Items ", text)
    assert "> **✗ Lies**" in text
    assert "> | Where | Documented | Observed | Likely fix |" in text
    assert "curl" not in text


def test_only_a_page_that_is_written_gets_its_twin_anew(rich: Project) -> None:
    rich.build("html")
    kept = rich.folder / "out/html/more/deep.md"
    kept.write_text("kept", "utf-8")
    rich.write({"index": RICH.replace("Mind the gap", "Mind the step")})
    rich.build("html")
    assert "Mind the step" in twin(rich)
    assert kept.read_text("utf-8") == "kept"


def test_pages_tell_where_their_twin_and_the_overview_are(rich: Project) -> None:
    html = rich.build("html").html("more/deep")
    assert '<link rel="alternate" type="text/markdown" href="deep.md">' in html
    assert '<link rel="alternate" type="text/plain" href="../llms.txt">' in html


def test_the_overview_lists_each_page_with_its_first_sentence(rich: Project) -> None:
    rich.write({"alone": f":orphan:\n\n{title('Alone')}Nobody knows *it*.\n"})
    rich.build("html", html_baseurl="https://docs.example.com")
    told = (rich.folder / "out/html/llms.txt").read_text("utf-8")
    assert told.startswith("# ")
    assert "## Pages\n\n- [Deep](https://docs.example.com/more/deep.md): Back to " in told
    assert "## Optional\n\n- [Alone](https://docs.example.com/alone.md): Nobody knows *it*." in told
    whole = (rich.folder / "out/html/llms-full.txt").read_text("utf-8")
    assert "<!-- https://docs.example.com/more/deep.md -->\n\n# Deep" in whole


@pytest.mark.parametrize("builder", ["html", "text"])
def test_none_is_written_where_none_is_wanted(rich: Project, builder: str) -> None:
    built = rich.build(builder, honestdocs_markdown=builder == "text")
    assert not [*built.out.rglob("*.md"), *built.out.rglob("llms*")]


def test_turning_them_on_later_writes_all(rich: Project) -> None:
    rich.build("html", honestdocs_markdown=False)
    rich.build("html")
    assert twin(rich, "more/deep").startswith("# Deep")


def test_pages_of_a_status_have_twins_too(project: Project, service: ItemServer) -> None:
    project.write({"index": title("Items") + TEA})
    project.build("html", honestdocs_services={"items": {"url": service.url, "timeout": 5}})
    assert "examples were proven when this was built." in twin(project, "status/items")
    assert re.search(r"> \*\*✓ Healthy\*\* items", twin(project, "status/index"))
