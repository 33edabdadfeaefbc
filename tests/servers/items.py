"""A small service with a state of its own: items with generated identifiers, tags and times.

Owns the service, what it makes up, and the record of what it was asked. Runs on a thread, or as
``python items.py PORT [FILE]`` in a process of its own. Must not know who asks.

The API lies below ``base``; the heartbeat and version are at the origin. ``ITEMS_VERSION`` and
``ITEMS_HEALTH`` in the environment set what they say of a server in its own process.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias
from urllib.parse import urlsplit

SLOW = 0.2
"""Seconds that ``/slow/...`` takes, so that requests side by side can be seen."""

Fields: TypeAlias = dict[str, str]
Reply: TypeAlias = tuple[int, Any, Fields]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it came: ``raw`` bytes, and when it came and was answered."""

    method: str
    path: str
    raw: bytes
    began: float
    ended: float

    @property
    def line(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"


@dataclass(slots=True, kw_only=True)
class Items:
    """What the service knows, does and was asked; a test may change it while it runs.

    A ``fragile`` one is ill for good once ``/broken`` was asked for.
    """

    base: str = ""
    health: str = "ok"
    version: str = "1.0.0"
    fragile: bool = False
    fact: dict[str, Any] = field(
        default_factory=lambda: {"answer": 42, "unit": "apples", "tags": ["a", "b"]}
    )
    stored: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def counts(self) -> Counter[str]:
        """How often each method and path was asked, the heartbeat and version left out."""
        return Counter(each.line for each in self.asked if "/__" not in each.path)

    def sent(self) -> int:
        """How many requests came, those for the heartbeat and version left out."""
        return self.counts().total()

    def reset(self) -> None:
        """Be as at the beginning, with nothing asked and nothing stored."""
        fresh = Items(base=self.base)
        with self.lock:
            for each in fields(self):
                if each.name != "lock":
                    setattr(self, each.name, getattr(fresh, each.name))

    def overlap(self, prefix: str) -> bool:
        """Whether two requests below a path were ever under way at once."""
        spans = sorted((a.began, a.ended) for a in self.asked if a.path.startswith(prefix))
        return any(one[1] > other[0] for one, other in pairwise(spans))


def answer(items: Items, method: str, path: str, headers: Fields, body: bytes) -> Reply:
    """Status, JSON value (None for no body) and header fields."""
    if path.startswith("/__"):
        return _watched(items, path)
    if not path.startswith(items.base):
        return _missing()
    kind, _, name = path.removeprefix(items.base).lstrip("/").partition("/")
    handler = ROUTES.get(kind)
    return handler(items, method, name, headers, body) if handler else _missing()


def _missing() -> Reply:
    return 404, {"error": "nothing here"}, {}


def _watched(items: Items, path: str) -> Reply:
    if path == "/__version__":
        return 200, {"version": items.version, "commit": "c0ffee", "source": ""}, {}
    if path not in ("/__heartbeat__", "/__lbheartbeat__"):
        return _missing()
    status = 500 if items.health == "error" else 200
    return status, {"status": items.health, "checks": {"disk": items.health}}, {}


def _collection(items: Items, method: str, name: str, headers: Fields, body: bytes) -> Reply:
    if name:
        return _single(items, method, name, headers, body)
    if method == "POST":
        try:
            given = json.loads(body)["name"]
        except (ValueError, KeyError, TypeError):
            return 400, {"error": "name is missing"}, {}
        return _store(items, str(uuid.uuid4()), given, status=201)
    with items.lock:
        everything = list(items.stored.values())
    return 200, {"items": everything, "total": len(everything)}, {}


def _store(items: Items, name: str, given: str, status: int) -> Reply:
    now = datetime.now(UTC)
    item = {
        "id": name,
        "name": given,
        "created_at": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "last_modified": int(now.timestamp() * 1000),
    }
    with items.lock:
        items.stored[name] = item
    place = {"Location": f"{items.base}/items/{name}"} if status == HTTPStatus.CREATED else {}
    return status, item, {**place, "ETag": _tag(item)}


def _tag(item: dict[str, Any]) -> str:
    return f'"{item["id"][:8]}-{item["last_modified"]}"'


def _single(items: Items, method: str, name: str, headers: Fields, body: bytes) -> Reply:
    item = items.stored.get(name)
    if item is None:
        return _missing()
    tag = _tag(item)
    if headers.get("if-none-match") == tag:
        return 304, None, {"ETag": tag}
    if headers.get("if-match", tag) != tag:
        return 412, {"error": "it has changed"}, {}
    if method == "PUT":
        time.sleep(0.002)
        return _store(items, name, json.loads(body)["name"], status=200)
    if method == "DELETE":
        with items.lock:
            items.stored.pop(name, None)
        return 204, None, {}
    return 200, item, {"ETag": tag}


def _fact(items: Items, _method: str, _name: str, _headers: Fields, _body: bytes) -> Reply:
    return 200, items.fact, {"X-Rank": "high"}


def _slow(_items: Items, _method: str, name: str, _headers: Fields, _body: bytes) -> Reply:
    time.sleep(SLOW)
    return 200, {"word": name}, {}


def _whoami(_items: Items, _method: str, _name: str, headers: Fields, _body: bytes) -> Reply:
    """Give everything away that it was told, as a careless service does."""
    told = headers.get("authorization", "")
    if not told:
        return 401, {"error": "who are you?"}, {"WWW-Authenticate": "Bearer"}
    return 200, {"user": "ada", "authorization": told}, {"X-Told": told}


def _flip(items: Items, _method: str, _name: str, _headers: Fields, _body: bytes) -> Reply:
    """Another answer every other time."""
    nth = sum(each.path == f"{items.base}/flip" for each in items.asked)
    return 200, {"side": "heads" if nth % 2 == 0 else "tails"}, {}


def _broken(items: Items, *_: object) -> Reply:
    if items.fragile:
        items.health = "error"
    return 500, {"error": "out of order"}, {}


def _empty(*_: object) -> Reply:
    return 204, None, {}


ROUTES: dict[str, Callable[..., Reply]] = {
    "items": _collection,
    "fact": _fact,
    "slow": _slow,
    "whoami": _whoami,
    "flip": _flip,
    "broken": _broken,
    "empty": _empty,
}
"""What answers below each first segment of a path."""


class _Tee:
    """A stream that remembers what was read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.seen = b""

    def readline(self, size: int = -1) -> bytes:
        line = self._stream.readline(size)
        self.seen += line
        return line

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self.seen += piece
        return piece

    def close(self) -> None:
        self._stream.close()


class _Handler(BaseHTTPRequestHandler):
    """Speaks HTTP for ``answer``."""

    protocol_version = "HTTP/1.1"
    server_version = "Items/1.0"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: ItemServer

    def setup(self) -> None:
        """Listen to what is read, and count the connection."""
        super().setup()
        self.rfile = _Tee(self.rfile)  # type: ignore[assignment] # reads like one
        with self.server.items.lock:
            self.server.items.connections += 1

    def handle_one_request(self) -> None:
        """Forget the request before."""
        self.rfile.seen = b""  # type: ignore[attr-defined] # it is our own
        super().handle_one_request()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""

    def _respond(self) -> None:
        began = time.monotonic()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        raw = self.rfile.seen  # type: ignore[attr-defined] # it is our own
        headers = {name.lower(): value for name, value in self.headers.items()}
        path = urlsplit(self.path).path
        items = self.server.items
        status, value, more = answer(items, self.command, path, headers, body)
        asked = Asked(
            method=self.command, path=self.path, raw=raw, began=began, ended=time.monotonic()
        )
        with items.lock:
            items.asked.append(asked)
        text = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        if value is not None:
            self.send_header("Content-Type", "application/json")
        for name, content in more.items():
            self.send_header(name, content)
        if status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)
        self.wfile.flush()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _respond  # noqa: N815 - the base's names


class ItemServer(ThreadingHTTPServer):
    """A server of ``items`` on a loopback port, 0 for a free one."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, items: Items, port: int = 0) -> None:
        self.items = items
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def origin(self) -> str:
        """Scheme, host and port of its URLs."""
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        """Where its API lies."""
        return self.origin + self.items.base


@contextmanager
def serving_items(items: Items | None = None) -> Iterator[ItemServer]:
    """Run a server on a thread for the length of a ``with`` block."""
    server = ItemServer(items or Items())
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def main() -> None:
    """Serve on the port that the first argument names until asked to end.

    The second argument is a file that the process writes its id to.
    """
    items = Items(
        version=os.environ.get("ITEMS_VERSION", "1.0.0"),
        health=os.environ.get("ITEMS_HEALTH", "ok"),
    )
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    server = ItemServer(items, int(sys.argv[1]))
    for name in sys.argv[2:3]:
        Path(name).write_text(str(os.getpid()), "ascii")
    sys.stdout.write(f"serving on {server.origin}\n")
    sys.stdout.flush()
    server.serve_forever(0.02)


if __name__ == "__main__":
    main()
