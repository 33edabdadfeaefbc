"""Every call of the registration over its real server, on both databases."""

from __future__ import annotations

import base64
import re
import threading
from typing import Any

import pytest

PASSWORD = "correct horse"
LONG = f"{'x' * 60}@example.com"


def basic(text: bytes) -> str:
    return "Basic " + base64.b64encode(text).decode()


def is_refused(answer: Any, code: int) -> bool:
    told = answer.headers["Content-Type"], answer.body, answer.status
    assert told == ("application/json", str(code).encode(), 400)
    return True


def is_text(answer: Any, text: str) -> bool:
    assert (answer.status, answer.body.decode()) == (200, text)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    return True


# Making and looking


def test_a_name_is_free_until_it_is_taken(stranger: Any) -> None:
    assert is_text(stranger.send("GET"), "0")
    assert is_text(stranger.create(), stranger.name)
    assert is_text(stranger.send("GET"), "1")
    assert stranger.can_enter(PASSWORD)


@pytest.mark.parametrize("version", ["1.0", "1"])
def test_the_version_has_a_short_form_and_a_slash_at_the_end_says_nothing(
    user: Any, version: str
) -> None:
    for end in ("", "/", "//"):
        assert is_text(user.client.send("GET", f"/user/{version}/{user.name}{end}"), "1")
    assert user.client.send("GET", f"/user/1.1/{user.name}").status == 404


def test_the_address_may_come_under_its_documented_name_too(stranger: Any) -> None:
    draft = {"e-mail": stranger.email, "password": PASSWORD}
    assert is_text(stranger.send("PUT", body=draft), stranger.name)


def test_a_taken_name_is_refused_before_anything_else_is_looked_at(user: Any) -> None:
    assert is_refused(user.create(), 4)
    assert is_refused(user.send("PUT", body=b"no JSON"), 4)
    assert user.can_enter(PASSWORD)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", 6),
        (b"{", 6),
        (b"\xff", 6),
        (b"[1]", 6),
        (b"3", 6),
        (b"null", 6),
        (b"[" * 10000, 6),
        ({}, 12),
        ({"password": PASSWORD}, 12),
        ({"email": "", "password": PASSWORD}, 12),
        ({"email": 3, "password": PASSWORD}, 12),
        ({"email": "nobody", "password": ""}, 12),
        ({"email": LONG, "password": PASSWORD}, 12),
        ({"email": "somebody.else@example.com", "password": ""}, 15),
        ({"email": None}, 7),
        ({"email": None, "password": ""}, 7),
        ({"email": None, "password": 12345678}, 7),
        ({"email": None, "password": "1234567"}, 9),
        ({"email": None, "password": "éééé"[:3]}, 9),
        (b'{"email": "a@b.cd", "password": "\\ud800\\ud800\\ud800"}', 6),
        (b'{"email": "a@b.cd", "password": "12345678\\u0000"}', 6),
    ],
)
def test_creation_is_refused_with_the_number_of_the_first_fault(
    stranger: Any, body: Any, code: int
) -> None:
    if isinstance(body, dict) and body.get("email", "") is None:
        body = {**body, "email": stranger.email}
    assert is_refused(stranger.send("PUT", body=body), code)
    assert is_text(stranger.send("GET"), "0")


def test_a_password_is_measured_in_bytes_and_is_not_the_name(stranger: Any) -> None:
    assert is_refused(stranger.create(f" {stranger.name.upper()} "), 9)
    assert is_text(stranger.create("éééé"), stranger.name)
    assert stranger.can_enter("éééé")


def test_names_are_strict_so_upper_case_is_another_name(stranger: Any) -> None:
    path = f"/user/1.0/{stranger.name.upper()}"
    body = f'{{"email": "{stranger.email}", "password": "{PASSWORD}"}}'.encode()
    assert is_refused(stranger.client.send("PUT", path, None, body), 15)


@pytest.mark.parametrize("name", ["a%20b", "a+b", "a@b.cd", "%C3%A9", "a%2Fb", "a%00"])
def test_a_name_in_another_alphabet_is_not_found(accounts_server: Any, name: str) -> None:
    assert accounts_server.client.send("GET", f"/user/1.0/{name}").status == 404


def test_of_many_that_create_one_account_at_once_one_wins(stranger: Any) -> None:
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(stranger.create())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answer.body for answer in answers) == [b"4"] * 7 + [stranger.name.encode()]


def test_a_body_that_is_too_large_is_refused(stranger: Any) -> None:
    answer = stranger.send("PUT", body=b"x" * 16385)
    assert answer.status == 413
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "", "DELETE, GET, PUT"),
        ("HEAD", "", "DELETE, GET, PUT"),
        ("GET", "/password", "POST"),
        ("GET", "/email", "POST"),
        ("PUT", "/password_reset", "DELETE, GET"),
        ("POST", "/node/weave", "GET"),
    ],
)
def test_another_method_is_refused_with_those_that_exist(
    user: Any, method: str, path: str, allowed: str
) -> None:
    answer = user.send(method, path)
    assert (answer.status, answer.headers["Allow"]) == (405, allowed)


# Credentials


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", ""), ("DELETE", "/password_reset"), ("POST", "/password"), ("POST", "/email")],
)
def test_without_credentials_they_are_asked_for_and_wrong_ones_are_just_refused(
    user: Any, method: str, path: str
) -> None:
    asked = user.send(method, path, b"another password")
    assert (asked.status, asked.headers["WWW-Authenticate"]) == (401, 'Basic realm="Sync"')
    name = user.name.encode()
    for field in (
        basic(name + b":wrong password"),
        basic(name.upper() + b":correct horse"),
        basic(b"other:correct horse"),
        basic(name),
        basic(name + b":\xff"),
        "Basic !!!",
        "Basic",
        "Bearer correct horse",
        "",
    ):
        answer = user.send(method, path, b"another password", Authorization=field)
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, None), field
    assert user.can_enter(PASSWORD)


def test_a_password_may_hold_colons_and_anything_else(stranger: Any) -> None:
    password = "a:b:c: \N{SNOWMAN}\n"
    assert stranger.create(password).status == 200
    assert stranger.can_enter(password)
    assert not stranger.can_enter("a")


# Deleting


def test_a_deleted_account_leaves_nothing_to_whoever_takes_its_name(user: Any) -> None:
    client, record = user.client, f"/1.1/{user.name}/storage/forms/1"
    field = {"Authorization": basic(f"{user.name}:{PASSWORD}".encode())}
    assert client.send("PUT", record, None, b'{"payload": "secret"}', **field).status == 200
    assert is_text(user.send("DELETE", password=PASSWORD), "1")
    assert is_text(user.send("GET"), "0")
    assert not user.can_enter(PASSWORD)
    assert user.send("DELETE", password=PASSWORD).status == 401
    assert user.create().status == 200
    assert client.send("GET", record, **field).status == 404


# Node


def test_the_node_is_the_server_itself_with_a_slash_at_the_end(user: Any) -> None:
    answer = user.send("GET", "/node/weave", Host="sync.example.com:81")
    assert is_text(answer, "http://sync.example.com:81/")
    assert is_text(user.send("GET", "/node/weave", password="wrong", Host="a.b"), "http://a.b/")


def test_a_user_that_does_not_exist_has_no_node(stranger: Any) -> None:
    assert stranger.send("GET", "/node/weave").status == 404


# Changing


def test_a_new_password_counts_at_once_and_the_old_one_no_more(user: Any) -> None:
    assert user.can_enter(PASSWORD)
    assert is_text(user.send("POST", "/password", b"battery staple", PASSWORD), "success")
    assert not user.can_enter(PASSWORD)
    assert user.can_enter("battery staple")


@pytest.mark.parametrize(
    ("body", "code"), [(b"", 7), (b"1234567", 9), (b"\xff" * 9, 9), (b"a\0bcdefgh", 9)]
)
def test_a_new_password_is_refused_with_a_number(user: Any, body: bytes, code: int) -> None:
    assert is_refused(user.send("POST", "/password", body, PASSWORD), code)
    assert user.send("POST", "/password", body, "wrong").status == 401
    assert user.can_enter(PASSWORD)


def test_a_new_password_for_nobody_is_not_found_unless_credentials_say_otherwise(
    stranger: Any,
) -> None:
    assert stranger.send("POST", "/password", b"battery staple").status == 404
    assert stranger.send("POST", "/password", b"battery staple", "wrong").status == 401
    field = {"X-Weave-Password-Reset": "ABCD-ABCD-ABCD-ABCD"}
    assert stranger.send("POST", "/password", b"battery staple", **field).status == 404


def test_a_new_address_is_answered_and_used(user: Any, sink: Any) -> None:
    assert is_text(user.send("POST", "/email", b"new@example.com", PASSWORD), "new@example.com")
    assert is_text(user.send("GET", "/password_reset"), "success")
    assert sink.take()["To"] == "new@example.com"


@pytest.mark.parametrize("address", [b"", b"new", b"new@", b"a b@example.com", b"\xff@example.com"])
def test_a_new_address_that_is_none_is_refused(user: Any, address: bytes) -> None:
    assert is_refused(user.send("POST", "/email", address, PASSWORD), 12)


def test_a_reset_code_does_not_change_the_address(user: Any, sink: Any) -> None:
    code = request_code(user, sink)
    field = {"X-Weave-Password-Reset": code}
    assert user.send("POST", "/email", b"new@example.com", **field).status == 401


# Reset codes


def request_code(user: Any, sink: Any) -> str:
    assert is_text(user.send("GET", "/password_reset"), "success")
    message = sink.take()
    assert message["To"] == message["X-Envelope-To"] == user.email
    text = message.get_content().replace("\r\n", "\n")
    codes = re.findall(r"[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}", text)
    link = "https://account.services.example.com/weave-password-reset"
    assert f"{link}?username={user.name}&key={codes[0]}\n" in text
    assert codes == [codes[0]] * 2
    return str(codes[0])


def reset(user: Any, code: str, password: bytes) -> Any:
    return user.send("POST", "/password", password, **{"X-Weave-Password-Reset": code})


def test_a_mailed_code_sets_a_new_password_once(user: Any, sink: Any) -> None:
    code = request_code(user, sink)
    assert is_text(reset(user, code, b"battery staple"), "success")
    assert user.can_enter("battery staple")
    assert not user.can_enter(PASSWORD)
    assert is_refused(reset(user, code, b"one more password"), 10)
    assert request_code(user, sink) != code


def test_asking_again_mails_the_same_code(user: Any, sink: Any) -> None:
    assert request_code(user, sink) == request_code(user, sink)


@pytest.mark.parametrize("code", ["", "ABCD-ABCD-ABCD-ABCD", "x" * 1000, "\xe9"])
def test_a_wrong_code_is_refused_whether_there_is_one_or_not(
    user: Any, sink: Any, code: str
) -> None:
    assert is_refused(reset(user, code, b"battery staple"), 10)
    request_code(user, sink)
    assert is_refused(reset(user, code, b"battery staple"), 10)
    assert is_refused(reset(user, code, b""), 10)
    assert user.can_enter(PASSWORD)


def test_a_refused_password_leaves_the_code_valid(user: Any, sink: Any) -> None:
    code = request_code(user, sink)
    assert is_refused(reset(user, code, b"short"), 9)
    assert is_refused(reset(user, code, b""), 7)
    assert is_text(reset(user, code, b"battery staple"), "success")


def test_a_code_is_void_once_the_user_says_so_or_sets_a_password(user: Any, sink: Any) -> None:
    code = request_code(user, sink)
    assert is_text(user.send("DELETE", "/password_reset", password=PASSWORD), "success")
    assert is_refused(reset(user, code, b"battery staple"), 10)
    code = request_code(user, sink)
    assert user.send("POST", "/password", b"battery staple", PASSWORD).status == 200
    assert is_refused(reset(user, code, b"one more password"), 10)


def test_of_two_that_use_a_code_at_once_one_fails(user: Any, sink: Any) -> None:
    code = request_code(user, sink)
    answers: list[Any] = []
    threads = [
        threading.Thread(target=lambda: answers.append(reset(user, code, b"battery staple")))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answer.body for answer in answers) == [b"10", b"10", b"10", b"success"]


def test_nobody_gets_no_code(stranger: Any, sink: Any) -> None:
    assert is_refused(stranger.send("GET", "/password_reset"), 3)
    assert sink.is_empty()


def test_while_the_mail_server_refuses_the_service_is_unavailable(user: Any, sink: Any) -> None:
    sink.refuses = True
    try:
        answer = user.send("GET", "/password_reset")
    finally:
        sink.refuses = False
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1800")


def test_no_captcha_is_shown_where_none_is_asked_for(accounts_server: Any) -> None:
    for method in ("GET", "POST"):
        assert accounts_server.client.send(method, "/misc/1.0/captcha_html").status == 404
