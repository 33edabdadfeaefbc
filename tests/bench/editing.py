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
from collections.abc import Callable, Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from builds import OPERATIONS, PAGES, write_pages
from cost import Cost, run
from table import show, verdict

from honestdocs.sphinxext import garbage, timing
from honestdocs.verification.spare import VARIABLE, spares

ROOT = Path(__file__).resolve().parents[2]
MOST = 1.5
ROUNDS = 5
_PLAIN = 'project = "bench"\nextensions = ["sphinxcontrib.httpdomain"]\n'
_OURS = f"""project = "bench"
extensions = ["sphinxcontrib.httpdomain", "honestdocs"]
honestdocs_services = {{"notes": {{"command": ["{{python}}", {__file__!r}, "{{port}}"]}}}}
"""
_SAID = re.compile(r"([\d.]+) s from saved to proven")


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
    """Prints the ratios of wall and CPU time, as ``honestdocs live`` and as Sphinx build."""
    pages = 40 if quick else PAGES
    rounds = 1 if quick else ROUNDS
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as servers:
        folder = Path(name)
        plain = write_pages(folder / "plain", pages, _PLAIN)
        ours = write_pages(folder / "ours", pages, _OURS)
        usual = {VARIABLE: servers}
        live = {**usual, garbage.VARIABLE: "1", timing.VARIABLE: "1"}
        with spares(Path(servers), sys.exit):
            for tree in (plain, ours):
                _sphinx(tree, usual)
            found = [
                (
                    _edited(plain, f"page{at}.rst", usual),
                    _edited(ours, f"page{at}.rst", live),
                    _edited(ours, f"page{at + rounds}.rst", usual),
                )
                for at in range(rounds)
            ]
    title = f"One saved page of {pages} with {OPERATIONS} operations each ({rounds} rounds)"
    lives = [(ours, alone) for alone, ours, _ in found]
    others = [(ours, alone) for alone, _, ours in found]
    rows = [
        _row("wall from save to proven / Sphinx alone", lives, _proven, MOST),
        _row("wall from save to proven and written", lives, _wall, None),
        _row("CPU of the same", lives, _cpu, None),
        _row("wall by sphinx-build, not as honestdocs live builds", others, _wall, None),
        _row("CPU of the same", others, _cpu, None),
    ]
    show(title, ("ratio (median, least, most)", "median", "least", "most", "at most", ""), rows)


def _proven(cost: Cost) -> float:
    """What the build says of the time to its proof; of Sphinx alone, the whole of its build."""
    told = _SAID.search(cost.output)
    return float(told[1]) if told else cost.wall


def _wall(cost: Cost) -> float:
    return cost.wall


def _cpu(cost: Cost) -> float:
    return cost.cpu


def _row(
    name: str,
    pairs: Iterable[tuple[Cost, Cost]],
    of: Callable[[Cost], float],
    target: float | None,
) -> list[str]:
    """What ours cost as a multiple of Sphinx alone, as a row of the table."""
    ratios = [of(ours) / of(alone) for ours, alone in pairs]
    middle = statistics.median(ratios)
    figures = [f"{ratio:.2f}" for ratio in (middle, min(ratios), max(ratios))]
    if target is None:
        return [name, *figures, "", ""]
    return [name, *figures, f"{target:.2f}", verdict(middle, target, most=True)]


def _edited(tree: Path, name: str, environment: Mapping[str, str]) -> Cost:
    """The cost of building a tree right after one of its pages was changed."""
    page = tree / name
    text = page.read_text("utf-8")
    page.write_text(text.replace("Accept: app", "X-Edited: yes\n      Accept: app", 1), "utf-8")
    return _sphinx(tree, environment)


def _sphinx(tree: Path, environment: Mapping[str, str]) -> Cost:
    command = (sys.executable, "-m", "sphinx", "-b", "html", tree, tree / "build" / "html")
    env = {"PYTHONPATH": str(ROOT / "extensions"), **environment}
    return run(command, cwd=tree, env={**os.environ, **env})


def main() -> None:
    """Serves on the port that the first argument names."""
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Notes)
    server.serve_forever()


if __name__ == "__main__":
    main()
