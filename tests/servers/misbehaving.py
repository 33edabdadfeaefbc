"""A server on a raw socket that misbehaves in whatever way the path of a request names.

Owns the bytes that a bad (or merely unusual) server puts on the wire.
Must not know the client that it is bad to: any HTTP client can be pointed at it.
Hanging and endless answers last until the client leaves or the server is closed, at most
``PATIENCE`` seconds, so that no test waits for one.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PATIENCE = 30.0
"""Seconds after which a hanging or endless answer gives up."""

BOMB_SIZE = 64 * 1024 * 1024
"""Bytes that the answer of ``/bomb`` has once it is decompressed."""


TLS_HELLO = b"\x16\x03"
"""How a client begins that speaks TLS to a port that does not."""


def plain(body: bytes, *fields: bytes, status: bytes = b"200 OK") -> bytes:
    """Return a whole, well-framed response."""
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *fields]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _chunked(*chunks: bytes, trailer: bytes = b"") -> bytes:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(chunks) + b"0\r\n" + trailer + b"\r\n"


def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1024 * 1024)
    parts = [packer.compress(zeros) for _ in range(BOMB_SIZE // len(zeros))]
    return b"".join(parts) + packer.flush()


WHOLE: dict[str, bytes] = {
    "/ok": plain(b'{"ok": true}', b"Content-Type: application/json"),
    "/no-reason": plain(b"", status=b"200"),
    "/empty-reason": plain(b"", status=b"200 "),
    "/long-reason": plain(b"", status=b"404 It is not here: sorry"),
    "/odd-status": plain(b"", status=b"799 Odd"),
    "/teapot": plain(b"short", status=b"418 I'm a teapot"),
    "/redirect": plain(b"", b"Location: /ok", status=b"302 Found"),
    "/no-content": b"HTTP/1.1 204 No Content\r\nX-Last: 1\r\n\r\n",
    "/not-modified": b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 12\r\n\r\n',
    "/duplicates": plain(b"", b"Set-Cookie: a=1", b"X-Between: x", b"Set-Cookie: b=2"),
    "/empty-header": plain(b"", b"X-Empty:", b"X-Spaces:   ", b"X-Tight:a:b"),
    "/latin-1": plain(b"", b"X-Name: caf\xe9"),
    "/utf-8": plain(b"", "X-Name: café".encode()),
    "/folded": plain(b"", b"X-Folded: one\r\n two"),
    "/bare-lf": b"HTTP/1.1 200 OK\nContent-Length: 2\nX-A: b\n\nhi",
    "/chunked": _chunked(b"3\r\nabc\r\n", b"4;ext=1\r\ndefg\r\n"),
    "/trailers": _chunked(b"2\r\nhi\r\n", trailer=b"X-Trailer: late\r\n"),
    "/early-hints": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 2 + plain(b"final"),
    "/continue": b"HTTP/1.1 100 Continue\r\n\r\n" + plain(b"final"),
    "/switching": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nX-Seen: yes\r\n\r\n\x81\x02hi",
    "/gzip": plain(gzip.compress(b"unpacked"), b"Content-Encoding: gzip"),
    "/deflate": plain(zlib.compress(b"unpacked"), b"Content-Encoding: deflate"),
    "/bad-gzip": plain(b"this is not gzip", b"Content-Encoding: gzip"),
    "/cut-gzip": plain(gzip.compress(b"unpacked" * 99)[:20], b"Content-Encoding: gzip"),
    "/unknown-coding": plain(b"????", b"Content-Encoding: x-secret"),
    "/bomb": plain(_bomb(), b"Content-Encoding: gzip"),
}
"""Answers after which the connection stays open."""

LAST: dict[str, bytes] = {
    "/close": b"",
    "/until-close": b"HTTP/1.1 200 OK\r\nX-A: b\r\n\r\nall that there is",
    "/http-1.0": b"HTTP/1.0 200 OK\r\n\r\nold",
    "/extra-body": plain(b"hi") + b"and more than was announced",
    "/big-body": plain(bytes(300_000)),
    "/big-header": plain(b"", b"X-Big: " + b"x" * 100_000),
    "/cut-status": b"HTTP/1.1 20",
    "/cut-head": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Half",
    "/cut-body": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
    "/cut-chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nonly this",
    "/bad-status": b"HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n",
    "/no-status": b"HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
    "/bad-version": b"HTTP/7.3 200 OK\r\nContent-Length: 0\r\n\r\n",
    "/http-0.9": b"<html>the whole of an answer</html>\n",
    "/binary": bytes(range(256)) * 4,
    "/no-colon": b"HTTP/1.1 200 OK\r\nthis line has no colon\r\n\r\n",
    "/nul-header": b"HTTP/1.1 200 OK\r\nX-Nul: a\x00b\r\nContent-Length: 0\r\n\r\n",
    "/bad-chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n",
    "/huge-chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\n",
    "/bad-length": b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nbody",
    "/negative-length": b"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nbody",
}
"""Answers after which the server closes the connection."""

ENDLESS: dict[str, tuple[bytes, bytes]] = {
    "/hang": (b"", b""),
    "/hang-in-status": (b"HTTP/1.1 2", b""),
    "/hang-in-head": (b"HTTP/1.1 200 OK\r\nX-A: b\r\n", b""),
    "/hang-in-body": (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this", b""),
    "/hang-after-interim": (b"HTTP/1.1 100 Continue\r\n\r\n", b""),
    "/endless-body": (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536),
    "/endless-chunks": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"1000\r\n" + b"x" * 4096 + b"\r\n",
    ),
    "/endless-header": (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 8192),
    "/endless-headers": (b"HTTP/1.1 200 OK\r\n", b"X-Again: and again\r\n" * 64),
    "/endless-status": (b"HTTP/1.1 200 ", b"x" * 8192),
    "/endless-interim": (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 64),
    "/endless-trailers": (_chunked(b"2\r\nhi\r\n")[:-2], b"X-Again: and again\r\n" * 64),
}
"""Answers that never end: how they begin, and what is then repeated (nothing: silence)."""


@dataclass(slots=True)
class MisbehavingServer:
    """A running server; ``requests`` are the raw bytes of those received, in order."""

    listener: socket.socket
    tls: ssl.SSLContext | None = None
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    left: threading.Event = field(default_factory=threading.Event)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.listener.getsockname()[1])

    @property
    def origin(self) -> str:
        """The scheme, host and port of its URLs."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Stop listening and let go of every hanging answer."""
        self.left.set()
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self) -> None:
        """Serve each connection on a thread of its own until closed."""
        while not self.left.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(PATIENCE)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls is None:
                self._converse(connection)
            else:
                with self.tls.wrap_socket(connection, server_side=True) as secured:
                    self._converse(secured)

    def _converse(self, connection: socket.socket) -> None:
        nth = 0
        while (request := read_request(connection)) is not None:
            nth += 1
            self.requests.append(request)
            if not self._answer(connection, request, nth):
                return

    def _answer(self, connection: socket.socket, request: bytes, nth: int) -> bool:
        method, target = (*request.split(b" ", 2), b"", b"")[:2]
        path = target.split(b"?")[0].decode("latin-1")
        if path in PARTICULAR:
            return PARTICULAR[path](self, connection, request, nth)
        if path in ENDLESS:
            self._repeat(connection, *ENDLESS[path])
            return False
        answer = WHOLE.get(path, LAST.get(path, plain(b"", status=b"404 Not Found")))
        connection.sendall(
            answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if method == b"HEAD" else answer
        )
        return path not in LAST

    def _repeat(self, connection: socket.socket, start: bytes, more: bytes) -> None:
        connection.sendall(start)
        if not more:
            self.left.wait(PATIENCE)
        end = time.monotonic() + PATIENCE
        while more and not self.left.is_set() and time.monotonic() < end:
            connection.sendall(more)


def read_request(connection: socket.socket) -> bytes | None:
    """Return the next whole request as raw bytes, or ``None`` where the client left."""
    received = b""
    while b"\r\n\r\n" not in received:
        more = connection.recv(65536)
        if not more:
            return None
        received += more
        if received.startswith(TLS_HELLO):
            connection.sendall(plain(b"", status=b"400 Bad Request"))
            return None
    head, _, body = received.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def _echo(_: MisbehavingServer, connection: socket.socket, request: bytes, __: int) -> bool:
    """Answer with the request as it was received."""
    answer = plain(request, b"Content-Type: message/http")
    bodiless = request[:5].upper() == b"HEAD "
    connection.sendall(answer[: -len(request)] if bodiless else answer)
    return True


def _trickle(server: MisbehavingServer, connection: socket.socket, _: bytes, __: int) -> bool:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    end = time.monotonic() + PATIENCE
    while not server.left.wait(0.02) and time.monotonic() < end:
        connection.sendall(b"x")
    return False


def _reset(_: MisbehavingServer, connection: socket.socket, request: bytes, __: int) -> bool:
    if b"/reset-in-body" in request:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
        time.sleep(0.02)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def _once(_: MisbehavingServer, connection: socket.socket, __: bytes, nth: int) -> bool:
    """Answer the first request of a connection, close at the second without a word."""
    if nth == 1:
        connection.sendall(plain(b"first"))
    return nth == 1


def _once_then_half(_: MisbehavingServer, connection: socket.socket, __: bytes, nth: int) -> bool:
    """Answer the first request of a connection, close in the middle of the second's answer."""
    connection.sendall(plain(b"first") if nth == 1 else b"HTTP/1.1 200 OK\r\nContent-")
    return nth == 1


PARTICULAR: dict[str, Callable[[MisbehavingServer, socket.socket, bytes, int], bool]] = {
    "/echo": _echo,
    "/trickle": _trickle,
    "/reset": _reset,
    "/reset-in-body": _reset,
    "/once": _once,
    "/once-then-half": _once_then_half,
}
"""Answers that depend on the request or on time; each returns whether to go on."""


@contextmanager
def misbehaving(tls: ssl.SSLContext | None = None) -> Iterator[MisbehavingServer]:
    """Run a server on a free loopback port for the length of a ``with`` block."""
    server = MisbehavingServer(socket.create_server(("127.0.0.1", 0), backlog=128), tls)
    thread = threading.Thread(target=server.accept, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join(5)


@contextmanager
def deaf() -> Iterator[int]:
    """Yield the port of a listener whose backlog is full: connecting to it never ends."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = int(listener.getsockname()[1])
        waiting = [socket.socket() for _ in range(4)]
        for client in waiting:
            client.settimeout(0)
            with suppress(BlockingIOError):
                client.connect(("127.0.0.1", port))
        try:
            yield port
        finally:
            for client in waiting:
                client.close()


@contextmanager
def nobody() -> Iterator[int]:
    """Yield a loopback port that is reserved and on which nothing listens."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield int(reserved.getsockname()[1])
