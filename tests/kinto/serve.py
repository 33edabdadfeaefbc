"""Serves a real Kinto, all in memory, for its documentation to be run against.

Run it as ``python serve.py PORT`` with the Python of the environment that has Kinto; it
listens on 127.0.0.1 until it is sent SIGTERM or SIGINT. The settings are in ``kinto.ini``.
``kinto start`` is not used: with ``--port`` it listens on the port of the ini file all the
same, unless that file has a variable for it.
"""

from __future__ import annotations

import json
import signal
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import waitress
from pyramid.paster import get_app

SETTINGS = Path(__file__).with_name("kinto.ini")


def main(arguments: list[str]) -> int:
    """Serves until stopped; returns the exit status, 2 for wrong usage."""
    if len(arguments) != 1 or not arguments[0].isdigit():
        print("usage: serve.py PORT", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with tempfile.TemporaryDirectory(prefix="kinto-") as folder:
        app = get_app(str(SETTINGS), options={"version_json": str(write_version(Path(folder)))})
        waitress.serve(app, host="127.0.0.1", port=int(arguments[0]))
    return 0


def write_version(folder: Path) -> Path:
    """The file behind ``/__version__``: without one Kinto has no answer there."""
    path = folder / "version.json"
    path.write_text(json.dumps({"name": "kinto", "version": version("kinto")}), encoding="utf-8")
    return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
