"""Signals that come at a bad moment."""

from __future__ import annotations

import signal
import threading

import pytest

from honestdocs.verification.interruption import unwinding


def test_a_signal_that_comes_while_the_gate_is_held_comes_after_it() -> None:
    steps: list[str] = []

    def work() -> None:
        with unwinding() as gate, unwinding() as same:
            assert same is gate
            with gate.held(), same.held():
                signal.raise_signal(signal.SIGTERM)
                steps.append("held")
            steps.append("not reached")

    with pytest.raises(SystemExit) as caught:
        work()
    assert caught.value.code == 128 + signal.SIGTERM
    assert steps == ["held"]
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_other_handlers_are_left_alone() -> None:
    received: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: received.append(number))
    try:
        with unwinding():
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    assert received == [signal.SIGTERM]


def test_other_threads_change_no_handlers() -> None:
    seen: list[object] = []

    def work() -> None:
        with unwinding():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(5)
    assert seen == [signal.SIG_DFL]
