"""Lists of entity tags, as header fields carry them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncserver.keyexchange.etag import Tags, parse_tags, render_tag


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        (None, None),
        ("", Tags()),
        ("*", Tags(any=True)),
        (" * ", Tags(any=True)),
        ('"a"', Tags(strong=frozenset("a"))),
        ("a", Tags(strong=frozenset("a"))),
        ('"a", "b"', Tags(strong=frozenset("ab"))),
        ("a,b , c", Tags(strong=frozenset("abc"))),
        ('W/"a"', Tags(weak=frozenset("a"))),
        ('"a",W/"b"', Tags(strong=frozenset("a"), weak=frozenset("b"))),
        ('""', Tags(strong=frozenset({""}))),
        ('"a,b"', Tags(strong=frozenset({"a,b"}))),
    ],
)
def test_a_field_is_read_as_the_tags_it_lists(text: str | None, tags: Tags | None) -> None:
    assert parse_tags(text) == tags


def test_the_asterisk_contains_every_tag() -> None:
    tags = Tags(any=True)
    assert tags.contains("a")
    assert tags.contains_strongly("a")


def test_a_weak_tag_fits_weakly_only() -> None:
    tags = Tags(weak=frozenset("a"))
    assert tags.contains("a")
    assert not tags.contains_strongly("a")


@given(st.from_regex(r"[0-9a-f]{32}", fullmatch=True))
def test_what_was_rendered_is_found_again(tag: str) -> None:
    tags = parse_tags(render_tag(tag))
    assert tags is not None
    assert tags.contains_strongly(tag)


@given(st.text())
def test_no_field_makes_the_parser_fail(text: str) -> None:
    assert parse_tags(text) is not None
