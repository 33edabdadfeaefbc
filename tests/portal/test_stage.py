"""What is there for readers who try a request on the server that the portal keeps running."""

from __future__ import annotations

import base64
import os
import time
import urllib.request
from pathlib import Path

from honestdocs.contract.configuration import Service
from honestdocs.portal.kept import Kept
from honestdocs.verification.surroundings import real_surroundings

ROOT = Path(__file__).resolve().parents[2]
USER = "v64aw4knp6ittxnarcpmoi7smokoazsr"


def service(setup: str) -> Service:
    return Service(
        name="storage",
        command="{python} -m syncserver --port {port}",
        env={"PYTHONPATH": str(ROOT / "reference"), "SYNCSERVER_SHUTDOWN_GRACE": "0"},
        setup=setup,
    )


def test_a_kept_server_knows_what_the_setup_of_its_pages_makes(tmp_path: Path) -> None:
    kept = Kept(real_surroundings(tmp_path, now=time.time, environ=os.environ))
    try:
        origin = kept.endpoint(service(str(ROOT / "source/services/storage/account.http"))).origin
        word = base64.b64encode(f"{USER}:correct horse".encode()).decode()
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{origin}/1.1/{USER}/info/collections", headers={"Authorization": f"Basic {word}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own server
            assert answer.read() == b"{}"
    finally:
        kept.close()


def test_a_setup_that_cannot_be_read_keeps_no_server_from_running(tmp_path: Path) -> None:
    kept = Kept(real_surroundings(tmp_path, now=time.time, environ=os.environ))
    try:
        assert kept.endpoint(service("nowhere.http")).origin.startswith("http://127.0.0.1:")
    finally:
        kept.close()
