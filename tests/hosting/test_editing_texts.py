"""Texts that are edited: line ends, merging, and the difference of sources and of pages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honestdocs.hosting.editing.allowance import Allowance
from honestdocs.hosting.editing.difference import difference
from honestdocs.hosting.editing.errors import EditError
from honestdocs.hosting.editing.merge import merge
from honestdocs.hosting.editing.rendered import rendered_difference
from honestdocs.hosting.editing.shelf import harmless
from honestdocs.hosting.editing.text import MOST, check_typed, decode, marker_lines, restore, typed

LINES = st.lists(st.text(st.characters(exclude_characters="\r\n\0", codec="utf-8"), max_size=8))
ENDED = st.lists(
    st.tuples(st.text(alphabet="abü \x0c\u2028", max_size=4), st.sampled_from(("\n", "\r\n", "\r")))
)


@given(ENDED, st.sampled_from(("", "end")))
def test_a_text_that_nobody_touched_comes_back_byte_for_byte(
    lines: list[tuple[str, str]], last: str
) -> None:
    stored = "".join(text + end for text, end in lines) + last
    assert restore(stored, typed(stored)) == stored


@given(LINES, st.sampled_from(("\n", "\r\n", "\r")))
def test_new_lines_end_as_the_old_ones_do(lines: list[str], end: str) -> None:
    text = "\n".join(lines)
    assert restore(f"a{end}b{end}", text) == end.join(lines)


def test_of_mixed_line_ends_each_that_is_untouched_stays() -> None:
    stored = "one\r\ntwo\nthree\r\nfour\r\n"
    assert restore(stored, "one\ntwo\nnew\nthree\nfour\n") == (
        "one\r\ntwo\nnew\r\nthree\r\nfour\r\n"
    )


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [
        (b"a\0b", 415, "p.rst is no text: it holds a NUL byte."),
        (b"\xff", 415, "p.rst is no UTF-8 text: byte 0 is wrong."),
        (b"a" * (MOST + 1), 413, f"p.rst has {MOST + 1} bytes; at most {MOST} are edited here."),
    ],
)
def test_what_is_no_text_is_told(content: bytes, status: int, told: str) -> None:
    with pytest.raises(EditError) as raised:
        decode(content, "p.rst")
    assert (raised.value.status, str(raised.value)) == (status, told)


def test_half_a_sign_is_no_text() -> None:
    with pytest.raises(EditError, match="Line 2 of the text"):
        check_typed("one\ntwo \ud800", "p.rst")


@given(LINES, LINES)
@settings(max_examples=60)
def test_a_merge_with_nothing_new_is_what_one_wrote(base: list[str], mine: list[str]) -> None:
    one, two = ("".join(f"{line}\n" for line in lines) for lines in (base, mine))
    assert merge(one, two, one, their_name="bob").text == two
    assert merge(one, one, two, their_name="bob").text == two
    assert merge(one, two, two, their_name="bob") == merge(one, two, one, their_name="bob")


def test_both_texts_of_a_conflict_are_there_on_lines_of_their_own() -> None:
    found = merge("a\nb", "a\nmine", "a\ntheirs", their_name="bob, 123")
    assert found.conflicts == 1
    assert found.text == "a\n<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> bob, 123\n"
    assert marker_lines(found.text) == [2]
    assert marker_lines("a\n=======\n>>>>>>> bob\n") == [3]
    assert marker_lines("Title\n=======\n\n>>> code\n") == []


def test_a_difference_numbers_both_sides_and_leaves_out_what_is_far() -> None:
    old = "".join(f"{n}\n" for n in range(1, 21))
    rows = difference(old, old.replace("10\n", "ten\n"))
    told = [(row.kind, row.old, row.new, row.text) for row in rows]
    assert told[0] == ("gap", 7, 7, "")
    assert ("removed", 10, 0, "10") in told
    assert ("added", 0, 10, "ten") in told
    assert len(told) == 1 + 3 + 2 + 3
    assert difference(old, old) == ()
    assert difference("a", "a\n")[0].text == "a  \\ No newline at the end"


def page(body: str) -> bytes:
    """A built page."""
    head = "<html><head><title>x</title></head><body>"
    return f'{head}<div role="main">{body}</div></body></html>'.encode()


def shown(old: str, new: str) -> str:
    """The difference of two pages, without its frame."""
    found = rendered_difference(page(old), page(new), "/style.css").page.decode()
    inner = re.search(r'<div role="main">(.*)</div></main>', found, re.DOTALL)
    assert inner, found
    return inner[1]


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("<p>a b c</p>", "<p>a b c</p>", "<p>a b c</p>"),
        (
            "<p>Send a request to it.</p>",
            "<p>Send one <em>good</em> request to it.</p>",
            (
                '<p class="difference-changed">Send <del>a</del><ins>one </ins>'
                "<em><ins>good</ins></em> request to it.</p>"
            ),
        ),
        (
            "<ul><li><p>one</p></li><li><p>two</p></li></ul>",
            "<ul><li><p>two</p></li></ul>",
            '<ul><li><p class="difference-gone"><del>one</del></p></li><li><p>two</p></li></ul>',
        ),
        (
            "<p>a</p><table><tr><td>1</td></tr></table><p>b</p>",
            "<p>a</p><p>b</p>",
            '<p>a</p><table><tr><td class="difference-gone"><del>1</del></td></tr></table><p>b</p>',
        ),
        (
            '<pre><span>GET</span> /a\n\n{\n    "n": 1\n}</pre>',
            '<pre><span>GET</span> /a\n\n{\n    "n": 2\n}</pre>',
            (
                '<pre class="difference-changed"><span>GET</span> /a\n\n{\n    "n": '
                "<del>1</del><ins>2</ins>\n}</pre>"
            ),
        ),
        (
            '<p>See <a href="one.html">this</a>.</p>',
            '<p>See <a href="two.html">this</a>.</p>',
            (
                '<p class="difference-markup" title="Only the formatting or a link changed here">'
                'See <a href="two.html">this</a>.</p>'
            ),
        ),
        (
            "<p>x</p>",
            "<p>x</p>loose<ul><li>text<ul><li>inner</li></ul></li></ul>",
            (
                '<p>x</p><div class="difference-added"><ins>loose</ins></div><ul><li>'
                '<div class="difference-added"><ins>text</ins></div>'
                '<ul><li class="difference-added"><ins>inner</ins></li></ul></li></ul>'
            ),
        ),
        (
            "<p>a &lt;b&gt; &amp; c</p>",
            "<p>a &lt;b&gt; &amp; d &lt;script&gt;</p>",
            (
                '<p class="difference-changed">a &lt;b&gt; &amp; '
                "<del>c</del><ins>d &lt;script&gt;</ins></p>"
            ),
        ),
    ],
    ids=["same", "words", "item", "table", "listing", "link", "loose", "escaped"],
)
def test_what_came_and_what_went_is_marked(old: str, new: str, marked: str) -> None:
    assert shown(old, new) == marked


@given(st.lists(st.sampled_from(("alpha", "beta", "gamma", "delta")), max_size=12),
       st.lists(st.sampled_from(("alpha", "beta", "gamma", "delta")), max_size=12))  # fmt: skip
@settings(max_examples=80)
def test_both_pages_can_be_read_out_of_a_difference(old: list[str], new: list[str]) -> None:
    def built(words: list[str]) -> str:
        return "".join(f"<p>{word} {word[:2]} is here</p>" for word in words) or "<p>none</p>"

    found = shown(built(old), built(new))

    def text(markup: str) -> str:
        return " ".join(re.sub(r"<[^>]*>", " ", markup).split())

    assert text(re.sub(r"<del>.*?</del>", "", found)) == text(built(new))
    assert text(re.sub(r"<ins>.*?</ins>", "", found)) == text(built(old))


def test_nothing_that_runs_is_left_in_a_kept_page() -> None:
    evil = (
        '<p onclick="run()">a<script>run()</script><img src="x" onerror="run()">'
        '<a href="javascript:run()">b</a><iframe src="//evil"></iframe></p>'
    )
    for kept in (harmless(page(evil)).decode(), shown("<p>z</p>", evil)):
        assert not re.search(r"script|onclick|onerror|iframe", kept)
    assert 'target="_blank"' in harmless(page('<a href="https://example.org">x</a>')).decode()


def test_an_address_gets_a_few_and_more_with_time() -> None:
    now = [0.0]
    allowance = Allowance(most=2, seconds=60.0, clock=lambda: now[0])
    assert [allowance.take("a") for _ in range(3)] == [0.0, 0.0, 30.0]
    assert allowance.take("b") == 0.0
    now[0] = 30.0
    assert allowance.take("a") == 0.0
    assert allowance.take("a") > 0
