"""The server as a process: how it starts, tells where it is, and ends."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from syncserver.__main__ import main
from syncserver.heartbeat import read_build

MOBILE = "a1" * 128
TIMEOUT = 20


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_with_0_and_without_a_trace(
    start_server: Any, number: signal.Signals
) -> None:
    server = start_server()
    server.process.send_signal(number)
    output, _ = server.process.communicate(timeout=TIMEOUT)
    assert server.process.returncode == 0
    assert output == ""
    assert "Traceback" not in server.read_log()


def test_a_signal_that_comes_at_once_ends_the_server_too(start_server: Any) -> None:
    for _ in range(3):
        process = start_server().process
        process.terminate()
        assert process.wait(timeout=TIMEOUT) == 0


def test_an_open_request_is_finished_before_the_server_ends(start_server: Any) -> None:
    server = start_server()
    path = server.client.open()
    with socket.create_connection(server.client.address, timeout=TIMEOUT) as connection:
        head = f"PUT /keyexchange{path} HTTP/1.1\r\nHost: x\r\nX-KeyExchange-Id: {MOBILE}\r\n"
        connection.sendall(f"{head}Content-Length: 4\r\n\r\n[1".encode())
        # An answered request on another connection shows that the first half has arrived.
        assert server.client.send("HEAD", path, MOBILE).status == 200
        server.process.terminate()
        with pytest.raises(subprocess.TimeoutExpired):
            server.process.wait(timeout=0.5)
        connection.sendall(b"2]")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
    assert server.process.wait(timeout=TIMEOUT) == 0


def test_a_request_that_never_ends_does_not_keep_the_server(start_server: Any) -> None:
    server = start_server("[server]\nshutdown_timeout = 1")
    with socket.create_connection(server.client.address, timeout=TIMEOUT) as connection:
        connection.sendall(
            b"PUT /keyexchange/abcd HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n["
        )
        assert server.client.send("HEAD", "/abcd", MOBILE).status == 404
        server.process.terminate()
        assert server.process.wait(timeout=TIMEOUT) == 0


def test_a_taken_port_ends_with_2_and_is_named(
    server: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    port = server.client.address[1]
    assert main(["--port", str(port)], {}) == 2
    assert f"cannot listen on 127.0.0.1 port {port}: " in capsys.readouterr().err


def test_version_and_help_need_no_settings() -> None:
    for option in ("--version", "--help"):
        ended = subprocess.run(
            [sys.executable, "-m", "syncserver", option],
            env={"PYTHONPATH": str(Path(__file__).parents[2] / "reference"), "PORT": "x"},
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
        assert ended.returncode == 0
        assert "syncserver" in ended.stdout


def test_an_edited_file_is_another_build_and_a_compiled_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("1")
    first = read_build(tmp_path)
    assert read_build(tmp_path) == first
    (tmp_path / "one.pyc").write_text("compiled")
    assert read_build(tmp_path) == first
    (tmp_path / "one.py").write_text("2")
    second = read_build(tmp_path)
    (tmp_path / "one.py").rename(tmp_path / "two.py")
    assert len({first, second, read_build(tmp_path)}) == 3


def test_commit_and_source_are_what_the_operator_says(start_server: Any) -> None:
    client = start_server("[server]\nsource = 'here'", SYNCSERVER_COMMIT="0123abc").client
    client.prefix = ""
    version = client.send("GET", "/__version__").json()
    assert (version["source"], version["commit"]) == ("here", "0123abc")
