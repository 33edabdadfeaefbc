"""What it takes from saving one page of many until it is proven and written.

Owns the edits, and the comparison with what Sphinx alone takes for the same edit. The server is
started before it is needed, as ``honestdocs live`` does it. Must not know what a page holds.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from builds import OPERATIONS, PAGES, write_pages
from cost import Cost, run
from table import show, verdict

from honestdocs.verification.spare import VARIABLE, spares

ROOT = Path(__file__).resolve().parents[2]
MOST = 1.5
ROUNDS = 5
_PLAIN = 'project = "bench"\nextensions = ["sphinxcontrib.httpdomain"]\n'
_OURS = f"""project = "bench"
extensions = ["sphinxcontrib.httpdomain", "honestdocs"]
honestdocs_services = {{"notes": {{"command": ["{{python}}", {__file__!r}, "{{port}}"]}}}}
"""
_PROVEN = re.compile(r"([\d.]+) s from saved to proven")


class Notes(BaseHTTPRequestHandler):
    """Answers every request as the pages document it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b'{"version": "1.0"}' if "__" in self.path else b'{"id": 7, "title": "Groceries"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("ETag", '"0123456789abcdef"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_DELETE = _answer  # noqa: N815 - the base's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""


def bench(*, quick: bool) -> None:
    """Prints the ratio of wall time, with proving and without."""
    pages = 40 if quick else PAGES
    rounds = 1 if quick else ROUNDS
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as servers:
        folder = Path(name)
        plain = write_pages(folder / "plain", pages, _PLAIN)
        ours = write_pages(folder / "ours", pages, _OURS)
        with spares(Path(servers), sys.exit):
            for tree in (plain, ours):
                _sphinx(tree, servers)
            pairs = [_edited(plain, ours, servers, at) for at in range(rounds)]
    ratios = [both[1].wall / both[0].wall for both in pairs]
    proven = [float(found[1]) for _, b in pairs if (found := _PROVEN.search(b.output))]
    alone = statistics.median(a.wall for a, _ in pairs)
    middle = statistics.median(ratios)
    figures = [f"{n:.2f}" for n in (middle, min(ratios), max(ratios), MOST)]
    show(
        f"One saved page of {pages} with {OPERATIONS} operations each ({rounds} pairs)",
        ("ratio (median, least, most)", "median", "least", "most", "at most", ""),
        [["save to proven and written / Sphinx alone", *figures, verdict(middle, MOST, most=True)]],
    )
    print(  # noqa: T201 - the terminal is what a bench writes to
        f"Sphinx alone: {alone:.2f} s; proven {statistics.median(proven):.2f} s after the save"
    )


def _edited(plain: Path, ours: Path, servers: str, at: int) -> tuple[Cost, Cost]:
    """The cost of building both trees, each right after one of its pages was changed."""
    costs = []
    for tree in (plain, ours):
        page = tree / f"page{at}.rst"
        text = page.read_text("utf-8")
        page.write_text(text.replace("Accept: app", "X-Edited: yes\n      Accept: app", 1), "utf-8")
        costs.append(_sphinx(tree, servers))
    return costs[0], costs[1]


def _sphinx(tree: Path, servers: str) -> Cost:
    command = (sys.executable, "-m", "sphinx", "-b", "html", tree, tree / "build" / "html")
    env = {"PYTHONPATH": str(ROOT / "extensions"), VARIABLE: servers, "HONESTDOCS_TIMES": "1"}
    return run(command, cwd=tree, env={**os.environ, **env})


def main() -> None:
    """Serves on the port that the first argument names."""
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Notes)
    server.serve_forever()


if __name__ == "__main__":
    main()
