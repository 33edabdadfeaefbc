"""A real SMTP server that keeps what it is given, on a free port of this machine."""

from __future__ import annotations

import asyncio
import email
import email.policy
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP

TIMEOUT = 20


class Sink:
    """Takes every message, unless it is told to refuse."""

    def __init__(self) -> None:
        self.port = 0
        self.refuses = False
        self._messages: queue.Queue[EmailMessage] = queue.Queue()

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - the library's name
        if self.refuses:
            return "451 not now"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        message["X-Envelope-To"] = ",".join(envelope.rcpt_tos)
        self._messages.put(message)  # type: ignore[arg-type] # of this policy
        return "250 taken"

    def take(self) -> EmailMessage:
        """The oldest message that nobody took yet; waits for it."""
        return self._messages.get(timeout=TIMEOUT)

    def is_empty(self) -> bool:
        return self._messages.empty()


@contextmanager
def run_sink() -> Iterator[Sink]:
    """Serve SMTP for the length of a ``with`` block."""
    sink = Sink()
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(
        loop.create_server(lambda: SMTP(sink, hostname="sink", loop=loop), "127.0.0.1", 0)
    )
    sink.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield sink
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(TIMEOUT)
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
