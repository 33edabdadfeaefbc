"""Setup files are read as REST clients read them, and a mistake is told at its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honestdocs.contract.setupfile import SetupError, SetupRequest, parse_setup


def read(text: str, **environ: str) -> tuple[SetupRequest, ...]:
    return parse_setup(text, "setup.http", environ)


def lines(text: str, **environ: str) -> list[tuple[str, str, int | None]]:
    found = read(text, **environ)
    return [(one.request.method, one.request.target, one.place.line) for one in found]


def only(text: str, **environ: str) -> SetupRequest:
    (found,) = read(text, **environ)
    return found


def test_requests_are_separated_by_three_hashes() -> None:
    text = "PUT /a\nX: y\n\n{}\n\n### then\n\n# a comment\nDELETE /a HTTP/1.1\n###\n###\nGET /b"
    assert lines(text) == [("PUT", "/a", 1), ("DELETE", "/a", 9), ("GET", "/b", 12)]
    first = read(text)[0].request
    assert (first.header("X"), first.body) == ("y", "{}")


@pytest.mark.parametrize(
    "text", ["", "\n\n", "###\n###", "# only a comment\n// and another\n@a = b"]
)
def test_a_file_may_hold_no_request(text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize(
    ("line", "method", "target"),
    [
        ("GET /a", "GET", "/a"),
        ("get /a", "GET", "/a"),
        ("PUT  /a HTTP/1.1", "PUT", "/a"),
        ("/a", "GET", "/a"),
        ("http://localhost/a?b=c", "GET", "http://localhost/a?b=c"),
        ("POST https://example.org/a", "POST", "https://example.org/a"),
        ("DELETE {{where}}", "DELETE", "{where}"),
    ],
)
def test_a_request_line_may_be_short(line: str, method: str, target: str) -> None:
    assert lines(line) == [(method, target, 1)]


def test_line_ends_of_windows_are_line_ends() -> None:
    found = only("PUT /a\r\nX: y\r\n\r\none\r\ntwo\r\n")
    assert (found.request.header("X"), found.request.body) == ("y", "one\ntwo")


def test_variables_of_the_file_come_before_those_of_the_environment() -> None:
    text = "@host = http://h\n@name=a b\nGET {{host}}/{{ who }}/{{name}}\nX: {{$processEnv TOKEN}}"
    found = only(text, who="bob", name="other", TOKEN="t0ken")
    assert found.request.target == "http://h/bob/a b"
    assert found.request.header("X") == "t0ken"
    assert found.place.line == 3


def test_a_variable_holds_for_all_requests_below_it() -> None:
    text = "@a = 1\nGET /{{a}}\n###\n@a = 2\nGET /{{a}}\n###\nGET /{{a}}"
    assert [target for _, target, _ in lines(text)] == ["/1", "/2", "/2"]


def test_any_other_variable_waits_for_a_captured_value() -> None:
    found = only('PUT /{{id}}\n\n{"t": "{{token}}"}')
    assert found.request.target == "/{id}"
    assert found.request.body == '{"t": "{token}"}'


def test_captures_name_a_part_of_the_answer() -> None:
    text = (
        "# @capture id /data/id\n// @capture where header Location\n"
        "# @name login\n#  @capture all body\nPOST /a"
    )
    captures = (("id", "/data/id"), ("where", "header Location"), ("all", "body"))
    assert only(text).captures == captures


def test_a_body_keeps_what_looks_like_a_comment() -> None:
    assert only("PUT /a\n\n# title\n// text\n@a = b").request.body == "# title\n// text\n@a = b"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("nonsense", 1, "not a request line: 'nonsense'"),
        ("GET", 1, "not a request line: 'GET'"),
        ("GET /a\n###\n\n\n{}", 5, "not a request line: '{}'"),
        ("HTTP/1.1 200 OK", 1, "not a request line: 'HTTP/1.1 200 OK'"),
        ("GET /a\n\nGET /b HTTP/1.1", 3, "two messages in one part"),
        ("GET /a\n\nHTTP/1.1 200 OK", 3, "two messages in one part"),
        ("###\nGET /a\nX: y\nnonsense", 4, "not a header field"),
        ("###\nGET /a\nX: y\nnonsense", 4, "not 'nonsense'"),
        ("# @capture id\nGET /a", 1, "a capture is written '# @capture NAME SUBJECT'"),
        ("\n# @capture id data.id\nGET /a", 2, "'# @capture id data.id'"),
        ("# @capture id /data/id and more\nGET /a", 1, "a capture is written"),
    ],
)
def test_a_mistake_is_told_at_its_line_with_its_text(text: str, line: int, said: str) -> None:
    with pytest.raises(SetupError) as caught:
        read(text)
    assert str(caught.value).startswith(f"setup.http:{line}: ")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "text", ["{{SECRET}}", "GET /a\nAuthorization {{SECRET}}", "GET /{{SECRET}}\nX\n"]
)
def test_a_mistake_is_told_without_the_values_of_the_environment(text: str) -> None:
    with pytest.raises(SetupError) as caught:
        read(text, SECRET="s3cret")
    assert "s3cret" not in str(caught.value)


@given(
    st.lists(
        st.sampled_from(
            ["GET /a", "put {{b}}", "###", "# @capture a /b", "# @capture", "@b = c", "", "X: y"]
        )
        | st.text(st.characters(exclude_categories=("Cs",)), max_size=12),
        max_size=10,
    ).map("\n".join)
)
def test_any_file_is_read_or_refused_at_one_of_its_lines(text: str) -> None:
    last = text.count("\n") + 1
    try:
        found = read(text, a="b")
    except SetupError as error:
        line = str(error).removeprefix("setup.http:").partition(":")[0]
        assert 1 <= int(line) <= last
    else:
        assert found == read(text, a="b")
        places = [one.place.line or 0 for one in found]
        assert places == sorted(set(places))
        assert all(1 <= place <= last for place in places)
