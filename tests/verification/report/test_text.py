"""Text for a terminal never overflows, misleads or crashes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honestdocs.verification.report.text import (
    clip,
    clip_start,
    columns,
    contrast,
    count,
    duration,
    enumerate_some,
    fit_encoding,
    visible,
    wrap,
)


@given(st.text())
def test_visible_text_holds_nothing_that_steers_a_terminal(text: str) -> None:
    shown = visible(text)
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.text())
def test_visible_text_is_left_alone_where_it_is_harmless(text: str) -> None:
    assert visible(visible(text)) == visible(text)


def test_escape_sequences_and_hidden_direction_marks_are_spelt_out() -> None:
    assert visible("\x1b[31mred\x07") == "\\x1b[31mred\\x07"
    assert visible("a\u202eb\nc\td") == "a\\u202eb\\nc\\td"
    assert visible("naïve 東京 🙂 a\u00a0b") == "naïve 東京 🙂 a\u00a0b"


@given(st.text(), st.integers(0, 40))
def test_clipped_text_fits(text: str, most: int) -> None:
    text = visible(text)
    assert columns(clip(text, most)) <= most
    assert columns(clip_start(text, most)) <= most


def test_clipping_keeps_the_beginning_or_the_end() -> None:
    assert clip("abcdef", 4) == "abc…"
    assert clip_start("abcdef", 4) == "…def"
    assert clip("東京都", 4) == "東…"
    assert clip("abcd", 4) == "abcd"


@given(st.text("abc", max_size=200), st.text("abc", max_size=200), st.integers(12, 60))
def test_two_different_texts_still_differ_after_they_are_cut(
    one: str, other: str, most: int
) -> None:
    cut = contrast(one, other, most)
    assert all(columns(text) <= most for text in cut)
    assert (cut[0] == cut[1]) is (one == other)


@given(st.text(), st.integers(1, 80))
def test_wrapped_lines_fit_unless_one_word_does_not(text: str, width: int) -> None:
    lines = wrap(text, width, first="- ", rest="  ")
    assert " ".join(" ".join(lines).split()[1:]) == " ".join(text.split())
    for line in lines:
        assert columns(line) <= width or len(line.split()) <= (2 if line.startswith("- ") else 1)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 ms"), (0.0124, "12 ms"), (1.239, "1.24 s"), (59.99, "59.99 s"), (125, "2 min 5 s")],
)
def test_durations_are_said_as_a_person_says_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_counts_have_their_plural() -> None:
    assert [count(n, "lie") for n in (0, 1, 2, 1200)] == ["0 lies", "1 lie", "2 lies", "1,200 lies"]


def test_long_lists_are_cut_only_where_that_is_shorter() -> None:
    assert enumerate_some(["a", "b", "c"], 2) == "a, b, c"
    assert enumerate_some(["a", "b", "c", "d"], 2) == "a, b and 2 more"
    assert enumerate_some(["a", "b", "c", "d"], None) == "a, b, c, d"


@given(st.text(), st.sampled_from(["ascii", "latin-1", "cp1252", "utf-8", "no such codec", None]))
def test_every_stream_can_carry_the_fitted_text(text: str, encoding: str | None) -> None:
    fitted = fit_encoding(text, encoding)
    known = encoding if encoding not in ("no such codec", None) else "ascii"
    fitted.encode(known)


def test_drawn_characters_become_their_ascii_likenesses() -> None:
    assert fit_encoding("14 │ a → b …", "ascii") == "14 | a -> b ..."
    assert fit_encoding("14 │ a → b …", "utf-8") == "14 │ a → b …"
