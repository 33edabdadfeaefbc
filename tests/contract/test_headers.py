"""Documented header fields against observed ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.writing import answer, compared, mismatches
from honestdocs.contract.headers import elided_equal, filled_in, is_handle

JSON = "application/json"


def told(documented: str, observed: str) -> list[tuple[str, str, int | None]]:
    """Mismatches of two lists of header fields."""
    return mismatches(compared(f"HTTP/1.1 200 OK\n{documented}", f"HTTP/1.1 200 OK\n{observed}"))


def test_a_missing_field_is_told_at_its_line() -> None:
    judgement = compared("HTTP/1.1 200 OK\nA: b\nX-Own: c", "HTTP/1.1 200 OK\na: b")
    assert mismatches(judgement) == [("missing header", "header X-Own", 3)]
    (mismatch,) = judgement.results[0].mismatches
    assert (mismatch.documented, mismatch.observed) == ("X-Own: c", "")
    assert mismatch.fix == "remove X-Own, or have the service send it"


def test_another_value_is_told_at_its_line_with_both() -> None:
    judgement = compared("HTTP/1.1 200 OK\nA: b\nX-Own: c", "HTTP/1.1 200 OK\nA: b\nX-Own: d")
    assert mismatches(judgement) == [("header", "header X-Own", 3)]
    (mismatch,) = judgement.results[0].mismatches
    assert (mismatch.documented, mismatch.observed) == ("c", "d")
    assert mismatch.fix == "document X-Own: d"


def test_a_secret_of_another_value_is_not_told() -> None:
    judgement = compared("HTTP/1.1 200 OK\nX-Api-Key: a b", "HTTP/1.1 200 OK\nX-Api-Key: made up")
    (mismatch,) = judgement.results[0].mismatches
    assert (mismatch.documented, mismatch.observed) == ("a b", "[secret]")
    assert mismatch.fix == "document a placeholder, such as <X-Api-Key>"


def test_an_undocumented_field_is_no_failure_but_known() -> None:
    judgement = compared("HTTP/1.1 200 OK\nA: b", "HTTP/1.1 200 OK\na: b\nX-New: c\nX-New: d")
    assert mismatches(judgement) == []
    assert judgement.results[0].observed_headers == ("a", "X-New")


@pytest.mark.parametrize(
    ("documented", "observed"),
    [
        ("X-Own: a", "x-OWN: a"),
        ("Content-Length: 12", "Content-Length: 99"),
        ("Content-Length: 12", "A: b"),
        ("Connection: keep-alive", "Connection: close"),
        ("Transfer-Encoding: chunked", "A: b"),
        ("Keep-Alive: timeout=5", "A: b"),
        ("Date: Thu, 18 Jun 2015 17:02:23 GMT", "Date: Fri, 02 Jan 2026 00:00:00 GMT"),
        ("Server: nginx/1.2", "Server: uvicorn"),
        ('ETag: "1434646943915"', 'ETag: "1767225600123"'),
        ('ETag: "abc"', 'ETag: "def"'),
        (
            "Last-Modified: Thu, 18 Jun 2015 17:02:23 GMT",
            "Last-Modified: Fri, 02 Jan 2026 00:00:00 GMT",
        ),
        ("X-Timestamp: 1434646943.15", "X-Timestamp: 1767225600.12"),
        ("X-Request-Id: abc", "X-Request-Id: 17f"),
        (
            "Content-Type: application/json; charset=UTF-8",
            "Content-Type: Application/JSON;charset=utf-8",
        ),
        ("Allow: GET, PUT", "Allow: PUT,GET"),
        ("Vary: Accept, Cookie", "Vary: cookie, accept"),
        ("Set-Cookie: sid=a1; Path=/", "Set-Cookie: sid=b2; Path=/"),
        ("Age: 5", "Age: 0"),
        ("Link: </a>", "Link: </b>\nLink: </a>"),
        ("Link: </b>, </a>", "Link: </b>\nLink: </a>"),
        ("X-Own: ...", "X-Own: anything"),
        ("X-Own: a...c", "X-Own: abc"),
        ("X-Own: …c", "X-Own: abc"),
        ("X-Own: <own>", "X-Own: anything"),
        ("Location: /users/<id>", "Location: /users/57"),
        ("Expires: 0", "Expires: 0"),
    ],
)
def test_these_fields_agree(documented: str, observed: str) -> None:
    assert told(documented, observed) == []


@pytest.mark.parametrize(
    ("documented", "observed"),
    [
        (f"Content-Type: {JSON}; charset=UTF-8", f"Content-Type: {JSON}"),
        (f"Content-Type: {JSON}", f"Content-Type: {JSON}; charset=UTF-8"),
        (f"Content-Type: {JSON}", "Content-Type: text/html"),
        ('ETag: "abc"', 'ETag: W/"abc"'),
        ('ETag: "abc"', "ETag: abc"),
        ("Date: Thu, 18 Jun 2015 17:02:23 GMT", "Date: yesterday"),
        ("Allow: GET, PUT", "Allow: GET"),
        ("Cache-Control: no-cache", "Cache-Control: max-age=60"),
        ("X-Limit: 100", "X-Limit: 200"),
        ("X-Own: a", "X-Own: A"),
        ("X-Own: a...d", "X-Own: abc"),
        ("Location: /users/<id>", "Location: /groups/57"),
        ("Set-Cookie: sid=a1; Path=/", "Set-Cookie: other=b2; Path=/"),
    ],
)
def test_these_fields_do_not(documented: str, observed: str) -> None:
    name = documented.partition(":")[0]
    assert told(documented, observed) == [("header", f"header {name}", 2)]


def test_of_several_fields_of_a_name_each_finds_its_own() -> None:
    both = "Link: </a>\nLink: </b>"
    assert told(both, "Link: </b>\nLink: </a>") == []
    assert told(both, "Link: </a>\nLink: </c>") == [("header", "header Link", 3)]


def test_the_fix_of_a_list_names_only_what_has_to_change() -> None:
    judgement = compared("HTTP/1.1 200 OK\nAllow: GET, PUT", "HTTP/1.1 200 OK\nAllow: GET, POST")
    (mismatch,) = judgement.results[0].mismatches
    assert mismatch.fix == "add POST and remove PUT in Allow"


def test_generated_values_are_bound_but_for_those_that_no_request_repeats() -> None:
    documented = 'HTTP/1.1 200 OK\nETag: "1434646943915"\nDate: Thu, 18 Jun 2015 17:02:23 GMT'
    observed = 'HTTP/1.1 200 OK\nETag: "1767225600123"\nDate: Fri, 02 Jan 2026 00:00:00 GMT'
    judgement = compared(documented, observed)
    assert judgement.bound == (('"1434646943915"', '"1767225600123"'),)
    assert judgement.results[0].matched == ("header ETag: etag", "header Date: http date")


def test_a_placeholder_in_a_field_is_bound_to_what_it_stands_for() -> None:
    judgement = compared(
        "HTTP/1.1 201 X\nLocation: /users/<id>", "HTTP/1.1 201 X\nLocation: /users/57"
    )
    assert ("<id>", "57") in judgement.bound


def test_of_a_reference_the_parts_that_differ_are_bound_too() -> None:
    one, other = "89881454-e4e9-4ef0-99a9-404d95900352", "fec930f1-4e30-4b1c-8a63-0fafbe508d48"
    documented = (
        f"HTTP/1.1 201 X\nLocation: http://localhost:8888/v1/users/{one}?token=ab12cd34ef56"
    )
    observed = (
        f"HTTP/1.1 201 X\nLocation: http://127.0.0.1:4321/v1/users/{other}?token=fe98dc76ba54"
    )
    origins = ("http://localhost:8888", "http://127.0.0.1:4321")
    bound = dict(compared(documented, observed, origins=origins).bound)
    assert bound[one] == other
    assert bound["ab12cd34ef56"] == "fe98dc76ba54"
    assert bound[f"/v1/users/{one}?token=ab12cd34ef56"] == f"/v1/users/{other}?token=fe98dc76ba54"
    assert "/" not in bound


def test_an_identifier_is_told_by_its_use_in_a_later_request() -> None:
    documented, observed = "HTTP/1.1 200 OK\nX-Channel: b4n7", "HTTP/1.1 200 OK\nX-Channel: x8k2"
    used = compared(documented, observed, later=["GET /b4n7 HTTP/1.1"])
    assert mismatches(used) == []
    assert used.bound == (("b4n7", "x8k2"),)
    assert mismatches(compared(documented, observed)) == [("header", "header X-Channel", 2)]
    sent = "GET /b4n7 HTTP/1.1"
    assert mismatches(compared(documented, observed, request=sent, later=[sent])) != []


@pytest.mark.parametrize(
    ("documented", "observed", "equal"),
    [
        ("...", "", True),
        ("...", "anything", True),
        ("a...", "abc", True),
        ("...c", "abc", True),
        ("a...c", "ac", True),
        ("a...c", "a", False),
        ("ab...bc", "abc", False),
        ("a...b...c", "a-b-c", True),
        ("a...x...c", "a-b-c", False),
        ("a…c", "abc", True),
        ("abc", "abc", True),
        ("abc", "abd", False),
    ],
)
def test_an_elision_in_a_text_stands_for_any_text(
    documented: str,
    observed: str,
    equal: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert elided_equal(documented, observed) is equal


@pytest.mark.parametrize(
    ("documented", "observed", "filled"),
    [
        ("<id>", "57", [("<id>", "57")]),
        ("/a/<id>/b/<name>", "/a/57/b/bob", [("<id>", "57"), ("<name>", "bob")]),
        ("/a/<id>", "/b/57", []),
        ("<id>", "", []),
        ('<http://h>; rel="x"', '<http://h>; rel="x"', []),
        ("plain", "plain", []),
    ],
)
def test_placeholders_are_filled_in(
    documented: str, observed: str, filled: list[tuple[str, str]]
) -> None:
    assert filled_in(documented, observed) == filled


@pytest.mark.parametrize(
    ("documented", "observed", "handle"),
    [
        ("b4n7", "x8k2", True),
        ("b4n7", "xxxx", True),
        ("b4n7", "x8-k2", False),
        ("b4n7", "x8k2x8k2x8k2x8k2", False),
        ("b4n7", "x8 k2", False),
        ("b4n7", "", False),
    ],
)
def test_two_identifiers_are_words_of_one_sort(
    documented: str,
    observed: str,
    handle: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert is_handle(documented, observed) is handle


TOKEN = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,8}", fullmatch=True)
VALUE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)
FIELDS = st.dictionaries(TOKEN.map(str.lower), VALUE, max_size=5)


@given(FIELDS, st.data())
def test_fields_agree_with_themselves_and_not_without_one_of_them(
    fields: dict[str, str], data: st.DataObject
) -> None:
    uncompared = {"te", "trailer", "trailers", "upgrade", "connection", "keep-alive"}
    fields = {name: value for name, value in fields.items() if name not in uncompared}
    text = "\n".join(["HTTP/1.1 200 OK", *(f"{name}: {v}" for name, v in fields.items())])
    assert mismatches(compared(text, text)) == []
    if fields:
        dropped = data.draw(st.sampled_from(sorted(fields)))
        rest = [line for line in text.split("\n") if not line.startswith(f"{dropped}: ")]
        line = text.split("\n").index(f"{dropped}: {fields[dropped]}") + 1
        found = mismatches(compared(text, answer("\n".join(rest))))
        assert found == [("missing header", f"header {dropped}", line)]
