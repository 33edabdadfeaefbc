"""The curl and Python forms of documented requests, run as a reader would run them.

The same exchanges are played three times against the reference server's storage, each by an
account of its own: the message as it is documented, its curl form, its Python form. All get the
same answers.
"""

from __future__ import annotations

import http.client
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from honestdocs.contract.credentials import basic
from honestdocs.contract.example import Request
from honestdocs.contract.message import parse_messages
from honestdocs.contract.rendition import CURL, PYTHON, render, text_of

ROOT = Path(__file__).parents[2]
SECONDS = 30
PLAY = r"""
PUT /1.1/USER/storage/tabs/Kp4v2HsNXeRb HTTP/1.1
Host: sync.example.com
Authorization: LOGIN
Content-Type: application/json

{"payload": "{\"ciphertext\":\"it's $HOME `w1Qa`\",\"IV\":\"k6Tf\"}", "ttl": 1814400}
###
POST /1.1/USER/storage/bookmarks HTTP/1.1
Host: sync.example.com
Authorization: LOGIN
Content-Type: application/json

[
  {"id": "Yx3m0WlSAhTq", "sortindex": 140, "payload": "{\"a\":\"b\"}"},
  {"id": "Qr5w7NcUEjVz", "sortindex": 90, "payload": "zwei: größer"}
]
###
GET /1.1/USER/storage/bookmarks?full=1&sort=index HTTP/1.1
Host: sync.example.com
Authorization: LOGIN
###
GET /1.1/USER/storage/bookmarks?full=1&sort=index HTTP/1.1
Host: sync.example.com
Authorization: LOGIN
Accept: application/newlines
###
GET /1.1/USER/storage/tabs/Kp4v2HsNXeRb HTTP/1.1
Host: sync.example.com
Authorization: LOGIN
###
PUT /1.1/USER/storage/tabs/Kp4v2HsNXeRb HTTP/1.1
Host: sync.example.com
Authorization: LOGIN
Content-Type: application/json
X-If-Unmodified-Since: 1.00

{"payload": "too late"}
###
PUT /1.1/USER/storage/tabs/Kp4v2HsNXeRb HTTP/1.1
Host: sync.example.com
Authorization: LOGIN
Content-Type: application/json

{"payload":
###
GET /1.1/USER/info/collection_counts HTTP/1.1
Host: sync.example.com
###
DELETE /1.1/USER/storage/tabs/Kp4v2HsNXeRb HTTP/1.1
Host: sync.example.com
Authorization: LOGIN
###
GET /1.1/USER/storage/tabs/Kp4v2HsNXeRb HTTP/1.1
Host: sync.example.com
Authorization: LOGIN
"""

Sender = Callable[[Request, str], tuple[int, str]]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The storage of the reference server in a process of its own."""
    data = str(tmp_path_factory.mktemp("data"))
    command = [sys.executable, str(ROOT / "tests/servers/storage.py"), "--data", data]
    surroundings = {"PYTHONPATH": str(ROOT / "reference"), "PATH": "/usr/bin:/bin"}
    with subprocess.Popen(
        command, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1].rstrip("/")
        finally:
            process.terminate()


def requests_of(user: str) -> list[Request]:
    text = PLAY.replace("USER", user).replace("LOGIN", basic(f"{user}:{user}"))
    found = [one for part in text.split("\n###") for one in parse_messages(part.strip()).items]
    return [one for one in found if isinstance(one, Request)]


def send_message(request: Request, origin: str) -> tuple[int, str]:
    """As documented, byte for byte."""
    address = urlsplit(origin)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=SECONDS)
    try:
        connection.putrequest(request.method, request.target, skip_accept_encoding=True)
        body = request.body.encode()
        for header in request.headers:
            if header.name != "Host":
                connection.putheader(header.name, header.value)
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def run(*command: str) -> str:
    ended = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    assert ended.returncode == 0, ended.stderr.decode()
    return ended.stdout.decode()


def run_curl(request: Request, origin: str) -> tuple[int, str]:
    if not shutil.which("curl"):
        pytest.skip("there is no curl here")
    form = text_of(render(CURL, request, origin))
    said = run("sh", "-c", form + " --silent --show-error --write-out '\n%{http_code}'")
    body, _, status = said.rpartition("\n")
    return int(status), body


def run_python(request: Request, origin: str) -> tuple[int, str]:
    said = run(sys.executable, "-X", "utf8", "-c", text_of(render(PYTHON, request, origin)))
    status, _, body = said.partition(" ")
    return int(status), body.removesuffix("\n")


def play(send: Sender, user: str, origin: str) -> list[tuple[int, str]]:
    """The answers, with the times blotted out: no two exchanges have the same."""
    answers = [send(request, origin) for request in requests_of(user)]
    return [(status, re.sub(r"\d{10}\.\d\d", "TIME", body)) for status, body in answers]


@pytest.mark.parametrize(
    ("send", "user"), [(run_curl, "user1"), (run_python, "user2")], ids=["curl", "python"]
)
def test_a_form_gets_the_answers_that_the_documented_message_gets(
    send: Sender, user: str, origin: str, request: pytest.FixtureRequest
) -> None:
    account = {"user1": "user3", "user2": "user4"}[user]
    expected = play(send_message, account, origin)
    assert [status for status, _ in expected] == [200, 200, 200, 200, 200, 412, 400, 401, 200, 404]
    assert play(send, user, origin) == expected, request.node.name
