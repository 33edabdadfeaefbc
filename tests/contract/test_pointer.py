"""JSON Pointers find the values that they name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honestdocs.contract.pointer import escape, resolve

DOCUMENT = {"a": {"b/c": [1, {"m~n": None}]}, "": 0, "7": "seven"}


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", DOCUMENT),
        ("/a/b~1c/0", 1),
        ("/a/b~1c/1", {"m~n": None}),
        ("/a/b~1c/1/m~0n", None),
        ("/7", "seven"),
        ("/a/b~1c/2", None),
        ("/a/b~1c/-1", None),
        ("/a/b~1c/²", None),
        ("/a/b~1c/x", None),
        ("/7/0", None),
        ("/x", None),
    ],
)
def test_a_pointer_finds_its_value_or_nothing(pointer: str, value: object) -> None:
    assert resolve(DOCUMENT, pointer) == value


@settings(max_examples=60)
@given(st.lists(st.text(max_size=4), min_size=1, max_size=3), st.text(max_size=12))
def test_any_names_are_found_under_their_escaped_pointer(names: list[str], other: str) -> None:
    document: object = "found"
    for name in reversed(names):
        document = {name: document}
    pointer = "".join(f"/{escape(name)}" for name in names)
    assert resolve(document, pointer) == (document if pointer == "/" else "found")
    assert resolve([document], other) in (None, [document], document)
