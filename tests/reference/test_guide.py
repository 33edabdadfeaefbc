"""The service that the guide writes: it runs as it stands there."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "source/guide/new-service.rst"
TIMEOUT = 20


def read_service() -> str:
    block = re.search(
        r"^\.\. code-block:: python\n\n((?: {3}.*\n|\n)+)", PAGE.read_text("utf-8"), re.MULTILINE
    )
    assert block
    return textwrap.dedent(block[1])


def test_the_service_of_the_guide_has_what_all_services_have(
    tmp_path: Path, connect: Any, environment: dict[str, str]
) -> None:
    path = tmp_path / "notes.py"
    path.write_text(read_service(), "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-W", "error", str(path), "0"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        client = connect(process.stdout.readline().strip())
        assert client.send("PUT", "/notes/shopping", None, b"bread").status == 204
        answer = client.send("GET", "/notes/shopping")
        assert (answer.status, answer.body) == (200, b"bread")
        assert answer.headers["X-Request-Id"]
        missing = client.send("GET", "/notes/none").json()
        assert missing == {"title": "Not Found", "status": 404, "detail": "There is no such note."}
        assert client.send("PUT", "/notes/shopping", None, b"x" * 5000).status == 413
        assert client.send("POST", "/notes/shopping").headers["Allow"] == "GET, PUT"
        assert client.send("GET", "/__heartbeat__").json()["checks"]["notes"] == "ok"
        assert set(client.send("GET", "/openapi.json").json()["paths"]) == {"/notes/{name}"}
    finally:
        process.terminate()
        process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0
