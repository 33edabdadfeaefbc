"""What is read out of real doctrees: operations, fields, blocks, labels, marks, and where."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from honestdocs.contract.example import Block
from honestdocs.contract.operation import Location
from sphinxext.project import Built, Project, title

FIELDS = """\
:param plain: p
:param int id: typed
:parameter a: p
:arg string b: p
:argument c: p
:query q: p
:query boolean deep: typed
:queryparameter r: p
:queryparam s: p
:qparam t: p
:form file: p
:formparameter u: p
:formparam v: p
:fparam w: p
:json name: p
:jsonparameter int x: p
:jsonparam y: p
:reqjson object body: p
:reqjsonobj z: p
:reqjsonarr string each: p
:resjson int total: p
:resjsonobj list: p
:resjsonarr date when: p
:reqheader Accept: p
:requestheader X-One: p
:resheader ETag: p
:responseheader X-Two: p
:statuscode 200: p
:status 404 Not Found: p
:code 500: p
:synopsis: no claim
"""
READ = [
    ("path", "plain", "", False),
    ("path", "id", "int", False),
    ("path", "a", "", False),
    ("path", "b", "string", False),
    ("path", "c", "", False),
    ("query", "q", "", False),
    ("query", "deep", "boolean", False),
    ("query", "r", "", False),
    ("query", "s", "", False),
    ("query", "t", "", False),
    ("form", "file", "", False),
    ("form", "u", "", False),
    ("form", "v", "", False),
    ("form", "w", "", False),
    ("request json", "name", "", False),
    ("request json", "x", "int", False),
    ("request json", "y", "", False),
    ("request json", "body", "object", False),
    ("request json", "z", "", False),
    ("request json", "each", "string", True),
    ("response json", "total", "int", False),
    ("response json", "list", "", False),
    ("response json", "when", "date", True),
    ("header", "Accept", "", False),
    ("header", "X-One", "", False),
    ("response header", "ETag", "", False),
    ("response header", "X-Two", "", False),
    ("status", "200", "", False),
    ("status", "404 Not Found", "", False),
    ("status", "500", "", False),
]


def indented(text: str, by: int = 3) -> str:
    return "".join(f"{' ' * by}{line}".rstrip() + "\n" for line in text.split("\n"))


def standing(project: Project, block: Block) -> str:
    """The line of the file that a block's place names."""
    assert block.place.line is not None
    file = (project.source / block.place.file).read_text("utf-8").split("\n")
    return file[block.place.line - 1].strip()


def all_stand_where_they_are_said_to(project: Project, built: Built) -> None:
    for page in built.pages():
        for block in page.blocks:
            assert standing(project, block) == block.text.split("\n")[0].strip()


def test_fields_are_read_in_every_spelling_with_their_lines(project: Project) -> None:
    text = title("All") + ".. http:get:: /all/(id)\n\n" + indented(FIELDS)
    built = project.write({"index": text}).build()
    (operation,) = built.page("index").operations
    found = [(p.location.value, p.name, p.type, p.array) for p in operation.parameters]
    assert found == READ
    for parameter, spelled in zip(operation.parameters, FIELDS.split("\n"), strict=False):
        assert parameter.place.file == "index.rst"
        assert parameter.place.line == project.line("index", spelled.strip())
    assert operation.place.line == project.line("index", "http:get")


def test_included_fields_and_blocks_stand_in_the_included_file(project: Project) -> None:
    fields = "Some words.\n\n:query page: p\n:statuscode 200: p\n"
    block = (
        ".. code-block:: http\n   :linenos:\n\n   HTTP/1.1 200 OK\n\n.. include:: /parts/deep.inc\n"
    )
    page = title("I") + ".. http:get:: /all\n\n   First.\n\n   .. include:: parts/fields.inc\n\n"
    page += (
        "   :query last: p\n\nProse.\n\n.. include:: parts/block.inc\n\n.. sourcecode:: http\n\n"
    )
    page += "   GET /after HTTP/1.1\n"
    project.write(
        {
            "index": page,
            "parts/fields.inc": fields,
            "parts/block.inc": block,
            "parts/deep.inc": "::\n\n  GET /deep HTTP/1.1\n",
        }
    )
    built = project.build()
    assert built.warnings == ""
    (operation,) = built.page("index").operations
    places = {p.name: str(p.place) for p in operation.parameters}
    assert places == {
        "page": "parts/fields.inc:3",
        "200": "parts/fields.inc:4",
        "last": f"index.rst:{project.line('index', ':query last')}",
    }
    assert [str(one.place) for one in built.page("index").blocks] == [
        "parts/block.inc:4",
        "parts/deep.inc:3",
        f"index.rst:{project.line('index', 'GET /after')}",
    ]


def test_several_signatures_share_one_body(project: Project) -> None:
    text = (
        title("S")
        + """.. http:get:: /one
              /two/(id)
   :synopsis: Two ways
   :deprecated:

   :query q: p

   .. sourcecode:: http

      GET /one HTTP/1.1
"""
    )
    page = project.write({"index": text}).build().page("index")
    assert [(op.key, op.place.line) for op in page.operations] == [
        ("GET /one", project.line("index", "http:get")),
        ("GET /two/(id)", project.line("index", "/two")),
    ]
    assert {op.synopsis for op in page.operations} == {"Two ways"}
    assert all(op.deprecated for op in page.operations)
    assert all(op.named(Location.QUERY) for op in page.operations)
    assert page.in_scope(page.blocks[0].scope) == page.operations


def test_stacked_directives_share_the_body_of_the_last(project: Project) -> None:
    text = (
        title("S")
        + """.. http:put:: /a

.. http:patch:: /a
   :noindex:

   :reqjson name: p

   .. sourcecode:: http

      PATCH /a HTTP/1.1

.. http:get:: /b

   .. sourcecode:: http

      GET /b HTTP/1.1
"""
    )
    page = project.write({"index": text}).build().page("index")
    put, patch, get = page.operations
    assert page.in_scope(page.blocks[0].scope) == (put, patch)
    assert page.in_scope(page.blocks[1].scope) == (get,)
    assert [p.name for p in put.parameters] == ["name"]
    assert [op.registered for op in page.operations] == [True, False, True]
    assert len({op.anchor for op in page.operations if op.anchor}) >= 2


def test_an_operation_within_another_is_one_of_its_own(project: Project) -> None:
    text = (
        title("N")
        + """.. http:get:: /outer

   :query q: p

   .. http:put:: /inner

      :reqjson r: p

      .. sourcecode:: http

         PUT /inner HTTP/1.1

   .. sourcecode:: http

      GET /outer HTTP/1.1
"""
    )
    page = project.write({"index": text}).build().page("index")
    told = {op.key: [p.name for p in op.parameters] for op in page.operations}
    assert told == {"GET /outer": ["q"], "PUT /inner": ["r"]}
    assert [op.key for op in page.in_scope(page.blocks[0].scope)] == ["PUT /inner"]
    assert [op.key for op in page.in_scope(page.blocks[1].scope)] == ["GET /outer"]


METHODS = "GET HEAD POST PUT PATCH DELETE OPTIONS TRACE ANY".split()


def test_all_methods_and_path_styles_are_read(project: Project) -> None:
    text = title("M") + "".join(f".. http:{m.lower()}:: /{m}/(int:id)/{{x}}\n\n" for m in METHODS)
    page = project.write({"index": text}).build().page("index")
    assert [op.method for op in page.operations] == METHODS
    assert {op.path for op in page.operations} == {f"/{m}/(int:id)/{{x}}" for m in METHODS}


PLACES = """\
Prose before.

.. sourcecode:: http

   GET /1 HTTP/1.1

.. code-block:: HTTP
   :linenos:
   :emphasize-lines: 1
   :caption: A *caption*
   :name: here


   GET /2 HTTP/1.1

.. code:: Http

   GET /3 HTTP/1.1

.. highlight:: http

By itself::

   GET /4 HTTP/1.1

.. note::

   .. warning::

      - In a list:

        1. and another

           .. code-block:: http

              GET /5 HTTP/1.1

Term
   Defined::

      GET /6 HTTP/1.1

:field:
   In a body::

      GET /7 HTTP/1.1

.. list-table::

   * - .. code-block:: http

          GET /8 HTTP/1.1

     - .. code-block:: http

          GET /9 HTTP/1.1

.. tab-set::

   .. tab-item:: One

      .. code-block:: http

         GET /10 HTTP/1.1

   .. tab-item:: Two

      .. code-block:: http

         GET /11 HTTP/1.1

.. literalinclude:: files/example.http
   :language: http

.. literalinclude:: files/example.http
   :language: http
   :lines: 4-

.. http:get:: /13

   :query q:
      In a field::

         GET /13 HTTP/1.1

   :>json a: b

   .. container::

      .. code-block:: http

         GET /14 HTTP/1.1

   >>> not.this()

.. only:: html

   .. code-block:: http

      GET /15 HTTP/1.1
"""


@pytest.fixture
def placed(project: Project) -> tuple[Project, Built]:
    files = {
        "index": title("Places") + PLACES,
        "files/example.http": "GET /12 HTTP/1.1\nA: b\n\n{}\n",
    }
    built = project.write(files).build(
        extensions=["sphinxcontrib.httpdomain", "sphinx_design", "honestdocs"]
    )
    return project, built


def test_blocks_are_found_wherever_they_stand(placed: tuple[Project, Built]) -> None:
    _, built = placed
    lines = [block.text.split("\n")[0] for block in built.page("index").blocks]
    expected = [f"GET /{n} HTTP/1.1" for n in range(1, 16)]
    assert [line for line in lines if line in expected] == expected
    assert [block.index for block in built.page("index").blocks] == list(range(len(lines)))


def test_every_block_stands_at_its_own_file_and_line(placed: tuple[Project, Built]) -> None:
    project, built = placed
    blocks = {block.text.split("\n")[0]: block for block in built.page("index").blocks}
    for n in range(1, 16):
        block = blocks[f"GET /{n} HTTP/1.1"]
        file = "files/example.http" if n == 12 else "index.rst"
        assert str(block.place) == f"{file}:{project.line(file, f'GET /{n} ')}"
    assert str(blocks["{}"].place) == "files/example.http:4"


def test_equal_blocks_stand_each_at_its_own_line(project: Project) -> None:
    one = ".. code-block:: http\n\n   GET /same HTTP/1.1\n   Accept: */*\n\n"
    text = (
        title("Equal") + one * 3 + ".. note::\n\n" + indented(one) + "- item\n\n" + indented(one, 2)
    )
    text += ".. http:get:: /same\n\n" + indented(one * 2)
    built = project.write({"index": text}).build()
    found = [block.place.line for block in built.page("index").blocks]
    assert found == [project.line("index", "GET /same", n) for n in range(1, 8)]


def test_a_block_that_holds_markup_stands_at_its_line(project: Project) -> None:
    text = title("M") + "First::\n\n   GET /a HTTP/1.1\n\n"
    text += ".. parsed-literal::\n\n   GET /b HTTP/1.1\n   Host: **bold**\n\n"
    blocks = project.write({"index": text}).build().page("index").blocks
    assert [one.place.line for one in blocks] == [
        project.line("index", "/a"),
        project.line("index", "/b"),
    ]


@pytest.mark.parametrize(
    ("directive", "file"),
    [
        (".. include:: x.http\n   :code: http\n", "x.http:1"),
        (".. include:: x.http\n   :literal:\n", "x.http:1"),
        (".. literalinclude:: x.http\n   :language: http\n   :caption: C\n", "x.http:1"),
        (".. include:: part.inc\n   :start-after: begin\n", "part.inc:7"),
        (".. include:: part.inc\n   :start-line: 3\n", "part.inc:7"),
    ],
)
def test_a_block_of_an_included_file_stands_there(
    directive: str, file: str, project: Project
) -> None:
    part = "Skipped.\n\nbegin\n\n::\n\n   GET /x HTTP/1.1\n"
    pages = {"x.http": "GET /x HTTP/1.1\nA: b\n", "part.inc": part, "index": directive}
    (block,) = project.write(pages).build().page("index").blocks
    assert str(block.place) == file


def test_a_block_that_begins_with_blank_lines_or_tabs_stands_where_its_text_does(
    project: Project,
) -> None:
    text = title("Tabs") + ".. code-block:: http\n\n\tGET /tabs HTTP/1.1\n\tA:\tb\n\n"
    text += '::\n\n\n\n      HTTP/1.1 200 OK\n\n      {\n      "a":\t1}\n'
    built = project.write({"index": text}).build()
    all_stand_where_they_are_said_to(project, built)
    assert len(built.page("index").blocks) == 2


def test_windows_line_ends_and_a_byte_order_mark_move_nothing(project: Project) -> None:
    text = title("W") + ".. code-block:: http\n\n   GET /w HTTP/1.1\n\n   {}\n"
    project.write({"index": "x"})
    (project.source / "index.rst").write_bytes(
        b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    )
    (block,) = project.build().page("index").blocks
    assert block.place.line == 6
    assert "\r" not in block.text


def test_labels_name_the_blocks_below_them(project: Project) -> None:
    block = ".. code-block:: http\n\n   GET /x HTTP/1.1\n\n"
    text = title("L") + (
        f"**Example request**:\n\n{block}"
        f"{block}"
        f"Response (*success*):\n\n{block}"
        f"Just some words without an end.\n\n{block}"
        f".. rubric:: In short\n\n{block}"
        f".. code-block:: http\n   :caption: Captioned\n\n   GET /x HTTP/1.1\n\n"
        f"{'A long sentence about all sorts of things that ends with a colon ' * 3}:\n\n{block}"
        f"{title('Section', '-')}{block}"
    )
    built = project.write({"index": text}).build()
    assert [one.label for one in built.page("index").blocks] == [
        "Example request",
        "",
        "Response (success)",
        "",
        "In short",
        "Captioned",
        "",
        "",
    ]


def test_sections_bound_the_blocks_in_prose(project: Project) -> None:
    block = ".. code-block:: http\n\n   GET /x HTTP/1.1\n\n"
    text = title("Top") + block + title("One", "-") + block + title("Deep", "~") + block
    page = project.write({"index": text + title("Two", "-") + block}).build().page("index")
    assert [one.section for one in page.blocks] == ["top", "one", "deep", "two"]
    assert {one.scope for one in page.blocks} == {None}


def test_blocks_know_the_headings_above_and_whether_text_stands_between(project: Project) -> None:
    block = ".. code-block:: http\n\n   GET /x HTTP/1.1\n\n"
    captioned = block.replace("\n\n", "\n   :caption: Said\n\n", 1)
    text = (
        title("Top")
        + block
        + ".. of no concern\n\n"
        + captioned
        + "Some words are in between.\n\n"
        + block
        + "Short label\n\n"
        + block
        + title("Response", "-")
        + block
        + ".. code-block:: python\n\n   pass\n\n"
        + block
    )
    page = project.write({"index": text}).build().page("index")
    assert [one.adjacent for one in page.blocks] == [False, True, False, False, False, False]
    labels = ["", "Said", "", "Short label", "Response", "Response"]
    assert [one.label for one in page.blocks] == labels
    assert page.blocks[-1].heading == "Response"
    assert page.blocks[-1].outline == ("top", "response")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("::\n\n   $ curl http://localhost/a\n", True),
        (".. code-block:: console\n\n   $ http GET http://localhost/a\n", True),
        ('.. code-block:: json\n\n   {"a": 1}\n', True),
        ("::\n\n   HTTP/1.1 200 OK\n", True),
        (".. code-block:: python\n\n   print(1)\n", False),
        ("::\n\n   make html\n", False),
        (".. code-block:: yaml\n\n   a: b\n", False),
        (".. math::\n\n   1 + 1\n", False),
    ],
)
def test_only_what_can_be_part_of_an_example_is_kept(
    text: str, project: Project, *, read: bool
) -> None:
    built = project.write({"index": title("R") + text}).build()
    assert bool(built.pages() and built.page("index").blocks) is read


def test_marks_go_to_the_block_below_and_are_told_with_their_lines(project: Project) -> None:
    text = (
        title("Marks")
        + """.. honestdocs: skip it rains

.. code-block:: http

   GET /a HTTP/1.1

.. honestdocs:
   strict
   any /id uuid

.. code-block:: http

   GET /b HTTP/1.1

..
   honestdocs: ignore header Date it moves

.. a comment of somebody else

.. code-block:: http

   GET /c HTTP/1.1
"""
    )
    page = project.write({"index": text}).build().page("index")
    told = [[f"{m.verb} {m.subject} {m.argument}".strip() for m in b.marks] for b in page.blocks]
    assert told == [["skip  it rains"], ["strict", "any /id uuid"], ["ignore header Date it moves"]]
    lines = [mark.place.line for block in page.blocks for mark in block.marks]
    words = ("skip it", "strict", "any /id", "ignore header")
    assert lines == [project.line("index", word) for word in words]
    assert page.flaws == ()


@pytest.mark.parametrize(
    ("comment", "at"),
    [
        (".. honestdocs: jump over it", "jump"),
        (".. honestdocs:\n   strict\n   jump over it", "jump"),
        (".. honestdocs: skip", "honestdocs"),
        ("..\n   honestdocs: jump over it", "jump"),
    ],
)
def test_a_mark_that_says_nothing_known_is_told_at_its_line(
    comment: str, at: str, project: Project
) -> None:
    (flaw,) = project.write({"index": f"{title('M')}{comment}\n"}).build().page("index").flaws
    assert flaw.usage
    assert flaw.mismatch.place.line == project.line("index", at)
    assert "index.rst" not in flaw.message


DOCSTRING = '''"""A module.

.. http:get:: /from/docstring

   :query q: p
   :statuscode 200: p

   .. sourcecode:: http

      GET /from/docstring HTTP/1.1
"""
'''


def test_what_comes_from_a_docstring_has_no_line(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "documented_module.py").write_text(DOCSTRING, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    text = title("Code") + ".. automodule:: documented_module\n"
    built = project.write({"index": text}).build(
        extensions=["sphinx.ext.autodoc", "sphinxcontrib.httpdomain", "honestdocs"]
    )
    sys.modules.pop("documented_module", None)
    page = built.page("index")
    (operation,), (block,) = page.operations, page.blocks
    assert operation.place.line is None
    assert operation.place.file == "documented_module.py:docstring of documented_module"
    assert block.place.line is None
    assert {p.place.line for p in operation.parameters} == {None}


def test_a_page_that_documents_nothing_is_not_kept(project: Project) -> None:
    project.write({"index": title("Nothing") + "Words.\n"})
    assert project.build().pages() == ()
