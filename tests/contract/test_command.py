"""Commands of curl and HTTPie are read into the requests that the tools would send."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from honestdocs.contract.command import is_command, parse_command
from honestdocs.contract.credentials import basic
from honestdocs.contract.example import Request

URL = "http://localhost:8000/notes"
FORM = ("Content-Type", "application/x-www-form-urlencoded")
JSON = ("Content-Type", "application/json")
ANY = ("Accept", "*/*")
ACCEPT_JSON = ("Accept", "application/json, */*;q=0.5")


def read(text: str) -> Request:
    found = parse_command(text)
    assert found is not None
    return found[0]


def headers(request: Request) -> list[tuple[str, str]]:
    return [(header.name, header.value) for header in request.headers]


def parts(text: str) -> tuple[str, str, set[tuple[str, str]], str]:
    request = read(text)
    return request.method, request.target, set(headers(request)), request.body


@pytest.mark.parametrize(
    ("command", "method", "target", "sent", "body"),
    [
        (f"curl {URL}", "GET", URL, [ANY], ""),
        ("curl localhost:8000/a", "GET", "http://localhost:8000/a", [ANY], ""),
        (f"curl -X PUT {URL}", "PUT", URL, [ANY], ""),
        (f"curl -XDELETE {URL}", "DELETE", URL, [ANY], ""),
        (f"curl --request PATCH {URL}", "PATCH", URL, [ANY], ""),
        (f"curl --request=PATCH {URL}", "PATCH", URL, [ANY], ""),
        (f"curl {URL} -X POST", "POST", URL, [ANY], ""),
        (f"curl --url {URL}", "GET", URL, [ANY], ""),
        (f"curl -I {URL}", "HEAD", URL, [ANY], ""),
        (f"curl --head {URL}", "HEAD", URL, [ANY], ""),
        (f"curl -s -i -v -L -k --compressed {URL}", "GET", URL, [ANY], ""),
        (f"curl -sSLi {URL}", "GET", URL, [ANY], ""),
        (f"curl -sXPOST {URL}", "POST", URL, [ANY], ""),
        (f"curl -o out.json -w '%{{http_code}}' --max-time 5 {URL}", "GET", URL, [ANY], ""),
        (f"curl -so/dev/null {URL}", "GET", URL, [ANY], ""),
        (f"curl '{URL}?a=b&c=d'", "GET", f"{URL}?a=b&c=d", [ANY], ""),
        (f"curl {URL}?a=b&c=d", "GET", f"{URL}?a=b&c=d", [ANY], ""),
        (f'curl "{URL}"', "GET", URL, [ANY], ""),
        (f"curl {URL}/<id>/parts", "GET", f"{URL}/<id>/parts", [ANY], ""),
        (f"curl {URL}/{{id}}", "GET", f"{URL}/{{id}}", [ANY], ""),
        ("curl $SERVER/v1/a", "GET", "http://$SERVER/v1/a", [ANY], ""),
        (f"curl {URL} > out.json", "GET", URL, [ANY], ""),
        (f"curl {URL} 2>/dev/null", "GET", URL, [ANY], ""),
        (f"curl {URL} | python -m json.tool", "GET", URL, [ANY], ""),
        (f"curl {URL} && echo done", "GET", URL, [ANY], ""),
        (f"curl {URL} --next -X PUT {URL}/2", "GET", URL, [ANY], ""),
    ],
)
def test_curl_sends_a_request(
    command: str, method: str, target: str, sent: list[tuple[str, str]], body: str
) -> None:
    assert parts(command) == (method, target, set(sent), body)


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ("-H 'X-Own: a b'", [("X-Own", "a b"), ANY]),
        ('-H "X-Own: a"', [("X-Own", "a"), ANY]),
        ("-HX-Own:a", [("X-Own", "a"), ANY]),
        ("--header 'A: 1' --header 'B: 2'", [("A", "1"), ("B", "2"), ANY]),
        ("-H 'Accept: text/plain'", [("Accept", "text/plain")]),
        ("-H 'Accept:'", []),
        ("-H 'X-Empty;'", [("X-Empty", ""), ANY]),
        ("-H 'nonsense'", [ANY]),
        ("-H 'Authorization: Bearer a:b'", [("Authorization", "Bearer a:b"), ANY]),
        ("-u bob:s3cret", [("Authorization", basic("bob:s3cret")), ANY]),
        ("-ubob:s3cret", [("Authorization", basic("bob:s3cret")), ANY]),
        ("--user bob", [("Authorization", basic("bob:")), ANY]),
        ("--user 'bob:a:b'", [("Authorization", basic("bob:a:b")), ANY]),
        ("--oauth2-bearer abc", [("Authorization", "Bearer abc"), ANY]),
        ("-A tool/1.0", [("User-Agent", "tool/1.0"), ANY]),
        ("-e http://a/", [("Referer", "http://a/"), ANY]),
        ("-r 0-99", [("Range", "bytes=0-99"), ANY]),
        ("-b 'a=1; b=2'", [("Cookie", "a=1; b=2"), ANY]),
        ("-b jar.txt -c jar.txt", [ANY]),
    ],
)
def test_options_of_curl_become_header_fields(options: str, sent: list[tuple[str, str]]) -> None:
    assert parts(f"curl {options} {URL}") == ("GET", URL, set(sent), "")
    assert parts(f"curl {URL} {options}") == ("GET", URL, set(sent), "")


@pytest.mark.parametrize(
    ("options", "sent", "body"),
    [
        ("-d a=1", [FORM], "a=1"),
        ("-d a=1 -d b=2", [FORM], "a=1&b=2"),
        ("--data 'a b'", [FORM], "a b"),
        ("--data-ascii a", [FORM], "a"),
        ("--data-raw @not-a-file", [FORM], "@not-a-file"),
        ("--data-binary '{}' -H 'Content-Type: application/json'", [JSON], "{}"),
        ("-d '{}' -H 'content-type: application/json'", [("content-type", JSON[1])], "{}"),
        ("-d a -H 'Content-Type:'", [], "a"),
        ("--data-urlencode 'a=b c/d'", [FORM], "a=b%20c%2Fd"),
        ("--data-urlencode 'b c'", [FORM], "b%20c"),
        ("--data-urlencode '=b c'", [FORM], "b%20c"),
        ("""-d '{"text": "it is"}'""", [FORM], '{"text": "it is"}'),
        ('''-d "{\\"a\\": 1}"''', [FORM], '{"a": 1}'),
        ("""-d '{"a": "it'\\''s"}'""", [FORM], """{"a": "it's"}"""),
    ],
)
def test_data_makes_curl_post(options: str, sent: list[tuple[str, str]], body: str) -> None:
    assert parts(f"curl {options} {URL}") == ("POST", URL, {*sent, ANY}, body)


def test_curl_knows_json() -> None:
    accept = ("Accept", "application/json")
    assert parts(f"curl --json '{{}}' {URL}") == ("POST", URL, {JSON, accept}, "{}")
    own = f"curl --json '[1,' --json '2]' -H 'Accept: a/b' -X PUT {URL}"
    assert parts(own) == ("PUT", URL, {JSON, ("Accept", "a/b")}, "[1,2]")


@pytest.mark.parametrize(
    ("options", "target"),
    [
        ("-G -d a=1 -d b=2", f"{URL}?a=1&b=2"),
        ("--get --data-urlencode 'a=b c'", f"{URL}?a=b%20c"),
        ("-G", URL),
    ],
)
def test_curl_can_move_data_into_the_query(options: str, target: str) -> None:
    assert parts(f"curl {options} {URL}") == ("GET", target, {ANY}, "")


def test_a_query_that_is_there_is_added_to() -> None:
    assert read(f"curl -G -d b=2 '{URL}?a=1'").target == f"{URL}?a=1&b=2"
    assert read(f"http '{URL}?a=1' b==2").target == f"{URL}?a=1&b=2"


@pytest.mark.parametrize("tool", ["curl", "http"])
def test_user_and_password_may_stand_in_the_url(tool: str) -> None:
    request = read(f"{tool} http://bob:s%203@localhost:8000/notes")
    assert request.target == URL
    assert request.header("Authorization") == basic("bob:s 3")


@pytest.mark.parametrize(
    ("command", "method", "target", "sent", "body"),
    [
        (f"http {URL}", "GET", URL, [ANY], ""),
        (f"http GET {URL}", "GET", URL, [ANY], ""),
        (f"http delete {URL}", "DELETE", URL, [ANY], ""),
        ("http :8000/a", "GET", "http://localhost:8000/a", [ANY], ""),
        ("http :/a", "GET", "http://localhost/a", [ANY], ""),
        ("http :", "GET", "http://localhost", [ANY], ""),
        ("http ://example.org/a", "GET", "http://example.org/a", [ANY], ""),
        ("http example.org/a", "GET", "http://example.org/a", [ANY], ""),
        ("https example.org/a", "GET", "https://example.org/a", [ANY], ""),
        (f"http {URL} a==1 'b c==d&e'", "GET", f"{URL}?a=1&b%20c=d%26e", [ANY], ""),
        (f"http {URL} X-Own:a", "GET", URL, [("X-Own", "a"), ANY], ""),
        (
            f"http {URL} 'Authorization:Basic abc=='",
            "GET",
            URL,
            [("Authorization", "Basic abc=="), ANY],
            "",
        ),
        (f"http {URL} Accept:", "GET", URL, [], ""),
        (f"http {URL} 'X-Empty;'", "GET", URL, [("X-Empty", ""), ANY], ""),
        (f"http {URL} a=1", "POST", URL, [JSON, ACCEPT_JSON], '{"a": "1"}'),
        (f"http {URL} a:=1 b:='[true]'", "POST", URL, [JSON, ACCEPT_JSON], '{"a": 1, "b": [true]}'),
        (f"http {URL} 'a\\:b=c'", "POST", URL, [JSON, ACCEPT_JSON], '{"a:b": "c"}'),
        (f"http PUT {URL} a='x = y'", "PUT", URL, [JSON, ACCEPT_JSON], '{"a": "x = y"}'),
        (f"http {URL} a=b@c", "POST", URL, [JSON, ACCEPT_JSON], '{"a": "b@c"}'),
        (f"http -j GET {URL}", "GET", URL, [JSON, ACCEPT_JSON], ""),
        (
            f"http {URL} a=1 Content-Type:text/x",
            "POST",
            URL,
            [("Content-Type", "text/x"), ACCEPT_JSON],
            '{"a": "1"}',
        ),
        (f"http --raw '{{}}' POST {URL}", "POST", URL, [JSON, ACCEPT_JSON], "{}"),
        (f"http --raw='[]' {URL}", "POST", URL, [JSON, ACCEPT_JSON], "[]"),
        (f"http -v --follow --check-status --verify no {URL}", "GET", URL, [ANY], ""),
        (f"http --verify=no --timeout=5 --print hH {URL}", "GET", URL, [ANY], ""),
        (f"http {URL} | jq .", "GET", URL, [ANY], ""),
    ],
)
def test_httpie_sends_a_request(
    command: str, method: str, target: str, sent: list[tuple[str, str]], body: str
) -> None:
    assert parts(command) == (method, target, set(sent), body)


@pytest.mark.parametrize("flag", ["--form", "-f", "-vf"])
def test_httpie_sends_forms(flag: str) -> None:
    form = ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
    assert parts(f"http {flag} {URL} a='b c' d=/") == ("POST", URL, {form, ANY}, "a=b%20c&d=%2F")


@pytest.mark.parametrize(
    ("options", "value"),
    [
        ("--auth bob:s3cret", basic("bob:s3cret")),
        ("--auth=bob:s3cret", basic("bob:s3cret")),
        ("-a bob:s3cret", basic("bob:s3cret")),
        ("-abob:s3cret", basic("bob:s3cret")),
        ("-va bob:s3cret", basic("bob:s3cret")),
        ("-A basic -a bob:s3cret", basic("bob:s3cret")),
        ("-A bearer -a abc", "Bearer abc"),
        ("--auth-type=bearer --auth=abc", "Bearer abc"),
    ],
)
def test_httpie_sends_credentials(options: str, value: str) -> None:
    assert read(f"http GET {URL} {options}").header("Authorization") == value
    assert read(f"http {options} GET {URL}").target == URL


@pytest.mark.parametrize(
    "command",
    [
        f"""echo '{{"a": 1}}' | http PUT {URL}""",
        f"""echo -n '{{"a": 1}}' | http PUT {URL} --verbose""",
        f"""printf '{{"a": 1}}' | http PUT {URL}""",
        f"""http PUT {URL} <<< '{{"a": 1}}'""",
        f"""$ echo '{{"a": 1}}' |\\\n    http PUT {URL}""",
        f"""echo '{{"a": 1}}' | curl -X PUT -H 'Content-Type: application/json' -d @- {URL}""",
        f"""curl -X PUT -H 'Content-Type: application/json' -d @- {URL} <<< '{{"a": 1}}'""",
    ],
)
def test_what_is_written_into_a_tool_is_its_body(command: str) -> None:
    request = read(command)
    assert (request.method, request.target, request.body) == ("PUT", URL, '{"a": 1}')
    assert JSON in headers(request)


def test_httpie_may_leave_alone_what_is_written_into_it() -> None:
    assert read(f"echo a | http --ignore-stdin POST {URL}").body == ""


@pytest.mark.parametrize("option", ["-d", "--data", "--data-binary", "--json"])
def test_a_file_that_curl_sends_is_named(option: str) -> None:
    request = read(f"curl {option} @notes/new.json {URL}")
    assert (request.method, request.file, request.body) == ("POST", "notes/new.json", "")


@pytest.mark.parametrize(
    "command",
    [
        f"curl -F file=@a.png {URL}",
        f"curl -T a.png {URL}",
        f"curl -d a=1 -d @body.json {URL}",
        f"curl --data-urlencode a@body.txt {URL}",
        f"cat body.json | curl -d @- {URL}",
        f"curl -d @- {URL} < body.json",
        f"curl -H @fields.txt {URL}",
        f"curl --digest -u a:b {URL}",
        f"curl $(cat url)/{URL}",
        f"curl `cat url` {URL}",
        f"curl -d 'open {URL}",
        "curl -X POST",
        "curl",
        "http",
        f"http {URL} file@a.png",
        f"http {URL} a=@a.txt",
        f"http {URL} a:=@a.json",
        f"http {URL} a:=nonsense",
        f"http {URL} 'a[b]=c'",
        f"http --multipart {URL} a=b",
        f"http --session=bob {URL}",
        f"http -A digest -a a:b {URL}",
        f"cat body.json | http POST {URL}",
        f"http POST {URL} < body.json",
        f"http POST {URL} << END",
        f"printf '%s' \"$A\" | http POST {URL}",
        "echo nothing",
        "",
        "a text about curl and http",
    ],
)
def test_what_only_a_shell_can_tell_is_not_guessed(command: str) -> None:
    assert parse_command(command) is None


@pytest.mark.parametrize(
    "prompt",
    [
        *["", "$ ", "# ", "% ", "> ", "  $ ", "(venv) $ ", "~$ ", "bob@host:~/a$ "],
        *["[root@host ~]# ", "C:\\Users> ", "A=b ", "sudo ", "$ time "],
    ],
)
def test_a_prompt_is_no_part_of_a_command(prompt: str) -> None:
    assert is_command(f"{prompt}curl {URL}")
    assert read(f"{prompt}curl {URL}").target == URL


@pytest.mark.parametrize(
    "text",
    [
        "",
        "curly",
        "httpd is running",
        "GET / HTTP/1.1",
        "see curl",
        "HTTP/1.1 200 OK",
        '{"curl": 1}',
    ],
)
def test_other_text_is_no_command(text: str) -> None:
    assert not is_command(text)


@pytest.mark.parametrize(
    ("text", "line", "end"),
    [
        (f"$ curl {URL}\nHTTP/1.1 200 OK", 0, 1),
        (f"# how to\n\n$ curl {URL}\n\n{{}}", 2, 3),
        (f"$ curl \\\n  -X PUT \\\n  {URL}\nHTTP/1.1 200 OK", 0, 3),
        (f"$ curl \\\n> -X PUT \\\n> {URL}\nHTTP/1.1 200 OK", 0, 3),
        (f"$ curl -X PUT {URL} -d '{{\n  \"a\": 1\n}}'\nok", 0, 3),
        (f'$ curl -X PUT {URL} -d "\n" \\\n  -s', 0, 3),
    ],
)
def test_a_command_ends_with_its_last_line(text: str, line: int, end: int) -> None:
    found = parse_command(text)
    assert found is not None
    request, after = found
    assert (request.line, request.body_line, after) == (line, line, end)
    assert request.target == URL
    assert {header.line for header in request.headers} == {line}


def test_a_body_over_several_lines_keeps_its_lines() -> None:
    request = read(f'curl {URL} -d \'{{\n  "a": "b\\\\c"\n}}\'')
    assert json.loads(request.body) == {"a": "b\\c"}
    assert request.body.count("\n") == 2


def test_of_several_commands_the_first_is_read() -> None:
    text = f"$ http PUT {URL}\n\nHTTP/1.1 200 OK\n\n$ http {URL}"
    assert read(text).method == "PUT"
    assert read(f"cd /tmp; curl {URL}; curl other").target == URL


@given(
    st.lists(
        st.sampled_from(
            "curl http https echo | ; < > <<< -X -H -d -u -G -I -F --json --auth -a -sXd :8000/a "
            "a=b a:=1 a:=@x a==b A:b A: @- @f ' \" \\ \n $ $( <id> 2> -- - = : -: --next".split(" ")
        )
        | st.text(max_size=6),
        max_size=12,
    ).map(" ".join)
)
def test_any_text_is_read_or_not_and_in_the_same_way_each_time(text: str) -> None:
    for command in (text, f"curl {text}", f"$ http {text}"):
        found = parse_command(command)
        assert found == parse_command(command)
        if found is not None:
            request, end = found
            assert is_command(command) or command.count("\n") > 40
            assert 0 <= request.line < end <= command.count("\n") + 1
            assert request.method
            assert request.target


@given(
    st.text('$(`)|;<>& \\"\n@#a', max_size=12)
    | st.text(st.characters(exclude_categories=("Cs", "Co"), exclude_characters="'"), max_size=30)
)
def test_a_quoted_body_is_sent_as_it_stands(body: str) -> None:
    assume("\n> " not in body)
    request = read(f"curl -X PUT {URL} --data-raw '{body}'")
    assert request.body == body
