"""What every service has from the server: request ids, logs, limits, and an end in order."""

from __future__ import annotations

import re
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

TIMEOUT = 20
ALONE = '[server]\nservices = ["keyexchange"]\n'
HASTY = "head_timeout = 1\nbody_timeout = 1"
CHANNEL = "/keyexchange/abcd"
PARTY = "X-KeyExchange-Id: " + "a1" * 128


@pytest.fixture
def alone(start_server: Callable[..., Any]) -> Callable[..., Any]:
    """Starts servers of one service, with more settings of the section `server`."""

    def start(more: str = "", **variables: str) -> Any:
        server = start_server(ALONE + more, **variables)
        server.client.prefix = ""
        return server

    return start


@pytest.fixture
def shared(share_server: Callable[..., Any]) -> Callable[..., Any]:
    """The same for tests that leave nothing behind: those with the same settings share a server."""

    def find(more: str = "") -> Any:
        server = share_server(ALONE + more)
        server.client.prefix = ""
        return server

    return find


def talk(server: Any, *parts: bytes, pause: float = 0.0) -> bytes:
    """Send the parts on one connection and return everything until it is closed."""
    with socket.create_connection(server.client.address, timeout=TIMEOUT) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)
        received = b""
        while piece := connection.recv(65536):
            received += piece
        return received


# Request ids


def test_every_answer_has_an_id_of_its_own(shared: Any) -> None:
    client = shared().client
    paths = ("/__heartbeat__", "/nothing", "/keyexchange/new_channel", "/keyexchange/abcd")
    ids = [client.send("GET", path).headers["X-Request-Id"] for path in paths]
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("given", ["a", "A1b2-c_3.d", "f" * 64])
def test_a_sane_id_is_kept(shared: Any, given: str) -> None:
    answer = shared().client.send("GET", "/nothing", X_Request_Id=given)
    assert answer.headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "a b", "f" * 65, '"a"', "a\tb", "\xe9"])
def test_any_other_id_is_replaced(shared: Any, given: str) -> None:
    answer = shared().client.send("GET", "/nothing", X_Request_Id=given)
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-Id"])


# Logs


def test_a_request_is_one_line_of_the_log_with_its_template(alone: Any) -> None:
    server = alone()
    server.client.send("GET", "/keyexchange/abcd?secret=1", "a1" * 128, X_Request_Id="mine")
    server.client.send("GET", "/secret/path")
    server.stop()
    lines = [line for line in server.read_lines() if line["Type"] == "request.summary"]
    assert len(lines) == 2
    first, second = lines
    assert first["Logger"] == "syncserver"
    assert (first["EnvVersion"], first["Severity"]) == ("2.0", 6)
    assert isinstance(first["Pid"], int)
    assert first["Timestamp"] > 1e18
    fields = first["Fields"]
    assert isinstance(fields.pop("t"), int)
    assert fields == {
        "method": "GET",
        "path": "/keyexchange/{cid}",
        "code": 404,
        "rid": "mine",
        "client": "127.0.0.1",
    }
    assert second["Fields"]["path"] == "-"
    assert "secret" not in server.read_log()
    assert "a1a1" not in server.read_log()


def test_the_log_names_the_client_behind_a_trusted_proxy(alone: Any) -> None:
    server = alone('trusted_proxies = ["127.0.0.0/8", "10.0.0.0/8"]')
    for forwarded in ("192.0.2.1", "198.51.100.7, 192.0.2.1, 10.0.0.3", "junk, 192.0.2.1"):
        server.client.send("GET", "/nothing", X_Forwarded_For=forwarded)
    server.client.send("GET", "/nothing", X_Forwarded_For="192.0.2.1, junk")
    server.stop()
    clients = [line["Fields"].get("client") for line in server.read_lines()]
    assert [one for one in clients if one] == ["192.0.2.1"] * 3 + ["127.0.0.1"]


def test_requests_need_not_be_logged(alone: Any) -> None:
    for more in ("log_requests = false", 'log_level = "warning"'):
        server = alone(more)
        server.client.send("GET", "/nothing")
        assert "request.summary" not in server.stop()


def test_what_is_said_to_the_log_stays_one_line(alone: Any) -> None:
    server = alone()
    server.client.send("POST", "/keyexchange/report", None, b'line\n{"Type": "forged"}')
    server.stop()
    assert not [line for line in server.read_lines() if line["Type"] == "forged"]


# Limits


def test_a_head_that_is_too_large_is_refused(shared: Any) -> None:
    server = shared("max_head = 2048")
    assert server.client.send("GET", "/nothing", X_Long="x" * 1500).status == 404
    answer = server.client.send("GET", "/nothing", X_Long="x" * 3000)
    assert answer.status == 431
    assert answer.json()["status"] == 431
    assert server.client.send("GET", "/" + "x" * 3000).status == 431
    many = {f"X-{number}": "x" for number in range(1000)}
    assert server.client.send("GET", "/nothing", **many).status == 431


def test_a_head_without_end_is_refused_before_it_fills_the_memory(shared: Any) -> None:
    server = shared("max_head = 2048")
    endless = [b"GET / HTTP/1.1\r\nX-Long: ", b"x" * 1500, b"x" * 1500]
    assert talk(server, *endless, pause=0.1).startswith(b"HTTP/1.1 431 ")


def test_a_head_that_takes_too_long_is_refused(shared: Any) -> None:
    server = shared(HASTY)
    assert talk(server, b"GET / HTTP/1.1\r\nHost:").startswith(b"HTTP/1.1 408 ")


def test_a_connection_on_which_nothing_comes_is_closed(shared: Any) -> None:
    assert talk(shared(HASTY)) == b""


@pytest.mark.parametrize(
    "text", [b"nonsense\r\n\r\n", b"GET  HTTP/1.1\r\n\r\n", b"\x00\x01\r\n\r\n"]
)
def test_what_is_no_http_is_refused_in_the_form_of_all_refusals(shared: Any, text: bytes) -> None:
    answer = talk(shared(), text)
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"application/problem+json" in answer


def test_fields_after_the_body_do_not_count(shared: Any) -> None:
    head = b"PUT /keyexchange/abcd HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
    tail = b"Connection: close\r\n\r\n1\r\nx\r\n0\r\n" + PARTY.encode() + b"\r\n\r\n"
    assert talk(shared(), head, tail).startswith(b"HTTP/1.1 400 ")


def test_the_server_limits_every_body(alone: Any) -> None:
    server = alone("max_body = 100")
    path = server.client.send("GET", "/keyexchange/new_channel", "a1" * 128).json()
    target = f"/keyexchange/{path}"
    assert server.client.send("PUT", target, "a1" * 128, b"x" * 100).status == 200
    answer = server.client.send("PUT", target, "a1" * 128, b"x" * 101)
    assert answer.status == 413
    assert answer.json()["detail"] == "The body must not have more than 100 bytes."
    head = f"PUT {target} HTTP/1.1\r\nHost: x\r\n{PARTY}\r\nTransfer-Encoding: chunked\r\n"
    body = b"Connection: close\r\n\r\n" + b"32\r\n" + b"x" * 50 + b"\r\n"
    chunks = body + b"33\r\n" + b"x" * 51 + b"\r\n0\r\n\r\n"
    assert talk(server, head.encode(), chunks).startswith(b"HTTP/1.1 413 ")


def test_a_body_that_takes_too_long_is_refused_and_the_connection_closed(shared: Any) -> None:
    server = shared(HASTY)
    head = f"PUT {CHANNEL} HTTP/1.1\r\nHost: x\r\n{PARTY}\r\nContent-Length: 4\r\n\r\nx"
    answer = talk(server, head.encode())
    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b"The body did not arrive within 1 seconds." in answer


# The end


def test_after_sigterm_the_heartbeat_is_503_while_requests_pass_and_then_the_server_ends(
    alone: Any,
) -> None:
    server = alone("", SYNCSERVER_SHUTDOWN_GRACE="2")
    assert server.client.send("GET", "/__heartbeat__").status == 200
    begun = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    answer = server.client.send("GET", "/__heartbeat__")
    assert answer.status == 503
    assert answer.json()["checks"]["server"] == "error"
    assert server.client.send("GET", "/__lbheartbeat__").status == 200
    assert server.client.send("GET", "/keyexchange/new_channel", "a1" * 128).status == 200
    assert server.process.wait(TIMEOUT) == 0
    assert time.monotonic() - begun > 1.5


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_the_wait(alone: Any, number: signal.Signals) -> None:
    server = alone("", SYNCSERVER_SHUTDOWN_GRACE="600")
    assert server.client.send("GET", "/__heartbeat__").status == 200
    server.process.send_signal(signal.SIGTERM)
    assert server.client.send("GET", "/__heartbeat__").status == 503
    server.process.send_signal(number)
    assert server.process.wait(TIMEOUT) == 0


# Services


@pytest.mark.parametrize("name", ["registration", "storage", "keyexchange"])
def test_each_service_runs_alone(start_process: Any, name: str) -> None:
    server = start_process("--services", name)
    try:
        server.client.prefix = ""
        checks = server.client.send("GET", "/__heartbeat__").json()["checks"]
        assert set(checks) == {name, "blacklist", "server"}
        paths = server.client.send("GET", "/openapi.json").json()["paths"]
        roots = {"registration": "/user", "storage": "/1.1", "keyexchange": "/keyexchange"}
        served = {root for root in roots.values() if any(path.startswith(root) for path in paths)}
        assert served == {roots[name]}
    finally:
        server.stop()


def test_what_is_in_the_data_folder_outlives_the_server(start_process: Any, tmp_path: Any) -> None:
    name = "7qrzrjz52vgwen6e7w2y7v6xknd46wxt"
    draft = b'{"email": "alice@example.com", "password": "correct horse"}'
    for known in (b"0", b"1"):
        server = start_process("--data", str(tmp_path / "data"), "--services", "registration")
        server.client.prefix = ""
        assert server.client.send("GET", f"/user/1.0/{name}").body == known
        server.client.send("PUT", f"/user/1.0/{name}", None, draft)
        server.stop()


def test_prefixes_can_be_chosen(start_server: Any) -> None:
    server = start_server("[registration]\nprefix = '/sync'\n[storage]\nprefix = '/records'")
    client = server.client
    client.prefix = ""
    for path in ("/sync/user/1.0/a", "/sync/user/1/a/"):
        assert client.send("GET", path).body == b"0"
    assert client.send("GET", "/records/1/a/info/collections/").status == 401
    for path in ("/user/1.0/a", "/1.1/a/info/collections"):
        assert client.send("GET", path).status == 404
