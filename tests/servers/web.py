"""A web of hostile hosts: everything that a link can meet, on real sockets of this machine.

Owns the pages and what each does wrong. Every path tells its own story, so that a test reads as a
table. What was asked is kept, so that a test can see how politely.
"""

from __future__ import annotations

import gzip
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

HTML = """<!DOCTYPE html><html><head><title>t</title></head><body>
<h1 id="first">First</h1><a name="old">old</a><!-- id="hidden" -->
<p id="user-content-readme">x</p><p id="caf&eacute;">y</p><p id="a+b">z</p>{more}</body></html>"""
SCRIPT = "<script>var id='made'; document.body.innerHTML += '<p id=' + id + '>';</script>"


class Web:
    """A running web: its ``url``, and every request as method, path and time."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        self.asked: list[tuple[str, str, float]] = []
        self.headers: list[dict[str, str]] = []
        self.seen: Counter[str] = Counter()
        self.changed = False

    def methods(self, path: str) -> list[str]:
        """The methods that a path was asked with."""
        return [method for method, asked, _ in self.asked if asked == path]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    web: Web

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self) -> None:
        web, path = self.web, self.path
        web.asked.append((self.command, path, time.monotonic()))
        web.headers.append({name.lower(): value for name, value in self.headers.items()})
        web.seen[path] += 1
        name = "on_" + unquote(path).strip("/").partition("/")[0].partition("?")[0]
        getattr(self, name.replace("-", "_"), self.on_missing)()

    def _send(self, status: int, body: bytes | str = b"", **fields: str) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        fields.setdefault("Content_Type", "text/html; charset=utf-8")
        fields.setdefault("Content_Length", str(len(data)))
        for name, value in fields.items():
            if value:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def on_missing(self) -> None:
        self._send(404)

    def on_page(self) -> None:
        self._send(200, HTML.format(more=""))

    def on_scripted(self) -> None:
        self._send(200, HTML.format(more=SCRIPT))

    def on_gone(self) -> None:
        self._send(410)

    def on_text(self) -> None:
        self._send(200, "one\ntwo\n", Content_Type="text/plain")

    def on_latin(self) -> None:
        self._send(
            200, '<p id="caf\xe9">x</p>'.encode("latin-1"), Content_Type="text/html; charset=utf-8"
        )

    def on_moved(self) -> None:
        self._send(301, Location="/page")

    def on_found(self) -> None:
        self._send(302, Location="/page")

    def on_moved_twice(self) -> None:
        self._send(308, Location="/moved")

    def on_moved_to_anchor(self) -> None:
        self._send(301, Location="/page#old")

    def on_moved_to_nothing(self) -> None:
        self._send(301, Location="/nothing")

    def on_circle(self) -> None:
        self._send(302, Location="/circle-back")

    def on_circle_back(self) -> None:
        self._send(302, Location="/circle")

    def on_endless(self) -> None:
        number = int(self.path.rpartition("/")[2])
        self._send(302, Location=f"/endless/{number + 1}")

    def on_no_head(self) -> None:
        self._send(405 if self.command == "HEAD" else 200, HTML.format(more=""))

    def on_head_lies(self) -> None:
        self._send(404 if self.command == "HEAD" else 200, HTML.format(more=""))

    def on_head_drops(self) -> None:
        if self.command == "HEAD":
            self.close_connection = True
            self.connection.close()
        else:
            self._send(200)

    def on_flaky(self) -> None:
        self._send(503 if self.web.seen[self.path] <= 2 else 200)

    def on_down(self) -> None:
        self._send(503)

    def on_busy(self) -> None:
        """Too many requests at first, then an answer."""
        if self.web.seen[self.path] == 1:
            self._send(429, Retry_After="1")
        else:
            self._send(200)

    def on_always_busy(self) -> None:
        self._send(429, Retry_After="3600")

    def on_slow(self) -> None:
        time.sleep(3)
        self._send(200)

    def on_huge(self) -> None:
        """A page that never ends, or ends after very much."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(1 << 34))
        self.end_headers()
        if self.command == "HEAD":
            return
        try:
            for _ in range(4096):
                self.wfile.write(b"x" * 65536)
        except OSError:
            self.close_connection = True

    def on_cookie_wall(self) -> None:
        """Sent to itself until the cookie comes back."""
        if "seen=yes" in self.headers.get("Cookie", ""):
            self._send(200, HTML.format(more=""))
        else:
            self._send(302, Location=self.path, Set_Cookie="seen=yes; Path=/")

    def on_shout(self) -> None:
        if self.path == "/shout":
            self._send(301, Location="/SHOUT")
        else:
            self._send(200)

    on_SHOUT = on_shout  # noqa: N815 - the name is the path

    def on_slash(self) -> None:
        if self.path.endswith("/"):
            self._send(200, HTML.format(more=""))
        else:
            self._send(301, Location=f"{self.path}/")

    def on_gzip(self) -> None:
        self._send(200, gzip.compress(HTML.format(more="").encode()), Content_Encoding="gzip")

    def on_utf16(self) -> None:
        self._send(200, HTML.format(more="").encode("utf-16"), Content_Type="text/html")

    def on_no_type(self) -> None:
        self._send(200, HTML.format(more=""), Content_Type="")

    def on_pdf(self) -> None:
        self._send(200, "%PDF-1.7", Content_Type="application/pdf")

    def on_bare(self) -> None:
        self._send(200, "<P CLASS=x ID=Bare>x</P><p id='single'>y</p><a name=link>z</a>")

    def on_no_method(self) -> None:
        self._send(501 if self.command == "HEAD" else 200, HTML.format(more=""))

    def on_no_access(self) -> None:
        self._send(403 if self.command == "HEAD" else 200, HTML.format(more=""))

    def on_reset_at_first(self) -> None:
        if self.web.seen[self.path] <= 2:
            self.close_connection = True
            self.connection.close()
        else:
            self._send(200, HTML.format(more=""))

    def on_away(self) -> None:
        self._send(301, Location=f"//{self.headers['Host']}/page")

    def on_steering(self) -> None:
        """A reason that clears the screen of whoever shows it."""
        self.send_response(404, "\x1b[2JNothing")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def on_nowhere(self) -> None:
        self._send(302, Location="http://[nowhere")

    def on_choice(self) -> None:
        """Several versions of a page, of which the reader is to choose one."""
        self._send(300, HTML.format(more=""))

    def on_beside(self) -> None:
        self._send(302, Location="page")

    def on_spaced(self) -> None:
        self._send(302, Location="/page?a b")

    def on_busy_date(self) -> None:
        """Too many requests until a moment that is told as a date."""
        if self.web.seen[self.path] == 1:
            self._send(429, Retry_After=formatdate(time.time() + 2, usegmt=True))
        else:
            self._send(200)

    def on_busy_silent(self) -> None:
        self._send(429 if self.web.seen[self.path] == 1 else 200)

    def on_closed_for_a_moment(self) -> None:
        if self.web.seen[self.path] <= 2:
            self._send(503, Retry_After="1")
        else:
            self._send(200)

    def on_drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "1000")
        self.end_headers()
        with suppress(OSError):
            for _ in range(1000 if self.command != "HEAD" else 0):
                self.wfile.write(b" ")
                time.sleep(0.05)
        self.close_connection = True

    def on_secret(self) -> None:
        known = self.headers.get("Authorization") == "Basic YW5uOnB3"
        self._send(200 if known else 401)

    def on_tagged(self) -> None:
        """A page that tells whether it changed."""
        if self.headers.get("If-None-Match") == '"one"' and not self.web.changed:
            self._send(304, Content_Length="", ETag='"one"')
        else:
            self._send(200, HTML.format(more=""), ETag='"two"' if self.web.changed else '"one"')


@contextmanager
def serve_web() -> Iterator[Web]:
    """A web on a free port, until the end of the block."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # a client may leave
    web = handler.web = Web(server)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
