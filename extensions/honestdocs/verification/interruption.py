"""Signals that ask this process to end, turned into exceptions at a good moment.

Owns the handlers of SIGINT, SIGTERM and SIGHUP while something must not be left behind.
Must not know what that is.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_DEFAULTS = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
    signal.SIGHUP: signal.SIG_DFL,
}
"""The signals, and the handlers that may be replaced: others are someone's decision."""


class Gate:
    """Lets signals unwind the stack, but none while it is held: that one comes afterwards."""

    def __init__(self) -> None:
        self._holders = 0
        self._pending: int | None = None

    def receive(self, number: int, _: FrameType | None) -> None:
        """Handle a signal; raises ``KeyboardInterrupt`` or ``SystemExit`` unless held."""
        if self._holders:
            self._pending = number
        else:
            _unwind(number)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nothing through for the length of a ``with`` block."""
        self._holders += 1
        try:
            yield
        finally:
            self._holders -= 1
        if not self._holders and self._pending is not None:
            number, self._pending = self._pending, None
            _unwind(number)


def _unwind(number: int) -> None:
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + number)


@contextmanager
def unwinding() -> Iterator[Gate]:
    """Let SIGTERM and SIGHUP unwind the stack as Ctrl-C does, through the gate that is yielded.

    Within another such block it is the same gate. Outside the main thread, and for signals that
    someone else handles, nothing is changed.
    """
    owner = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    if isinstance(owner, Gate):
        yield owner
        return
    gate = Gate()
    if threading.current_thread() is not threading.main_thread():
        yield gate
        return
    replaced = {
        number: default
        for number, default in _DEFAULTS.items()
        if signal.getsignal(number) is default
    }
    for number in replaced:
        signal.signal(number, gate.receive)
    try:
        yield gate
    finally:
        for number, default in replaced.items():
            signal.signal(number, default)
