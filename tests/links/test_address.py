"""Addresses as authors write them: whom they name, and what is sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honestdocs.links.address import as_ascii, follow, host_of, mail_fault, split_fragment


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("HTTP://Example.COM/Path", "http://example.com/Path"),
        ("http://Ann:PassWord@Example.com/x", "http://Ann:PassWord@example.com/x"),
        ("http://example.com?q=ü", "http://example.com?q=%C3%BC"),
        ("http://münchen.example/ü", "http://xn--mnchen-3ya.example/%C3%BC"),
        ("http://example.com/a b\\", "http://example.com/a%20b%5C"),
        ("http:foo", "http:foo"),
        ("http://[::1]:80/Ü", "http://[::1]:80/%C3%9C"),
        ("http://[broken/", "http://[broken/"),
    ],
)
def test_only_what_has_no_case_is_put_into_small_letters(url: str, sent: str) -> None:
    assert as_ascii(url) == sent
    assert as_ascii(sent) == sent


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://example.com/x", "https://example.com"),
        ("HTTPS://ann:pw@Example.com:8443?x", "https://example.com:8443"),
        ("http://[::1/", "http://[::1"),
        ("http:foo", "http://"),
    ],
)
def test_a_host_is_told_without_credentials(url: str, host: str) -> None:
    assert host_of(url) == host


@given(st.text(), st.text())
def test_any_text_can_stand_where_an_address_should(url: str, location: str) -> None:
    for one in (url, f"http://{url}", f"http://[{url}"):
        sent, _ = split_fragment(one)
        host_of(sent)
        follow(sent, location)
        follow(sent, f"//[{location}")


GOOD = """
    a@b.example a@b.example,c@d.example root@localhost %22not%40me%22@example.org
    user@%E7%B4%8D%E8%B1%86.example.org Mike%26family@example.org a@[127.0.0.1] %C3%A4@example.org
    ?to=a@b.example
""".split()


@pytest.mark.parametrize("people", GOOD)
def test_people_are_addressed_as_the_standard_allows(people: str) -> None:
    assert mail_fault(f"mailto:{people}") == ""


@pytest.mark.parametrize(
    "people", ["", "them", "a@", "@b.example", "a b@c.example", "a@b..example"]
)
def test_an_address_of_nobody_is_told(people: str) -> None:
    assert mail_fault(f"mailto:{people}?subject=x")
