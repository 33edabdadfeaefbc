"""Messages are read in every form that authors write them in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honestdocs.contract.example import Header, Request, Response
from honestdocs.contract.message import Flaw, is_message, parse_messages

WIRE = st.sampled_from(
    [
        "GET / HTTP/1.1",
        "PUT /a b HTTP/1.1",
        "POST /x",
        "HTTP/1.1 200 OK",
        "HTTP 404",
        "200 OK",
        "> GET / HTTP/1.1",
        "< HTTP/1.1 200 OK",
        "* Connected",
        "{ [5 bytes data]",
        "Name: value",
        "  folded",
        "...",
        "###",
        "",
        '{"a": 1}',
        "<html>",
        "text",
    ]
)
LINES = st.lists(WIRE | st.text(max_size=20), max_size=12).map("\n".join)
TOKENS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-", min_size=1)
WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=8)
HEADERS = st.lists(
    st.builds(Header, name=TOKENS, value=st.lists(WORDS, max_size=3).map(" ".join)), max_size=4
)


def request_of(text: str) -> Request:
    (item,) = parse_messages(text).items
    assert isinstance(item, Request)
    return item


def response_of(text: str) -> Response:
    (item,) = parse_messages(text).items
    assert isinstance(item, Response)
    return item


def fields(message: Request | Response) -> list[tuple[str, str, int]]:
    return [(header.name, header.value, header.line) for header in message.headers]


def told(text: str) -> list[tuple[int, bool]]:
    return [(flaw.line, flaw.warning) for flaw in parse_messages(text).flaws]


def test_a_request_is_read_with_the_lines_of_all_its_parts() -> None:
    text = 'PUT /notes/1 HTTP/1.1\nHost: h\nContent-Type: application/json\n\n\n{\n "a": 1\n}\n'
    assert parse_messages(text).flaws == ()
    assert request_of(text) == Request(
        method="PUT",
        target="/notes/1",
        headers=(
            Header(name="Host", value="h", line=1),
            Header(name="Content-Type", value="application/json", line=2),
        ),
        body='{\n "a": 1\n}',
        line=0,
        body_line=5,
        version="HTTP/1.1",
    )


def test_a_response_is_read_with_the_lines_of_all_its_parts() -> None:
    text = '\n\nHTTP/1.0 201 Created At Last\nETag: W/"1"\n\nstored\n\nat last'
    assert response_of(text) == Response(
        status=201,
        reason="Created At Last",
        headers=(Header(name="ETag", value='W/"1"', line=3),),
        body="stored\n\nat last",
        line=2,
        body_line=5,
        version="HTTP/1.0",
    )


@pytest.mark.parametrize(
    ("line", "status", "reason"),
    [
        ("HTTP/1.1 200 OK", 200, "OK"),
        ("HTTP/1.1 200", 200, ""),
        ("HTTP/2 204", 204, ""),
        ("http/1.1 404 Not Found  ", 404, "Not Found"),
        ("HTTP/1.1\t503\tService Unavailable", 503, "Service Unavailable"),
    ],
)
def test_status_lines_are_read_in_all_spellings(line: str, status: int, reason: str) -> None:
    response = response_of(line)
    assert (response.status, response.reason) == (status, reason)
    assert response.version == line.split(maxsplit=1)[0].upper()
    assert told(line) == []


@pytest.mark.parametrize(
    "target",
    ["/", "/a?b=c#d", "http://host:5984/db", "*", "/users/{id}", "<url>", "{location}", "?page=2"],
)
def test_any_form_of_target_is_a_request(target: str) -> None:
    assert request_of(f"GET {target} HTTP/1.1").target == target
    assert is_message(f"GET {target} HTTP/1.1")


@pytest.mark.parametrize("method", ["GET", "M-SEARCH", "PROPFIND", "BREW"])
def test_any_method_in_capitals_with_a_version_is_a_request(method: str) -> None:
    assert request_of(f"{method} /pot HTTP/1.1").method == method


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("GET /x", Request),
        ("GET http://localhost:8888/v1", Request),
        ("GET /x HTTP", Request),
        ("HTTP 200", Response),
        ("HTTP 200 OK", Response),
        ("404 Not Found", Response),
    ],
)
def test_a_version_left_out_is_accepted_with_a_warning(text: str, kind: type) -> None:
    parsed = parse_messages(f"{text}\nName: value")
    assert [type(item) for item in parsed.items] == [kind]
    assert [(flaw.line, flaw.text, flaw.warning) for flaw in parsed.flaws] == [(0, text, True)]
    assert "no HTTP version" in parsed.flaws[0].message


@pytest.mark.parametrize("text", ["GET /x", "200 OK"])
def test_without_leniency_a_start_line_needs_its_version(text: str) -> None:
    assert not is_message(text)
    (item,) = parse_messages(text, lenient=False).items
    assert item == Response(status=None, body=text)


@pytest.mark.parametrize(
    "text", ["GET out of here", "Hello, world", "", "get /x HTTP/1.1", "HTTP is a protocol", "{}"]
)
def test_prose_is_no_message(text: str) -> None:
    assert not is_message(text)


@pytest.mark.parametrize("text", ["\n\nGET / HTTP/1.1", "> GET / HTTP/1.1", "< HTTP/1.1 200 OK"])
def test_a_message_may_begin_below_blank_lines_or_with_the_mark_of_a_transcript(text: str) -> None:
    assert is_message(text)


def test_a_block_holds_a_request_and_its_response() -> None:
    text = 'POST /a HTTP/1.1\nX: y\n\n{"n": 1}\n\nHTTP/1.1 200 OK\nETag: "1"\n\n{"n": 2}'
    request, response = parse_messages(text).items
    assert (request.line, request.body, request.body_line) == (0, '{"n": 1}', 3)
    assert (response.line, response.body, response.body_line) == (5, '{"n": 2}', 8)
    assert fields(response) == [("ETag", '"1"', 6)]


def test_a_response_may_follow_its_request_without_a_blank_line() -> None:
    request, response = parse_messages("GET /a HTTP/1.1\nX: y\nHTTP/1.1 204 No Content").items
    assert fields(request) == [("X", "y", 1)]
    assert (response.line, response.body) == (2, "")


def test_a_block_holds_several_exchanges() -> None:
    text = "\n\n".join(
        f"{line} HTTP/1.1\n\nHTTP/1.1 {code} X\n\nbody {code}"
        for line, code in [("GET /a", 200), ("DELETE /a", 204), ("GET /a", 404)]
    )
    items = parse_messages(text).items
    assert [type(item) for item in items] == [Request, Response] * 3
    assert [item.body for item in items] == ["", "body 200", "", "body 204", "", "body 404"]


def test_authors_who_leave_versions_out_may_do_so_all_along_a_block() -> None:
    text = "GET /a\n\nHTTP 200\n\n{}\n\nGET /b\n\nHTTP 404"
    assert [item.line for item in parse_messages(text).items] == [0, 2, 6, 8]


@pytest.mark.parametrize("start", ["POST /a HTTP/1.1", "POST /a"])
def test_a_body_may_talk_of_requests(start: str) -> None:
    body = "GET /b is a request\n\nGET /c HTTP/1.1 is one too\n\nGET to know it"
    assert request_of(f"{start}\n\n{body}").body == body


@pytest.mark.parametrize("second", ["GET /b HTTP/1.1", "GET /b"])
@pytest.mark.parametrize("separator", ["###", "### the second", "######"])
def test_a_separator_ends_a_message(separator: str, second: str) -> None:
    text = f"POST /a HTTP/1.1\n\nbody\n{separator}\n{second}\nX: y"
    items = parse_messages(text).items
    assert [(item.line, item.body) for item in items] == [(0, "body"), (4, "")]
    assert fields(items[1]) == [("X", "y", 5)]


def test_a_separator_right_below_the_header_fields_ends_them() -> None:
    items = parse_messages("GET /a HTTP/1.1\nX: y\n###\nGET /b HTTP/1.1").items
    assert [item.body for item in items] == ["", ""]


def test_header_fields_are_read_in_all_spellings() -> None:
    text = "HTTP/1.1 200 OK\nA:b\nC  :  d: e  \nEmpty:\nX-Foo_1: *"
    assert fields(response_of(text)) == [
        ("A", "b", 1),
        ("C", "d: e", 2),
        ("Empty", "", 3),
        ("X-Foo_1", "*", 4),
    ]


def test_a_folded_header_field_is_one_with_blanks() -> None:
    text = "HTTP/1.1 200 OK\nLink: </a>,\n   </b>,\n\t</c>\nETag: 1"
    assert fields(response_of(text)) == [("Link", "</a>, </b>, </c>", 1), ("ETag", "1", 4)]


@pytest.mark.parametrize("dots", ["...", "…", "[...]", "(...)", "  ...  "])
def test_elided_header_fields_leave_the_response_open(dots: str) -> None:
    response = response_of(f"HTTP/1.1 200 OK\nA: b\n{dots}\nC: d\n\n...")
    assert response.open_headers
    assert [header.name for header in response.headers] == ["A", "C"]
    assert response.body == "..."
    assert not response_of("HTTP/1.1 200 OK\nA: b\n\n...").open_headers


@pytest.mark.parametrize("body", ['{"a": 1}', "[1]", "<html>", '"text"'])
def test_a_body_without_a_blank_line_above_it_is_understood_with_a_warning(body: str) -> None:
    text = f"HTTP/1.1 200 OK\nA: b\n{body}\nmore: text"
    assert told(text) == [(2, True)]
    response = response_of(text)
    assert (response.body, response.body_line) == (f"{body}\nmore: text", 2)
    assert len(response.headers) == 1


def test_what_is_no_header_field_is_told_and_left_out() -> None:
    text = "GET / HTTP/1.1\nthis is not\nA: b"
    assert fields(request_of(text)) == [("A", "b", 2)]
    assert parse_messages(text).flaws == (
        Flaw(line=1, message="not a header field: expected 'Name: value'", text="this is not"),
    )


def test_blanks_in_a_target_are_told() -> None:
    text = "GET /a b HTTP/1.1"
    assert request_of(text).target == "/a b"
    assert told(text) == [(0, True)]


@pytest.mark.parametrize("text", ['{"a": 1}', "\n\n{\n}\n\n", "just text", "...", "# a comment"])
def test_a_block_without_a_start_line_is_a_body_alone(text: str) -> None:
    response = response_of(text)
    assert response.status is None
    assert response.body == text.strip("\n")
    assert response.line == response.body_line == len(text) - len(text.lstrip("\n"))


@pytest.mark.parametrize("text", ["", "\n \n\t\n"])
def test_blank_text_holds_no_message(text: str) -> None:
    assert parse_messages(text).items == ()


TRANSCRIPT = """\
* Connected to localhost (127.0.0.1) port 8000 (#0)
> PUT /notes/1 HTTP/1.1
> Host: localhost:8000
> Content-Type: application/json
>
} [8 bytes data]
< HTTP/1.1 200 OK
< ETag: "1"
<
{ [13 bytes data]
%s
* Connection #0 to host localhost left intact"""


@pytest.mark.parametrize(
    "body",
    ['{"a": 1}', '{\n  "a": {\n  }\n}', "<html>\n<body/>\n</html>", "*starred*", "{ 1 }"],
)
def test_a_transcript_of_curl_is_read_without_its_marks_and_with_its_body(body: str) -> None:
    request, response = parse_messages(TRANSCRIPT % body).items
    assert isinstance(request, Request)
    assert isinstance(response, Response)
    assert (request.method, request.target, request.line, request.body) == (
        "PUT",
        "/notes/1",
        1,
        "",
    )
    assert fields(request) == [
        ("Host", "localhost:8000", 2),
        ("Content-Type", "application/json", 3),
    ]
    assert (response.status, response.line) == (200, 6)
    assert fields(response) == [("ETag", '"1"', 7)]
    assert (response.body, response.body_line) == (body, 10)


def test_a_transcript_may_begin_with_the_request() -> None:
    request, response = parse_messages("> GET / HTTP/1.1\n> A: b\n> \n< HTTP/1.1 204 X\n< ").items
    assert fields(request) == [("A", "b", 1)]
    assert response.line == 3


def test_a_message_with_angle_brackets_is_no_transcript() -> None:
    assert response_of("HTTP/1.1 200 OK\n\n> quoted\n* listed").body == "> quoted\n* listed"


@given(LINES)
def test_any_text_is_read_without_an_error_and_in_the_same_way_each_time(text: str) -> None:
    for lenient in (True, False):
        parsed = parse_messages(text, lenient=lenient)
        assert parsed == parse_messages(text, lenient=lenient)
        last = text.count("\n")
        for item in parsed.items:
            assert 0 <= item.line <= item.body_line <= last + 1
            assert all(item.line < header.line <= last for header in item.headers)
        assert all(0 <= flaw.line <= last for flaw in parsed.flaws)
    assert isinstance(is_message(text), bool)


@given(
    st.sampled_from(["GET", "PUT", "PROPFIND", "BREW"]),
    st.lists(WORDS, max_size=3).map(lambda parts: "/" + "/".join(parts)),
    HEADERS,
    st.text(st.characters(exclude_characters="\n", exclude_categories=("Cs",)), max_size=30),
)
def test_a_request_that_is_written_out_is_read_as_it_was(
    method: str, target: str, headers: list[Header], body: str
) -> None:
    body = "" if not body.strip() or body.startswith("###") else f"- {body}"
    head = [f"{method} {target} HTTP/1.1", *(f"{h.name}: {h.value}" for h in headers)]
    read = request_of("\n".join([*head, "", body]))
    assert (read.method, read.target, read.body) == (method, target, body)
    assert [(h.name, h.value) for h in read.headers] == [(h.name, h.value) for h in headers]
