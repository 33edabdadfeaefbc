"""Places are shown as an editor opens them, and never invented."""

from __future__ import annotations

import pytest

from honestdocs.contract.place import Place


@pytest.mark.parametrize(
    ("place", "shown"), [(Place("a/b.rst", 3), "a/b.rst:3"), (Place("a/b.rst"), "a/b.rst")]
)
def test_a_place_is_file_and_line_if_there_is_one(place: Place, shown: str) -> None:
    assert str(place) == shown


@pytest.mark.parametrize(
    ("line", "offset", "below"), [(3, 2, 5), (3, 0, 3), (3, None, 3), (None, 2, None)]
)
def test_a_place_below_another_needs_a_line_to_count_from(
    line: int | None, offset: int | None, below: int | None
) -> None:
    assert Place("a", line).below(offset) == Place("a", below)
