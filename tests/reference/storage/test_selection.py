"""The query of a request: names, forms and meaning of its parameters."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncserver.storage.selection import Query, Selection, SelectionError, Sort, parse_query


def select(query: str) -> Selection:
    return parse_query(query.encode()).selection


@pytest.mark.parametrize(
    ("query", "selection"),
    [
        ("", Selection()),
        ("color=red", Selection()),
        ("ids=a,b", Selection(ids=("a", "b"))),
        ("ids=", Selection(ids=())),
        ("ids=a%2Cb%20c", Selection(ids=("a", "b c"))),
        ("newer=1.005&older=2", Selection(newer=100, older=200)),
        ("newer=1e400", None),
        ("newer=-5", Selection(newer=-500)),
        ("newer=1e300", Selection(newer=2**62)),
        ("index_above=1.5&index_below=3", Selection(index_above=1.5, index_below=3)),
        ("limit=3&offset=2", Selection(limit=3, offset=2)),
        ("offset=2", Selection()),
        ("limit=0", Selection()),
        ("limit=-1&offset=3", Selection()),
        ("limit=2&offset=-3", Selection(limit=2)),
        ("limit=99999999999999999999999", Selection(limit=2**62)),
        ("sort=newest", Selection(sort=Sort.NEWEST)),
        ("sort=sideways", Selection()),
        ("parentid=p&predecessorid=", Selection(parentid="p", predecessorid="")),
        ("newer=1&newer=2", Selection(newer=100)),
        ("newer=", None),
        ("newer=nan", None),
        ("older=1_0", None),
        ("limit=1.0", None),
        ("offset=x", None),
        ("index_above=high", None),
        ("ids=%ff", None),
        ("ids=\u00e9", None),
    ],
)
def test_a_query_selects_what_the_interface_says(query: str, selection: Selection | None) -> None:
    if selection is None:
        with pytest.raises(SelectionError):
            select(query)
    else:
        assert select(query) == selection


def test_any_text_asks_for_whole_records() -> None:
    assert parse_query(b"full=0").full
    assert not parse_query(b"full=").full
    assert parse_query(b"") == Query(selection=Selection(), full=False)


def test_order_alone_leaves_the_whole_collection() -> None:
    assert select("sort=newest&offset=5").is_everything
    assert not select("ids=").is_everything
    assert not select("limit=5").is_everything


@given(st.binary(max_size=60) | st.text(max_size=40).map(str.encode))
def test_every_query_is_understood_or_refused(query: bytes) -> None:
    with contextlib.suppress(SelectionError):
        parse_query(query)
