"""Trying a documented request through the portal: what is sent, and all that is refused."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from honestdocs.portal.allowance import Allowance
from honestdocs.portal.application import make_application
from honestdocs.portal.attempt import MOST_BODY, RefusedError
from honestdocs.portal.gateway import MOST_ANSWER, MOST_SENT, Gateway
from honestdocs.portal.interface import routes
from honestdocs.portal.pinning import Pinning
from honestdocs.portal.site import Site
from portal.living import Living, living
from portal.served import Got, Served, serving

EVIL = '<img src=x onerror="document.title=1"><script>document.title=1</script>'


class Trap(BaseHTTPRequestHandler):
    """A service that sends away, floods, stalls and smuggles; and a host never to be reached."""

    protocol_version = "HTTP/1.1"
    server: TrapServer

    def do_GET(self) -> None:
        self.server.seen.append(self.path)
        word = self.path.rpartition("/")[2]
        if word == "away":
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{self.server.elsewhere}/secret")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif word == "flood":
            self.send_response(200)
            self.send_header("Content-Length", str(MOST_ANSWER * 4))
            self.end_headers()
            self.wfile.write(b"x" * MOST_ANSWER * 2)
        else:
            text = EVIL.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""


class TrapServer(ThreadingHTTPServer):
    daemon_threads = True
    elsewhere = 0

    def __init__(self) -> None:
        self.seen: list[str] = []
        super().__init__(("127.0.0.1", 0), Trap)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def trap() -> Iterator[TrapServer]:
    server = TrapServer()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    with living(tmp_path_factory.mktemp("live"), heartbeat=60.0) as found:
        yield found


class Stage:
    """What one web server serves: another portal for each test, without a wait for its end."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="module")
def staged(live: Living) -> Iterator[tuple[Stage, Served]]:
    stage = Stage()
    stage.app = make_application(Site(live.project.source))
    with serving(stage) as found:
        yield stage, found


@pytest.fixture
def served(live: Living, staged: tuple[Stage, Served]) -> Served:
    """A portal of its own for each test, so that its allowance is full."""
    stage, found = staged
    gateway = Gateway(live.center, allowance=Allowance(burst=1000, rate=1000, now=lambda: 0.0))
    stage.app = make_application(Site(live.project.source), routes=routes(live.center, gateway))
    return found


def attempt(**more: Any) -> dict[str, Any]:
    return {"service": "items", "method": "GET", "target": "/slow/tea", "headers": [], **more}


def send(served: Served, data: object, **headers: str) -> Got:
    fields = {
        "Content-Type": "application/json",
        "Origin": f"http://127.0.0.1:{served.port}",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return served.ask("/_portal/try", "POST", headers=fields, body=body)


def test_a_documented_request_is_sent_and_its_answer_told(live: Living, served: Served) -> None:
    got = send(served, attempt(headers=[["X-Mine", "1"]]))
    told = json.loads(got.body)
    assert (got.status, told["status"], told["reason"]) == (200, 200, "OK")
    assert json.loads(told["body"]) == {"word": "tea"}
    assert ["Content-Type", "application/json"] in told["headers"]
    asked = live.switch.items.asked[-1]
    assert (asked.method, asked.path) == ("GET", "/slow/tea")
    assert b"X-Mine: 1" in asked.raw


def test_a_body_is_passed_on_as_it_is(live: Living, served: Served) -> None:
    body = '{"name": "tëa\\n"}'
    got = send(served, attempt(method="POST", target="/items", body=body))
    assert json.loads(got.body)["status"] == 201
    assert body.encode() in live.switch.items.asked[-1].raw


def test_the_example_that_is_offered_is_proven_on_its_page(live: Living, served: Served) -> None:
    sent = attempt(method="POST", target="/items", body='{"name": "<i>new</i>"}')
    sent["headers"] = [["Content-Type", "application/json"]]
    text = json.loads(send(served, sent).body)["example"]
    inner = "".join(f"   {line}".rstrip() + "\n" for line in text.split("\n"))
    live.project.write(
        {"api/more": f"More\n====\n\n.. http:post:: /items\n   :noindex:\n\n{inner}"}
    )
    built = live.project.build("html", honestdocs_all=True)
    mine = [outcome for name, outcome in built.outcomes().items() if name.startswith("api/more")]
    assert mine == ["passed"]


@pytest.mark.parametrize(
    ("data", "status", "told"),
    [
        (attempt(service="others"), 404, "no service 'others'"),
        (attempt(method="DELETE"), 403, "DELETE /slow/tea is not documented"),
        (attempt(method="CONNECT"), 405, "CONNECT"),
        (attempt(method="TRACE"), 405, "TRACE"),
        (attempt(target="/whoami"), 403, "GET /whoami is not documented"),
        (attempt(target="http://127.0.0.1:1/slow/tea"), 400, "must be a path"),
        (attempt(target="//127.0.0.1:1/slow/tea"), 400, "must be a path"),
        (attempt(target="@127.0.0.1:1/slow/tea"), 400, "must be a path"),
        (attempt(target="/slow/tea HTTP/1.1\r\nHost: evil\r\n\r\n"), 400, "must be a path"),
        (attempt(target="/slow/tea#x"), 400, "must be a path"),
        (attempt(target="/slow\\..\\x"), 400, "must be a path"),
        (attempt(target="/slow/../whoami"), 403, ". or .."),
        (attempt(target="/slow/%2e%2e"), 403, ". or .."),
        (attempt(target="/slow/%252e%252e%2fwhoami"), 403, ". or .."),
        (attempt(target="/slow/" + "x" * 5000), 414, "longer"),
        (attempt(headers=[["Host", "evil"]]), 403, "Host is not passed on"),
        (attempt(headers=[["Transfer-Encoding", "chunked"]]), 403, "not passed on"),
        (attempt(headers=[["Content-Length", "0"]]), 403, "not passed on"),
        (attempt(headers=[["Connection", "X-A"]]), 403, "not passed on"),
        (attempt(headers=[["X-Forwarded-For", "10.0.0.1"]]), 403, "not passed on"),
        (attempt(headers=[["X-A", "b\r\nX-Evil: c"]]), 400, "no header field can hold"),
        (attempt(headers=[["X-A", "b\nGET /whoami HTTP/1.1"]]), 400, "no header field can hold"),
        (attempt(headers=[["X-A: b\r\nX-Evil", "c"]]), 400, "no name of a header field"),
        (attempt(headers=[["X A", "c"]]), 400, "no name of a header field"),
        (attempt(headers=[["X-A", "b\0c"]]), 400, "no header field can hold"),
        (attempt(headers=[["A", "b"]] * 50), 400, "at most 40 pairs"),
        (attempt(headers={"A": "b"}), 400, "must be a list"),
        (attempt(method="POST", target="/items", body="x" * (MOST_BODY + 1)), 413, "larger"),
        (b"x" * (MOST_SENT + 1), 413, "at most"),
        (b"[" * 100_000, 400, "JSON object"),
        (b"no json", 400, "JSON object"),
        ([1], 400, "JSON object"),
        ({}, 400, "service must be a text"),
    ],
)
def test_what_is_not_allowed_is_refused_and_never_sent(
    live: Living, served: Served, data: object, status: int, told: str
) -> None:
    before = len(live.switch.items.asked)
    got = send(served, data)
    assert (got.status, told in json.loads(got.body)["error"]) == (status, True), got.text
    assert live.switch.items.asked[before:] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec_Fetch_Site": "cross-site"},
        {"Content_Type": "text/plain"},
        {"Content_Type": "application/x-www-form-urlencoded"},
    ],
)
def test_only_a_page_of_the_portal_may_try(served: Served, headers: dict[str, str]) -> None:
    assert send(served, attempt(), **headers).status in {403, 415}


def test_nobody_is_allowed_across_origins(served: Served) -> None:
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    got = served.ask("/_portal/try", "OPTIONS", headers=asked)
    assert got.status == 405
    assert not any(name.startswith("access-control") for name in got.headers)


def test_a_body_without_a_length_is_cut_off(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), 10) as raw:
        head = (
            f"POST /_portal/try HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n"
            f"Origin: http://127.0.0.1:{served.port}\r\nContent-Type: application/json\r\n"
            "Transfer-Encoding: chunked\r\n\r\n"
        )
        raw.sendall(head.encode())
        piece = b"x" * 65536
        for _ in range(MOST_SENT // len(piece) + 2):
            raw.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
        assert raw.recv(200).startswith(b"HTTP/1.1 413")


@pytest.fixture
def at_trap(tmp_path: Path, trap: TrapServer) -> Iterator[Served]:
    """A portal whose service is the trap."""
    with living(
        tmp_path,
        heartbeat=60.0,
        settings={"url": f"http://127.0.0.1:{trap.server_port}"},
    ) as live:
        yield live.served


def test_a_redirect_is_shown_and_not_followed(at_trap: Served, trap: TrapServer) -> None:
    elsewhere = TrapServer()
    trap.elsewhere = elsewhere.server_port
    told = json.loads(send(at_trap, attempt(target="/slow/away")).body)
    assert told["status"] == 302
    assert ["Location", f"http://127.0.0.1:{elsewhere.server_port}/secret"] in told["headers"]
    assert elsewhere.seen == []
    elsewhere.shutdown()
    elsewhere.server_close()


def test_an_answer_that_is_too_large_is_given_up(at_trap: Served) -> None:
    got = send(at_trap, attempt(target="/slow/flood"))
    assert got.status == 502
    assert "error" in json.loads(got.body)


def test_markup_in_an_answer_travels_as_text(at_trap: Served) -> None:
    got = send(at_trap, attempt())
    assert got.headers["content-type"] == "application/json"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert json.loads(got.body)["body"] == EVIL


def test_too_many_attempts_are_refused_for_a_while(live: Living) -> None:
    now = [0.0]
    gateway = Gateway(live.center, allowance=Allowance(burst=2, rate=1.0, now=lambda: now[0]))
    app = make_application(Site(live.project.source), routes=routes(live.center, gateway))
    with serving(app) as served:
        assert [send(served, attempt()).status for _ in range(3)] == [200, 200, 429]
        now[0] = 1.0
        assert [send(served, attempt()).status for _ in range(2)] == [200, 429]


def test_one_client_cannot_take_the_share_of_another() -> None:
    now = [0.0]
    allowance = Allowance(burst=2, rate=1.0, now=lambda: now[0])
    assert [allowance.take("a") > 0 for _ in range(3)] == [False, False, True]
    assert allowance.take("b") == 0.0
    many = [allowance.take(f"c{number}") for number in range(30)]
    assert not any(many[:17])
    assert all(many[17:])


def test_a_public_name_never_comes_to_stand_for_a_private_address() -> None:
    now, answers = [0.0], [["93.184.216.34"]]
    pinning = Pinning(lambda: now[0], lambda _host, _port: answers[0])
    assert pinning.pins("https://api.example") == ("api.example:443:93.184.216.34",)
    answers[0] = ["127.0.0.1"]
    assert pinning.pins("https://api.example") == ("api.example:443:93.184.216.34",)
    now[0] = 100.0
    for private in ("127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "fd00::1"):
        answers[0] = ["93.184.216.34", private]
        with pytest.raises(RefusedError, match="private address"):
            pinning.pins("https://api.example")
        now[0] += 100.0
    answers[0] = ["93.184.216.35"]
    assert pinning.pins("https://api.example") == ("api.example:443:93.184.216.35",)


def test_a_declared_private_service_can_be_reached() -> None:
    pinning = Pinning(lambda: 0.0, lambda _host, _port: ["127.0.0.1", "::1"])
    assert pinning.pins("http://inside:81") == ("inside:81:127.0.0.1,[::1]",)
    assert Pinning(lambda: 0.0).pins("http://127.0.0.1:8000") == ()


def test_only_the_pinned_address_is_reached(live: Living) -> None:
    from honestdocs.contract.wire import WireRequest, WireResponse  # noqa: PLC0415 - only here
    from honestdocs.verification.transport import CurlTransport  # noqa: PLC0415 - only here

    pinned = (f"never.example:{live.switch.port}:127.0.0.1",)
    answers: list[Any] = []
    with CurlTransport(environment={}, pinned=pinned) as transport:
        url = f"http://never.example:{live.switch.port}/fact"
        transport.send(WireRequest(method="GET", url=url), answers.append)
        transport.run()
    assert isinstance(answers[0], WireResponse)
    assert answers[0].status == 200


def test_each_operation_is_offered_with_its_documented_request(live: Living) -> None:
    offered = live.json("operations?page=api/tea")["operations"]
    assert [each["operation"] for each in offered] == [
        "GET /slow/(word)",
        "POST /items",
        "GET /fact",
    ]
    assert (offered[0]["target"], offered[0]["headers"]) == (
        "/slow/tea",
        [["Accept", "application/json"]],
    )
    assert offered[1]["body"].strip() == '{"name": "<b>tea</b>"}'
    assert offered[2]["target"] == "/fact"
    assert live.json("operations?page=index")["operations"] == []
