"""A real web server on a free port, on a thread, for the length of a ``with`` block.

Owns starting and ending it, and plain requests to it. Must not know what is expected.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.types import ASGIApp

from honestdocs.portal.server import bind, make_server, url_of

SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A portal that is being served."""

    port: int
    url: str

    def ask(
        self,
        path: str,
        method: str = "GET",
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Got:
        """The answer to a request whose path is sent as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            fields = {"Host": f"127.0.0.1:{self.port}", **(headers or {})}
            if body is not None:
                fields.setdefault("Content-Length", str(len(body)))
            for name, value in fields.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Got(status=response.status, headers=found, body=response.read())
        finally:
            connection.close()


@contextmanager
def serving(app: ASGIApp, closing: Callable[[], None] = lambda: None) -> Iterator[Served]:
    """Serve an application until the block is left."""
    with bind("127.0.0.1", 0) as listener:
        server = make_server(app, closing)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield Served(port=listener.getsockname()[1], url=url_of(listener).rstrip("/"))
        finally:
            server.should_exit = True
            thread.join(SECONDS)
            assert not thread.is_alive()
