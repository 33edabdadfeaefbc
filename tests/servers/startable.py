"""A small server to be started by a command, which behaves as its first argument says.

Usage: ``python startable.py MANNER PORT [FILE]``. Owns ways of starting, failing to start and
refusing to end. Must not know who starts it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Handler(BaseHTTPRequestHandler):
    """Answers ``/missing`` with 404, the first ``failures`` requests with 503, others with 200."""

    failures = 0

    def do_GET(self) -> None:
        """Answer a GET."""
        self.send_response(self.status())
        self.send_header("Content-Length", "0")
        self.end_headers()

    def status(self) -> int:
        """The status to answer with."""
        if Handler.failures > 0:
            Handler.failures -= 1
            return 503
        return 404 if self.path == "/missing" else 200


def serve(port: int) -> None:
    """Serve until ended."""
    server = HTTPServer(("127.0.0.1", port), Handler)
    say(f"serving on {port}")
    server.serve_forever(poll_interval=0.05)


def say(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def late(port: int) -> None:
    """Serve after a while."""
    time.sleep(0.3)
    serve(port)


def by_environment(_: int) -> None:
    """Serve on the port that the environment names."""
    serve(int(os.environ["PORT"]))


def recovering(port: int) -> None:
    """Fail three times, then serve."""
    Handler.failures = 3
    serve(port)


def failing(port: int) -> None:
    """Answer, always with 503."""
    Handler.failures = 1_000_000
    serve(port)


def silent(_: int) -> None:
    """Never listen."""
    time.sleep(60)


def dying(_: int) -> None:
    """Write 100 lines and exit with 3."""
    for number in range(100):
        say(f"line {number}")
    sys.stderr.write("no database: password hunter22\n")
    raise SystemExit(3)


def killed(_: int) -> None:
    """End by a signal."""
    os.kill(os.getpid(), signal.SIGKILL)


def unlucky(port: int) -> None:
    """Find the port taken until the file named last holds as many marks as it says."""
    file = Path(sys.argv[3])
    before, wanted = file.read_text(encoding="ascii").count("x"), int(sys.argv[4])
    file.write_text("x" * (before + 1), encoding="ascii")
    if before < wanted:
        sys.stderr.write("OSError: [Errno 98] Address already in use\n")
        raise SystemExit(1)
    serve(port)


def stubborn(port: int) -> None:
    """Ignore SIGTERM."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    serve(port)


def parental(port: int) -> None:
    """Serve beside a child that ignores SIGTERM."""
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True)"
    child = subprocess.Popen(
        [sys.executable, "-c", f"{code}; time.sleep(60)"], stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    child.stdout.readline()
    say(f"child {child.pid}")
    serve(port)


def noisy(port: int) -> None:
    """Write more than any pipe holds, then serve."""
    for number in range(2000):
        say(f"{number} " + "x" * 3000)
    sys.stdout.write("y" * 1_000_000)
    say("")
    serve(port)


MANNERS: dict[str, Callable[[int], None]] = {
    each.__name__: each
    for each in (
        serve,
        late,
        by_environment,
        recovering,
        failing,
        silent,
        dying,
        killed,
        unlucky,
        stubborn,
        parental,
        noisy,
    )
}

if __name__ == "__main__":
    MANNERS[sys.argv[1]](int(sys.argv[2]))
