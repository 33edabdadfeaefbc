"""Serves a real Kinto, all in memory, for its documentation to be run against.

Run it as ``python serve.py PORT`` with the Python of the environment that has Kinto; it
listens on 127.0.0.1 until it is sent SIGTERM or SIGINT. The settings are in ``kinto.ini``.
Not by ``kinto start``: what ``--port`` says counts only where the ini file has a variable
for it.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import waitress
from pyramid.paster import get_app

SETTINGS = Path(__file__).with_name("kinto.ini")


def main() -> None:
    """Serve until stopped; the exit status is 2 for wrong usage."""
    parser = argparse.ArgumentParser(description="Serve a Kinto that keeps all in memory.")
    parser.add_argument("port", type=int)
    port = parser.parse_args().port
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # Kinto tells of this file at its root URL, and logs an error where there is none.
    os.environ["KINTO_INI"] = os.path.relpath(SETTINGS)
    with tempfile.TemporaryDirectory(prefix="kinto-") as folder:
        app = get_app(str(SETTINGS), options={"version_json": str(write_version(Path(folder)))})
        waitress.serve(app, host="127.0.0.1", port=port)


def write_version(folder: Path) -> Path:
    """The file behind ``/__version__``: without one Kinto has no answer there."""
    path = folder / "version.json"
    path.write_text(json.dumps({"name": "kinto", "version": version("kinto")}), encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
