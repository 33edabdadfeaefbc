"""The forms of a request: nothing is lost, nothing is added, whatever the message holds."""

from __future__ import annotations

import ast

import pytest

from honestdocs.contract.command import parse_command
from honestdocs.contract.example import Request
from honestdocs.contract.message import parse_messages
from honestdocs.contract.rendition import (
    CURL,
    FORMS,
    HTTP,
    HTTPIE,
    JAVASCRIPT,
    PYTHON,
    origin_of,
    render,
    text_of,
)

ORIGIN = "https://api.example.com"
_HOST = "Host: api.example.com\n"
_JSON = f"{_HOST}Content-Type: application/json\n\n"
_TEXT = f"{_HOST}Content-Type: text/plain\n\n"
MESSAGES = {
    "plain": f"GET /notes?full=1&sort=new HTTP/1.1\n{_HOST}",
    "login": f"GET /notes HTTP/1.1\n{_HOST}Authorization: Basic YW5uOm9wZW4gc2VzYW1l\n",
    "bearer": f"DELETE /notes/1 HTTP/1.1\n{_HOST}Authorization: Bearer it's $HOME\n",
    "body": f'PUT /notes/1 HTTP/1.1\n{_JSON}{{"a": "it\'s"}}\n',
    "lines": f'POST /notes HTTP/1.1\n{_TEXT}[\n  "a\\"b",\n  "${{x}}`"\n]\n',
    "brackets": f"GET /notes?in=[1,2]&t={{a}} HTTP/1.1\n{_HOST}",
    "at": f"POST /notes HTTP/1.1\n{_TEXT}@not-a-file\n",
}


def request_of(text: str) -> Request:
    (found,) = parse_messages(text).items
    assert isinstance(found, Request)
    return found


@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.parametrize("form", [CURL, HTTPIE], ids=lambda form: form.name)
def test_a_command_reads_back_as_the_request_it_was_made_of(name: str, form: object) -> None:
    request = request_of(MESSAGES[name])
    read = parse_command(text_of(render(form, request, ORIGIN)))  # type: ignore[arg-type]
    assert read is not None
    again = read[0]
    assert again.method == request.method
    assert again.target == ORIGIN + request.target
    assert again.body == request.body
    sent = {(h.name, h.value) for h in again.headers if h.name not in ("Host", "Content-Length")}
    assert {(h.name, h.value) for h in request.headers if h.name != "Host"} <= sent


@pytest.mark.parametrize("name", MESSAGES)
def test_the_python_form_is_python_that_holds_url_and_body(name: str) -> None:
    request = request_of(MESSAGES[name])
    tree = ast.parse(text_of(render(PYTHON, request, ORIGIN)))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert {request.method, ORIGIN + request.target} <= texts
    assert not request.body or request.body in texts


@pytest.mark.parametrize(
    "body", ["a'b\\c", "ends with \\", 'ends\nwith "', '"""\n', "one\ntwo\\three", "tab\there"]
)
def test_any_body_survives_in_python(body: str) -> None:
    request = Request(method="POST", target="/", body=body)
    tree = ast.parse(text_of(render(PYTHON, request, ORIGIN)))
    assert body in {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}


def test_nothing_of_a_template_literal_is_taken_for_code_in_javascript() -> None:
    text = text_of(render(JAVASCRIPT, request_of(MESSAGES["lines"]), ORIGIN))
    assert "\\${x}\\`" in text
    assert '"a\\\\"b"' in text


def test_credentials_that_every_client_makes_again_are_shown_as_a_login() -> None:
    request = request_of(MESSAGES["login"])
    assert "--user 'ann:open sesame'" in text_of(render(CURL, request, ORIGIN))
    assert 'auth=("ann", "open sesame")' in text_of(render(PYTHON, request, ORIGIN))


def test_the_forms_are_named_once_and_http_comes_first() -> None:
    assert FORMS[0] is HTTP
    assert len({form.name for form in FORMS}) == len(FORMS)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("GET / HTTP/1.1\nHost: api.example.com\n", "https://api.example.com"),
        ("GET / HTTP/1.1\nHost: localhost:5984\n", "http://localhost:5984"),
        ("GET http://host:5984/db?x HTTP/1.1\n", "http://host:5984"),
        ("GET / HTTP/1.1\nAccept: */*\n", "fallback"),
    ],
)
def test_the_origin_is_the_one_that_the_message_shows(text: str, origin: str) -> None:
    assert origin_of(request_of(text), "fallback") == origin
