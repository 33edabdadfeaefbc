"""Excerpts point at the right columns, whatever stands in the source."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from honestdocs.contract.outcome import Kind, Mismatch
from honestdocs.contract.place import Place
from honestdocs.verification.report.excerpt import draw
from honestdocs.verification.report.look import Look, Palette
from honestdocs.verification.report.text import columns


def excerpt(lines: Sequence[str] | None, *mismatches: Mismatch, width: int = 80) -> list[str]:
    look = Look(palette=Palette(color=False), width=width, verbose=False)
    return draw(mismatches, lambda _: lines, look)


def value(line: int, documented: str, observed: str, subject: str = "/v") -> Mismatch:
    return Mismatch(
        kind=Kind.VALUE,
        subject=subject,
        documented=documented,
        observed=observed,
        place=Place("a.rst", line),
    )


def test_a_documented_value_stands_above_the_observed_one() -> None:
    lines = ["   {", '     "id": 1,', '     "v": 20,', '     "w": 3', "   }"]
    assert excerpt(lines, value(3, "20", "21")) == [
        "   1 │ {",
        '   2 │   "id": 1,',
        '   3 │   "v": 20,',
        "     │        ^^ documented",
        '   + │   "v": 21,',
        '   4 │   "w": 3',
    ]


def test_near_mismatches_share_an_excerpt_and_far_ones_are_told_apart() -> None:
    lines = [f'"m{n}": {n},' for n in range(1, 21)]
    drawn = excerpt(lines, value(2, "2", "0"), value(6, "6", "0"), value(17, "17", "0"))
    numbers = [line.split("│")[0].strip() for line in drawn]
    assert [n for n in numbers if n not in ("", "+")] == [
        *"1234567",
        "⋮",
        *("15", "16", "17", "18"),
    ]


def test_blank_lines_and_markup_around_a_block_are_left_out() -> None:
    lines = ["=======", "   .. sourcecode:: http", "      HTTP/1.1 200 OK", "", "   **Example**:"]
    mismatch = Mismatch(
        kind=Kind.STATUS,
        subject="status",
        documented="200 OK",
        observed="404 Not Found",
        place=Place("a.rst", 3),
    )
    assert excerpt(lines, mismatch) == [
        "   3 │ HTTP/1.1 200 OK",
        "     │          ^^^^^^ documented",
        "   + │ HTTP/1.1 404 Not Found",
    ]


def test_wide_characters_do_not_shift_the_caret() -> None:
    drawn = excerpt(['"東京": "x", "v": 20'], value(1, "20", "21"))
    shown, caret = drawn[0].split("│ ")[1], drawn[1].split("│ ")[1]
    assert columns(caret[: caret.index("^")]) == columns(shown[: shown.index("20")])


def test_a_long_line_is_cut_around_the_place_pointed_at() -> None:
    line = '"filler": "' + "x" * 300 + '", "v": 20, "more": "' + "y" * 300 + '"'
    drawn = excerpt([line], value(1, "20", "21"), width=60)
    assert all(columns(text) <= 60 for text in drawn)
    caret = drawn[1].index("^^")
    assert drawn[0][caret : caret + 2] == "20"
    assert drawn[2][caret : caret + 2] == "21"


def test_a_label_that_has_no_room_behind_the_caret_stands_before_it() -> None:
    drawn = excerpt(['"filler": "xxxxxxxxxx", "v": 20'], value(1, "20", "21"), width=40)
    assert drawn[1] == "     │ " + " " * 18 + "documented ^^"


def test_several_new_members_follow_each_other_in_one_place() -> None:
    members = [
        Mismatch(
            kind=Kind.UNDOCUMENTED_MEMBER,
            subject=f"/{name}",
            documented="",
            observed="1",
            place=Place("a.rst", 1),
        )
        for name in ("a", "b")
    ]
    assert excerpt(["{", '  "id": 1', "}"], *members) == [
        "   1 │ {",
        '   + │   "a": 1  ← not documented',
        '   + │   "b": 1  ← not documented',
        '   2 │   "id": 1',
    ]


def test_without_the_source_both_sides_stand_below_each_other() -> None:
    told = ["  documented │ 20", "    observed │ 21"]
    assert excerpt(None, value(3, "20", "21")) == told
    assert excerpt(["one line"], value(3, "20", "21")) == told
    nowhere = Mismatch(
        kind=Kind.VALUE, subject="/v", documented="20", observed="", place=Place("a.rst")
    )
    assert excerpt(["one line"], nowhere) == ["  documented │ 20", "    observed │ nothing"]


def test_what_a_server_answered_cannot_steer_the_terminal() -> None:
    drawn = "\n".join(excerpt(['"v": "a"'], value(1, '"a"', '"\x1b[2J\u202e\r\n\x07"')))
    assert "\x1b" not in drawn
    assert '"\\x1b[2J\\u202e\\r\\n\\x07"' in drawn


@given(
    lines=st.lists(st.text(max_size=120), min_size=1, max_size=12),
    picks=st.lists(
        st.tuples(
            st.integers(-1, 14), st.text(max_size=200), st.text(max_size=200), st.sampled_from(Kind)
        ),
        min_size=1,
        max_size=5,
    ),
    width=st.integers(40, 130),
)
def test_no_excerpt_is_wider_than_the_terminal(
    lines: list[str], picks: list[tuple[int, str, str, Kind]], width: int
) -> None:
    mismatches = [
        Mismatch(
            kind=kind, subject="/v", documented=documented, observed=observed, place=Place("a", at)
        )
        for at, documented, observed, kind in picks
    ]
    for line in excerpt(lines, *mismatches, width=width):
        assert columns(line) <= width
        assert "\n" not in line


@given(
    before=st.text(st.characters(codec="utf-8", exclude_characters="0123456789"), max_size=90),
    after=st.text(max_size=90),
    width=st.integers(40, 100),
)
def test_the_caret_always_stands_below_the_value(before: str, after: str, width: int) -> None:
    line = f"{before} 4711 {after}"
    drawn = excerpt([line], value(1, "4711", "0815", subject="body"), width=width)
    shown, caret = drawn[0], next(text for text in drawn[1:] if "^^^^" in text)
    ahead = caret[: caret.rindex("^^^^")]
    position = 0
    while columns(shown[:position]) < columns(ahead):
        position += 1
    rest = shown[position:].lstrip("".join(c for c in shown if columns(c) == 0))
    assert rest.startswith("4711")
