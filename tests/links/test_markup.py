"""Tags read by patterns, beside the parser of the standard library."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honestdocs.links.markup import anchors_of, tags, tags_with


class Reader(HTMLParser):
    """Anchors as the standard library finds them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and (name == "id" or (name == "name" and tag in ("a", "map"))):
                self.found.append(value)


def found(html: str) -> list[str]:
    return [anchor for name, written in tags(html) for anchor in anchors_of(name, written)]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<p id="a">', ["a"]),
        ("<p id=a>", ["a"]),
        ("<p ID='a'>", ["a"]),
        ("<P\nclass=x\tid = 'a b' >", ["a b"]),
        ("<br id=a/>", ["a/"]),
        ('<br id="a"/>', ["a"]),
        ('<a name="a"><p name="b"><map name=c>', ["a", "c"]),
        ('<p title="x > y" id="a">', ["a"]),
        ("<p title=it's id=a>", ["a"]),
        ('<p data-id="a">', []),
        ("<p title='id=\"a\"'>", []),
        ('<!-- <p id="a"> --><p id="b">', ["b"]),
        ('<!--><p id="a">', ["a"]),
        ('<!-- never closed <p id="a">', []),
        ('<script>"<p id=a>"</script><p id="b">', ["b"]),
        ("<script>'<!--' </SCRIPT ><p id=a>", ["a"]),
        ("<script id=s>'<p id=a>'", ["s"]),
        ('<textarea><p id="a"></textarea>', []),
        ("<style>/* <!-- */</style><p id=a>", ["a"]),
        ("</p id=a><?php id=b?><!doctype id=c>", []),
        ("a < b id=a> <p id=b>", ["b"]),
        ("<p id=a", []),
        ('<p id="a', []),
        ("<p id=caf&eacute; class=x>", ["café"]),
        ('<p id="a&amp;b">', ["a&b"]),
        ("<p id>", []),
        ("<p id=''>", []),
    ],
)
def test_anchors_are_what_a_browser_makes_of_the_markup(html: str, expected: list[str]) -> None:
    assert found(html) == expected


NAMES = st.sampled_from(["p", "a", "DIV", "map", "h2", "x-y"])
VALUES = st.text(st.sampled_from("abc-_:.é/ 1"), min_size=1, max_size=6)
ATTRIBUTES = st.tuples(
    st.sampled_from(["id", "ID", "name", "class", "data-id", "title"]),
    st.one_of(
        VALUES.map(lambda value: f'="{value}"'),
        VALUES.map(lambda value: f" = '{value}>'"),
        st.just(""),
    ),
).map("".join)
PIECES = st.one_of(
    st.tuples(NAMES, st.lists(ATTRIBUTES, max_size=3, unique_by=lambda a: a.partition("=")[0])).map(
        lambda made: f"<{made[0]} {' '.join(made[1])}>"
    ),
    st.sampled_from(
        ["text ", "<!-- <p id=no> -->", "</p>", "<script>'<p id=no>'</script>", "a < b "]
    ),
)


@given(st.lists(PIECES, max_size=8))
def test_well_formed_markup_is_read_as_the_standard_library_reads_it(pieces: list[str]) -> None:
    html = "".join(pieces)
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert found(html) == reader.found


def test_no_markup_takes_long() -> None:
    for piece in ("<", "<a ", "<a b=", "<!--", "<a '", '<a "', "<a =", "< a", "<script>", "</"):
        assert found(piece * 20_000) == []


ODD = st.lists(
    st.sampled_from(
        [
            "<",
            ">",
            "id=",
            '"',
            "'",
            "a",
            "p ",
            "!--",
            "-->",
            "<script>",
            "</script>",
            "/",
            "=",
            "<!",
        ]
    ),
    max_size=14,
).map("".join)


@given(st.one_of(ODD, st.lists(PIECES, max_size=6).map("".join)), st.sampled_from("a -ai=<>d"))
def test_tags_with_a_text_are_those_among_all_that_have_it(html: str, text: str) -> None:
    expected = [(name, written) for name, written in tags(html) if text in written]
    assert list(tags_with(text, html)) == expected
