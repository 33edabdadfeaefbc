"""Server-sent events: what open pages are told, and who is listening.

Owns the subscriptions and the form of an event (HTML standard, section 9.2). A reader too slow
to follow gets the whole state anew instead of a queue without end. Must not know what events say.
Everything here happens on the loop of the server.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field

MOST_WAITING = 64
"""Events that wait for one reader before it gets the whole state anew."""

MOST_READERS = 1000

RETRY = b"retry: 2000\n\n"
"""What a browser waits, in milliseconds, before it comes back."""


def render_event(name: str, data: Mapping[str, object]) -> bytes:
    """An event as it travels."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\ndata: {text}\n\n".encode()


@dataclass(eq=False, slots=True)
class _Reader:
    page: str
    queue: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    behind: bool = False


class Feed:
    """All readers; ``whole`` gives the events that tell the whole state to a page."""

    def __init__(self, whole: Callable[[str], bytes]) -> None:
        self._whole = whole
        self._readers: set[_Reader] = set()
        self.sent = 0
        self._closed = False

    def __len__(self) -> int:
        """How many are listening."""
        return len(self._readers)

    @property
    def full(self) -> bool:
        """Whether no more readers are taken."""
        return self._closed or len(self._readers) >= MOST_READERS

    def publish(self, event: bytes, page: str | None = None) -> None:
        """Tells everybody, or only those who read a page."""
        for reader in self._readers:
            if page is not None and reader.page != page:
                continue
            try:
                reader.queue.put_nowait(event)
                self.sent += 1
            except asyncio.QueueFull:
                reader.behind = True

    async def listen(self, page: str) -> AsyncIterator[bytes]:
        """The events for a reader of a page, from the whole state on, until the feed ends."""
        if self._closed:
            return
        reader = _Reader(page)
        self._readers.add(reader)
        try:
            yield RETRY + self._whole(page)
            while True:
                event = await reader.queue.get()
                if event is None:
                    return
                parts = [event]
                while not reader.queue.empty():
                    more = reader.queue.get_nowait()
                    if more is None:
                        return
                    parts.append(more)
                if reader.behind:
                    reader.behind = False
                    parts = [self._whole(page)]
                yield b"".join(parts)
        finally:
            self._readers.discard(reader)

    def close(self) -> None:
        """Ends every stream, also those to come."""
        self._closed = True
        for reader in self._readers:
            while reader.queue.full():
                reader.queue.get_nowait()
            reader.queue.put_nowait(None)
