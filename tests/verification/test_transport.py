"""The transport at work: connections, limits, callbacks and its end."""

from __future__ import annotations

import signal
import socket
import threading

import pytest

from honestdocs.contract.wire import Answer, Fault, WireRequest
from honestdocs.verification.transport import CurlTransport, Limits
from servers.exchange import DIRECT, LIMITS, PATIENT, ask, echoed, fault, response
from servers.misbehaving import MisbehavingServer, misbehaving


def test_a_kept_connection_is_used_again(
    transport: CurlTransport, server: MisbehavingServer
) -> None:
    before = server.connections
    for _ in range(5):
        ask(transport, f"{server.origin}/ok")
    assert server.connections == before + 1


@pytest.mark.parametrize("kept", [1, 8])
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_a_kept_connection_that_died_is_replaced_once(method: str, kept: int) -> None:
    with misbehaving() as server, CurlTransport(PATIENT, environment=DIRECT) as transport:
        for _ in range(kept):
            transport.send(WireRequest(method="GET", url=f"{server.origin}/once"), response)
        transport.run()
        before = len(server.requests)
        answer = ask(transport, f"{server.origin}/once", method, body=b"x")
        assert response(answer).body == b"first"
        sent = server.requests[before:]
    assert len(sent) == 2 or (method == "GET" and len(sent) <= 7)
    assert all(each.startswith(method.encode()) for each in sent)


def test_nothing_is_sent_again_once_an_answer_began() -> None:
    with misbehaving() as server, CurlTransport(PATIENT, environment=DIRECT) as transport:
        url = f"{server.origin}/once-then-half"
        assert response(ask(transport, url)).status == 200
        assert fault(ask(transport, url)).fault is Fault.DISCONNECTED
        assert len(server.requests) == 2


@pytest.mark.parametrize("path", ["/close", "/reset"])
def test_nothing_is_sent_again_on_a_new_connection(path: str) -> None:
    with misbehaving() as server, CurlTransport(PATIENT, environment=DIRECT) as transport:
        assert fault(ask(transport, server.origin + path, "POST")).fault is Fault.DISCONNECTED
        assert len(server.requests) == 1


@pytest.mark.parametrize("limits", [Limits(max_in_flight=3), Limits(max_per_host=3)])
def test_limits_on_what_is_in_flight_hold(limits: Limits) -> None:
    with misbehaving() as server, CurlTransport(limits, environment=DIRECT) as transport:
        answers: list[Answer] = []
        for number in range(50):
            url = f"{server.origin}/echo?{number}"
            transport.send(WireRequest(method="GET", url=url), answers.append)
        transport.run()
        assert server.connections <= 3
    assert sorted(int(echoed(a).split(b"?")[1].split(b" ")[0]) for a in answers) == [*range(50)]


def test_a_slow_host_does_not_hold_up_the_others(server: MisbehavingServer) -> None:
    order: list[str] = []
    limits = Limits(total_timeout=0.3, max_in_flight=4, max_per_host=2)
    with misbehaving() as slow, CurlTransport(limits, environment=DIRECT) as transport:
        for _ in range(4):
            request = WireRequest(method="GET", url=f"{slow.origin}/hang")
            transport.send(request, lambda _: order.append("slow"))
        for _ in range(4):
            request = WireRequest(method="GET", url=f"{server.origin}/ok")
            transport.send(request, lambda _: order.append("quick"))
        transport.run()
    assert order == ["quick"] * 4 + ["slow"] * 4


def test_answers_may_lead_to_further_requests(
    transport: CurlTransport, server: MisbehavingServer
) -> None:
    seen: list[int] = []

    def again(answer: Answer) -> None:
        seen.append(response(answer).status)
        if len(seen) < 20:
            transport.send(WireRequest(method="GET", url=f"{server.origin}/ok"), again)

    transport.send(WireRequest(method="GET", url=f"{server.origin}/ok"), again)
    transport.run()
    assert seen == [200] * 20


def test_callbacks_run_on_the_thread_that_runs_the_transport(
    transport: CurlTransport, server: MisbehavingServer
) -> None:
    threads: list[threading.Thread] = []
    request = WireRequest(method="GET", url=f"{server.origin}/ok")
    transport.send(request, lambda _: threads.append(threading.current_thread()))
    transport.run()
    assert threads == [threading.current_thread()]


def test_running_with_nothing_to_do_returns(transport: CurlTransport) -> None:
    transport.run()


def test_an_exception_of_a_callback_is_raised_and_the_rest_can_go_on(
    server: MisbehavingServer,
) -> None:
    seen: list[Answer] = []

    def fail(_: Answer) -> None:
        raise LookupError("of the callback")

    with CurlTransport(LIMITS, environment=DIRECT) as transport:
        request = WireRequest(method="GET", url=f"{server.origin}/ok")
        for then in (seen.append, fail, seen.append, seen.append):
            transport.send(request, then)
        with pytest.raises(LookupError, match="of the callback"):
            transport.run()
        transport.run()
    assert len(seen) == 3


def test_it_can_be_closed_with_requests_in_flight(server: MisbehavingServer) -> None:
    def fail(_: Answer) -> None:
        raise LookupError

    transport = CurlTransport(LIMITS, environment=DIRECT)
    for path in ("/ok", "/hang", "/trickle"):
        transport.send(WireRequest(method="GET", url=server.origin + path), fail)
    with pytest.raises(LookupError):
        transport.run()
    transport.close()
    transport.close()


def test_ctrl_c_interrupts_and_leaves_it_closable(server: MisbehavingServer) -> None:
    limits = Limits(total_timeout=20)
    with CurlTransport(limits, environment=DIRECT) as transport:
        headers = (("Accept-Encoding", "gzip"),)
        for path in ("/hang", "/trickle", "/hang"):
            url = server.origin + path
            transport.send(WireRequest(method="GET", url=url, headers=headers), response)
        main = threading.main_thread().ident
        assert main is not None
        timer = threading.Timer(0.2, signal.pthread_kill, (main, signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            transport.run()
        timer.join()


def test_a_run_within_a_run_is_refused(transport: CurlTransport, server: MisbehavingServer) -> None:
    request = WireRequest(method="GET", url=f"{server.origin}/ok")
    transport.send(request, lambda _: transport.run())
    with pytest.raises(RuntimeError, match="already running"):
        transport.run()


def test_a_closed_transport_does_not_run() -> None:
    transport = CurlTransport(LIMITS, environment=DIRECT)
    transport.close()
    with pytest.raises(RuntimeError, match="closed"):
        transport.run()


def test_memory_of_answers_is_not_kept(server: MisbehavingServer) -> None:
    """Both sizes are after a first round, so that only growth per request counts."""
    tracemalloc = pytest.importorskip("tracemalloc")
    limits = Limits(max_body=400_000)
    with CurlTransport(limits, environment=DIRECT) as transport:

        def load() -> int:
            for _ in range(30):
                ask(transport, f"{server.origin}/big-body")
            return int(tracemalloc.get_traced_memory()[0])

        tracemalloc.start()
        try:
            first, second = load(), load()
        finally:
            tracemalloc.stop()
    assert second - first < 300_000


def test_no_socket_is_left_open(server: MisbehavingServer) -> None:
    with socket.socket() as probe:
        lowest = probe.fileno()
    for _ in range(10):
        with CurlTransport(LIMITS, environment=DIRECT) as transport:
            ask(transport, f"{server.origin}/ok")
            ask(transport, f"{server.origin}/cut-head")
    with socket.socket() as probe:
        assert probe.fileno() < lowest + 10


@pytest.mark.parametrize(
    "wrong",
    [
        {"connect_timeout": 0},
        {"total_timeout": -1.0},
        {"max_in_flight": 0},
        {"max_in_flight": 2000},
        {"max_header": 10_000_000},
    ],
)
def test_limits_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Limits(**wrong)
