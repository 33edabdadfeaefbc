"""Servers started by a command: ready, told why not, and always ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from honestdocs.verification.errors import ServerError
from honestdocs.verification.server import RunningServer, ServerCommand, serving
from honestdocs.verification.transport import CurlTransport, Limits
from servers import startable
from servers.exchange import ask, response

MARK = f"started-for-{os.getpid()}"
PROGRAM = startable.__file__ or ""
LIMITS = Limits(connect_timeout=2, total_timeout=5)


@pytest.fixture(name="transport")
def _transport() -> Iterator[CurlTransport]:
    with CurlTransport(LIMITS, environment={}) as transport:
        yield transport


def command(manner: str, *rest: str, **settings: object) -> ServerCommand:
    words = (sys.executable, PROGRAM, manner, "{port}", *rest)
    return ServerCommand(command=words, **settings)  # type: ignore[arg-type]


def failure(settings: ServerCommand, transport: CurlTransport) -> ServerError:
    with pytest.raises(ServerError) as caught, serving(settings, transport):
        pytest.fail("the server was said to be ready")
    return caught.value


def is_running(pid: int) -> bool:
    """Whether a process is there and no mere zombie."""
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False)
    return found.stdout.strip()[:1] not in (b"", b"Z")


def is_gone(pid: int) -> bool:
    """Whether a process ends within some seconds."""
    end = time.monotonic() + 5
    while is_running(pid) and time.monotonic() < end:
        time.sleep(0.01)
    return not is_running(pid)


def child_of(server: RunningServer) -> int:
    (line,) = [line for line in server.last_lines() if line.startswith("child ")]
    return int(line.split()[1])


def test_a_server_answers_while_the_block_lasts_and_is_gone_after_it(
    transport: CurlTransport,
) -> None:
    with serving(command("serve"), transport) as server:
        assert response(ask(transport, server.base_url + "/")).status == 200
        assert server.base_url == server.origin
        assert server.exit_code is None
        assert is_running(server.pid)
        assert f"serving on {server.origin.rpartition(':')[2]}" in server.last_lines()
    assert is_gone(server.pid)
    assert server.exit_code == -signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(server.pid, 0)


def test_the_port_is_in_the_environment_too(transport: CurlTransport) -> None:
    settings = ServerCommand(
        command=(sys.executable, PROGRAM, "by_environment", "0"), env={"PORT": "1"}
    )
    with serving(settings, transport, environment={}) as server:
        assert response(ask(transport, server.origin)).status == 200


def test_a_command_in_one_string_is_split_as_a_shell_would(
    transport: CurlTransport, tmp_path: Path
) -> None:
    program = tmp_path / "my server.py"
    program.write_text(Path(PROGRAM).read_text(encoding="utf-8"), encoding="utf-8")
    settings = ServerCommand(
        command=f"{sys.executable} 'my server.py' serve {{port}}", cwd=str(tmp_path)
    )
    with serving(settings, transport) as server:
        assert response(ask(transport, server.origin)).status == 200


@pytest.mark.parametrize("manner", ["late", "recovering", "noisy"])
def test_a_server_that_needs_time_is_waited_for(transport: CurlTransport, manner: str) -> None:
    with serving(command(manner), transport) as server:
        assert response(ask(transport, server.origin)).status == 200


def test_any_answer_below_500_means_ready(transport: CurlTransport) -> None:
    with serving(command("serve", ready_path="/missing"), transport) as server:
        assert response(ask(transport, f"{server.origin}/missing")).status == 404


def test_two_servers_run_side_by_side(transport: CurlTransport) -> None:
    with (
        serving(command("serve"), transport) as one,
        serving(command("serve"), transport) as other,
    ):
        assert one.origin != other.origin
    assert is_gone(one.pid)
    assert is_gone(other.pid)


def test_only_the_last_lines_are_kept(transport: CurlTransport) -> None:
    with serving(command("noisy"), transport) as server:
        lines = server.last_lines()
    assert len(lines) == 50
    assert max(map(len, lines)) == 2000
    assert any(line.startswith("serving on ") for line in lines)


def test_a_server_that_dies_is_told_with_its_last_lines(transport: CurlTransport) -> None:
    settings = command("dying", env={"DB_PASSWORD": "hunter22"})
    error = failure(settings, transport)
    assert error.exit_code == 3
    assert "dying {port}' ended with exit status 3 before it answered." in str(error)
    assert error.lines[-2:] == ("line 99", "no database: password ***")
    assert len(error.lines) == 50
    assert str(error).endswith("  line 99\n  no database: password ***")


def test_a_server_that_is_killed_is_told_with_the_signal(transport: CurlTransport) -> None:
    error = failure(command("killed"), transport)
    assert error.exit_code == -signal.SIGKILL
    assert "was ended by SIGKILL before it answered.\nIt wrote nothing." in str(error)


@pytest.mark.parametrize(
    ("manner", "seconds", "seen"),
    [("failing", 1.5, "gave HTTP 503."), ("silent", 0.3, "refused the connection")],
)
def test_a_server_that_is_never_ready_is_told_and_ended(
    transport: CurlTransport, manner: str, seconds: float, seen: str
) -> None:
    pids = children()
    error = failure(command(manner, ready_timeout=seconds, ready_path="/up"), transport)
    assert f"was not ready within {seconds} s: GET http://127.0.0.1:" in str(error)
    assert seen in str(error)
    assert children() == pids


def children() -> set[str]:
    """The ids of this process's children, apart from the one that asks."""
    mine = ["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())]
    lines = subprocess.run(mine, capture_output=True, check=False, text=True).stdout.splitlines()
    return {line.split()[0] for line in lines if "ppid" not in line}


def test_a_port_lost_to_another_is_followed_by_a_second_try(
    transport: CurlTransport, tmp_path: Path
) -> None:
    marks = tmp_path / "marks"
    marks.touch()
    with serving(command("unlucky", str(marks), "2"), transport) as server:
        assert response(ask(transport, server.origin)).status == 200
    assert marks.read_text(encoding="ascii") == "xxx"


def test_a_port_that_is_always_taken_is_told_after_three_tries(
    transport: CurlTransport, tmp_path: Path
) -> None:
    marks = tmp_path / "marks"
    marks.touch()
    error = failure(command("unlucky", str(marks), "9"), transport)
    assert "Address already in use" in str(error)
    assert marks.read_text(encoding="ascii") == "xxx"


def test_a_fixed_port_is_used_where_it_is_free_and_told_where_it_is_not(
    transport: CurlTransport,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        error = failure(command("serve", port=port), transport)
        assert f"Port {port} is in use" in str(error)
    with serving(command("serve", port=port), transport) as server:
        assert server.origin == f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (ServerCommand(command="no-such-program-here {port}"), "'no-such-program-here' was not f"),
        (ServerCommand(command=("/dev/null", "{port}")), "'/dev/null' cannot run: Permission"),
        (ServerCommand(command="x", cwd="/no/such/folder"), "folder /no/such/folder does not"),
        (ServerCommand(command="  "), "The server command is empty."),
        (ServerCommand(command="serve 'half"), "cannot be read: No closing quotation."),
        (ServerCommand(command="a\0b"), "cannot run"),
    ],
)
def test_a_command_that_cannot_start_is_named(
    transport: CurlTransport, settings: ServerCommand, said: str
) -> None:
    assert said in str(failure(settings, transport))


def test_a_server_that_ignores_being_asked_is_killed(transport: CurlTransport) -> None:
    with serving(command("stubborn", stop_timeout=0.2), transport) as server:
        pass
    assert server.exit_code == -signal.SIGKILL
    assert is_gone(server.pid)


def test_what_a_server_started_ends_with_it(transport: CurlTransport) -> None:
    with serving(command("parental", stop_timeout=0.2), transport) as server:
        child = child_of(server)
        assert is_running(child)
    assert is_gone(child)


def test_what_a_server_left_behind_ends_too(transport: CurlTransport) -> None:
    with serving(command("parental", stop_timeout=0.2), transport) as server:
        child = child_of(server)
        os.kill(server.pid, signal.SIGKILL)
        assert server.process.wait(5) == -signal.SIGKILL
        assert is_running(child)
    assert is_gone(child)


@pytest.mark.parametrize("error", [LookupError, KeyboardInterrupt, SystemExit])
def test_leaving_by_an_exception_ends_the_server(
    transport: CurlTransport, error: type[BaseException]
) -> None:
    pids: list[int] = []

    def work() -> None:
        with serving(command("serve"), transport) as server:
            pids.append(server.pid)
            raise error

    with pytest.raises(error):
        work()
    assert is_gone(pids[0])


def test_servers_can_run_on_other_threads(transport: CurlTransport) -> None:
    pids: list[int] = []

    def work() -> None:
        with serving(command("serve"), transport) as server:
            pids.append(server.pid)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(20)
    assert is_gone(pids[0])


CHECKER = """
import sys, time
from honestdocs.verification.server import ServerCommand, serving
from honestdocs.verification.transport import CurlTransport
command = ServerCommand(command=tuple(sys.argv[1:]), stop_timeout=1, ready_timeout=60)
with CurlTransport(environment={}) as transport:
    print("starting", flush=True)
    with serving(command, transport) as server:
        print(server.pid, flush=True)
        time.sleep(60)
"""


@pytest.fixture(name="checker")
def _checker() -> Iterator[subprocess.Popen[str]]:
    """Another process that has a server running, or waits for one that never answers."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [sys.executable, "-c", CHECKER, sys.executable, PROGRAM, "parental", "{port}", MARK]
    with subprocess.Popen(
        words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGINT, -signal.SIGINT),
        (signal.SIGTERM, 128 + signal.SIGTERM),
        (signal.SIGHUP, 128 + signal.SIGHUP),
    ],
)
def test_signals_to_the_checker_end_the_server(
    checker: subprocess.Popen[str], number: signal.Signals, code: int
) -> None:
    assert checker.stdout is not None
    assert checker.stdout.readline() == "starting\n"
    server = int(checker.stdout.readline())
    descendants = subprocess.run(
        ["ps", "-o", "pid=", "-g", str(server)], capture_output=True, check=True, text=True
    )
    pids = [int(line) for line in descendants.stdout.split()]
    assert len(pids) == 2
    checker.send_signal(number)
    assert checker.wait(20) == code
    assert all(map(is_gone, pids))


@pytest.mark.parametrize("delay", [0.0, 0.001, 0.003, 0.01, 0.03])
def test_a_signal_while_the_server_starts_leaves_nothing_behind(
    checker: subprocess.Popen[str], delay: float
) -> None:
    assert checker.stdout is not None
    assert checker.stdout.readline() == "starting\n"
    time.sleep(delay)
    checker.send_signal(signal.SIGINT)
    checker.wait(20)
    end = time.monotonic() + 5
    while marked() and time.monotonic() < end:
        time.sleep(0.01)
    assert marked() == []


def marked() -> list[str]:
    """Running processes that have this run's mark among their arguments."""
    found = subprocess.run(
        ["ps", "-e", "-o", "stat=,args="], capture_output=True, check=True, text=True
    )
    lines = found.stdout.splitlines()
    return [line for line in lines if MARK in line and not line.startswith("Z")]
