"""Documented status codes in all their spellings."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honestdocs.contract.status import covers, is_status


@pytest.mark.parametrize(
    ("documented", "code"),
    [
        ("200", "200"),
        ("200 OK", "200"),
        (" 404 ", "404"),
        ("4xx", "404"),
        ("4XX", "499"),
        ("50x", "503"),
        ("5**", "500"),
        ("200, 304", "304"),
        ("200/304", "304"),
        ("200|304", "200"),
        ("200 or 304", "304"),
        ("200 OK or 304 Not Modified", "304"),
        ("400-404", "402"),
        ("400 - 404", "404"),
        ("400–404", "400"),
        ("400..404", "403"),
        ("200, 400-404", "404"),
        ("default", "500"),
        ("any", "204"),
        ("*", "100"),
    ],
)
def test_a_documented_status_covers_its_codes(documented: str, code: str) -> None:
    assert covers(documented, code)
    assert is_status(documented)


@pytest.mark.parametrize(
    ("documented", "code"),
    [
        ("200", "201"),
        ("4xx", "500"),
        ("50x", "510"),
        ("400-404", "405"),
        ("200, 304", "301"),
        ("20", "200"),
        ("2000", "200"),
        ("success", "200"),
        ("", "200"),
        ("OK 200", "200"),
    ],
)
def test_it_covers_no_other(documented: str, code: str) -> None:
    assert not covers(documented, code)


@pytest.mark.parametrize("text", ["", "success", "600", "2000", "abc"])
def test_other_words_are_no_status(text: str) -> None:
    assert not is_status(text)


@settings(max_examples=50)
@given(st.text("0123456789xX*-–./, orKO", max_size=12) | st.text(max_size=8))
def test_any_text_is_or_is_no_status(text: str) -> None:
    assert is_status(text) == any(covers(text, str(code)) for code in range(100, 600))
