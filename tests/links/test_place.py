"""Links are found in their sources where they stand, not where something like them does."""

from __future__ import annotations

import pytest

from honestdocs.contract.link import LinkKind
from honestdocs.links.place import exact, occurrences
from honestdocs.links.raw import Raw

TEXT = """\
Words of http://h.example/page2, of ``http://h.example/page`` and of
`this <http://h.example/page>`__, of introductions and :ref:`text <intro>`.

* `one <http://h.example/page>`__
* `two <http://h.example/page>`__
* long
  and `three <http://h.example/page>`__.

Title of http://h.example/page.
-------------------------------

`Elsewhere`_

.. _Elsewhere: http://h.example/elsewhere
""".splitlines()
PAGE = "http://h.example/page"


@pytest.mark.parametrize(
    ("target", "line", "expected"),
    [
        (PAGE, 1, 2),
        ("http://h.example/page2", 1, 1),
        (PAGE, 4, 4),
        (PAGE, 5, 5),
        (PAGE, 6, 7),
        (PAGE, 10, 9),
        ("http://h.example/elsewhere", 12, 14),
        ("http://h.example/pag", 1, 1),
    ],
)
def test_the_line_is_that_of_the_link(target: str, line: int, expected: int) -> None:
    raw = Raw(LinkKind.EXTERNAL, target, "", "/t/a.rst", line)
    assert exact(raw, "/t", lambda _: TEXT).line == expected


def test_a_reference_is_no_part_of_a_word() -> None:
    raw = Raw(LinkKind.REFERENCE, "std:ref:intro", "text", "/t/a.rst", 1)
    assert exact(raw, "/t", lambda _: TEXT).line == 2


def test_a_target_is_found_whole_in_a_line() -> None:
    line = "`a <http://h/p>`_ and http://h/p, http://h/p.html, ``http://h/p`` and http://h/p."
    assert [line[at - 1] for at in occurrences(line, "http://h/p")] == ["<", " ", " "]
