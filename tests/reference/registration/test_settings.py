"""What operators can set for the registration, and the pages for people."""

from __future__ import annotations

import re
import time
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def captcha_server(start_one: Any) -> Any:
    """A server that asks for captchas and knows a secret."""
    return start_one('[registration]\ncaptcha = "sum"\nsecret = "let me in"\nnode = "none"')


def read_captcha(server: Any) -> tuple[str, str]:
    page = unescape(server.client.send("GET", "/misc/1.0/captcha_html").body.decode())
    question = re.search(r"How much is (\d+) and (\d+)\?", page)
    challenge = re.search(r'name="captcha-challenge" value="([^"]+)"', page)
    assert question
    assert challenge
    return challenge[1], str(int(question[1]) + int(question[2]))


def test_a_captcha_can_be_solved_once(captcha_server: Any, person_of: Any) -> None:
    person = person_of(captcha_server)
    challenge, response = read_captcha(captcha_server)
    fields = {"captcha-challenge": challenge}
    assert person.create().body == b"2"
    assert person.create(**fields).body == b"2"
    assert person.create(**fields, **{"captcha-response": "0"}).body == b"2"
    assert person.create(**fields, **{"captcha-response": f" {response} "}).status == 200
    other = person_of(captcha_server)
    assert other.create(**fields, **{"captcha-response": response}).body == b"2"


@pytest.mark.parametrize(
    "challenge", ["", "-", "1-2-3", "1-2-99999999999-x-0", "é", "1-1-" + "9" * 9]
)
def test_a_captcha_cannot_be_made_up(captcha_server: Any, person_of: Any, challenge: str) -> None:
    person = person_of(captcha_server)
    fields = {"captcha-challenge": challenge, "captcha-response": "2"}
    assert person.create(**fields).body == b"2"


def test_the_secret_replaces_the_captcha_at_creation_only(
    captcha_server: Any, person_of: Any
) -> None:
    person = person_of(captcha_server)
    draft = {"email": person.email, "password": PASSWORD}
    assert person.send("PUT", body=draft, X_Weave_Secret="let me").body == b"2"
    assert person.send("PUT", body=draft, X_Weave_Secret="").body == b"2"
    assert person.send("PUT", body=draft, X_Weave_Secret="let me in").status == 200
    reset = person.send("GET", "/password_reset", X_Weave_Secret="let me in")
    assert (reset.status, reset.body) == (400, b"2")
    void = person.send("DELETE", "/password_reset", password=PASSWORD)
    assert (void.status, void.body) == (400, b"2")
    challenge, response = read_captcha(captcha_server)
    query = urlencode({"captcha-challenge": challenge, "captcha-response": response})
    assert person.send("DELETE", f"/password_reset?{query}", password=PASSWORD).status == 200
    assert person.send("GET", "/node/weave").body == b"null"


def test_an_unset_secret_opens_nothing(accounts_server: Any, person_of: Any) -> None:
    person = person_of(accounts_server)
    assert person.send("PUT", body={}, X_Weave_Secret="").body == b"12"


def test_names_may_be_free(start_one: Any) -> None:
    client = start_one("[registration]\nstrict_names = false\nnode = 'https://a.b/c/'").client
    draft = b'{"email": "a@example.com", "password": "correct horse"}'
    for name in ("Alice", "alice", "a.b-c_d"):
        assert client.send("PUT", f"/user/1.0/{name}", None, draft).body == name.encode()
    assert client.send("GET", "/user/1.0/ALICE").body == b"0"
    assert client.send("GET", "/user/1.0/Alice/node/weave").body == b"https://a.b/c/"
    assert client.send("PUT", f"/user/1.0/{'a' * 64}", None, draft).status == 200
    assert client.send("PUT", f"/user/1.0/{'a' * 65}", None, draft).body == b"3"


def test_a_code_has_its_time(start_one: Any, person_of: Any, sink: Any) -> None:
    server = start_one("[registration]\nreset_ttl = 60")
    assert "0.0166667 hours" in read_mail(person_of(server), sink)


def read_mail(person: Any, sink: Any) -> str:
    assert person.create().status == 200
    assert person.send("GET", "/password_reset").status == 200
    return str(sink.take().get_content())


def test_without_a_mail_server_mails_are_files_that_nobody_else_can_read(
    start_process: Any, tmp_path: Any, person_of: Any
) -> None:
    server = start_process("--data", str(tmp_path))
    server.client.prefix = ""
    person = person_of(server)
    assert person.create().status == 200
    assert person.send("GET", "/password_reset").status == 200
    server.stop()
    (path,) = (tmp_path / "mail").iterdir()
    assert path.suffix == ".eml"
    assert path.stat().st_mode & 0o077 == 0
    assert f"To: {person.email}" in path.read_text()


def test_a_lost_mail_server_shows_in_the_heartbeat_and_nowhere_else(
    start_one: Any, person_of: Any
) -> None:
    server = start_one(port=1)
    person = person_of(server)
    assert person.create().status == 200
    started = time.monotonic()
    assert person.send("GET", "/password_reset").status == 503
    assert time.monotonic() - started < 10
    answer = server.client.send("GET", "/__heartbeat__")
    assert answer.status == 503
    told = answer.json()
    assert (told["status"], told["checks"]["registration"]) == ("error", "error")
    assert "mail server" in str(told["details"])


# Pages for people


def fill(server: Any, path: str, **fields: str) -> Any:
    return server.client.send("POST", path, None, urlencode(fields).encode())


def read_alert(answer: Any) -> str:
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    found = re.search(r'<p(?: role="alert")?>(.*?)</p>', answer.body.decode())
    return unescape(found[1]) if found else ""


def test_a_person_gets_back_in_by_the_page(accounts_server: Any, user: Any, sink: Any) -> None:
    path = "/weave-password-reset"
    assert "on its way" in read_alert(fill(accounts_server, path, username=user.email))
    link = re.search(r"https://\S+", sink.take().get_content())
    assert link
    page = accounts_server.client.send("GET", path + "?" + link[0].partition("?")[2])
    assert page.headers["Referrer-Policy"] == "no-referrer"
    form = dict(re.findall(r'name="(\w+)" type="text" [^>]*value="([^"]+)"', page.body.decode()))
    assert form["username"] == user.name
    told = read_alert(fill(accounts_server, path, **form, password="a", confirm="b"))
    assert told == "The two passwords differ."
    assert "at least 8" in read_alert(
        fill(accounts_server, path, **form, password="a", confirm="a")
    )
    new = {"password": "battery staple", "confirm": "battery staple"}
    assert "is set" in read_alert(fill(accounts_server, path, **form, **new))
    assert user.can_enter("battery staple")
    assert "not valid" in read_alert(fill(accounts_server, path, **form, **new))


def test_a_page_tells_what_went_wrong(accounts_server: Any) -> None:
    path = "/weave-password-reset"
    assert "no such user" in read_alert(fill(accounts_server, path, username="nobody"))
    fields = {"key": "K7QZ", "password": "12345678", "confirm": "12345678"}
    assert "no such user" in read_alert(fill(accounts_server, path, username="nobody", **fields))
    for form in ({}, {"password": "x"}, {"username": "x", "password": "y"}):
        answer = fill(accounts_server, path, **form)
        assert (answer.status, answer.body) == (400, b"null")


def test_what_is_typed_never_becomes_markup(accounts_server: Any) -> None:
    query = urlencode({"username": '"><script>', "key": "<b>&"})
    page = accounts_server.client.send("GET", f"/weave-password-reset?{query}").body
    assert b"<script>" not in page
    assert b"&lt;script&gt;" in page


def test_a_person_deletes_the_account_by_the_page(accounts_server: Any, user: Any) -> None:
    path = "/weave-delete-account"
    assert accounts_server.client.send("GET", path).status == 200
    assert read_alert(fill(accounts_server, path, username=user.email)) == "Missing data"
    wrong = {"username": user.email, "password": "wrong"}
    assert read_alert(fill(accounts_server, path, **wrong)) == "Bad credentials"
    right = {"username": user.email, "password": PASSWORD}
    assert read_alert(fill(accounts_server, path, **right)) == "Account removed."
    assert not user.can_enter(PASSWORD)
