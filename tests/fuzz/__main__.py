"""Fuzzes the reference server with Schemathesis, from the document of its own operations.

    python tests/fuzz SCHEMATHESIS [EXAMPLES]

Nothing that can be sent makes the server fail (500), answer with what its document does not say, or
write a trace into its log.  The server is a real process on an empty folder with one account, whose
credentials go with every request.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[2]
TIMEOUT = 20
LONGEST = 600
USER, PASSWORD = "alice", "correct horse"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,unsupported_method"
AS_USER = (
    "--config-file",
    str(Path(__file__).with_name("schemathesis.toml")),
    "--exclude-path-regex",
    r"^/user/1\.0/\{username\}(/password)?$|weave-delete",
)
"""Options of the run in which every path is the account's own; what would end it is left out."""

SETTINGS = {
    "SYNCSERVER_REGISTRATION_STRICT_NAMES": "false",
    "SYNCSERVER_PASSWORD_MEMORY": "64",
    "SYNCSERVER_PASSWORD_ROUNDS": "1",
    "SYNCSERVER_BLACKLIST_ADMIN_PASSWORD": "open sesame",
    "SYNCSERVER_SHUTDOWN_GRACE": "0",
}


def main(schemathesis: str, examples: str) -> int:
    """Fuzz; return 0 when nothing was found."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("w") as output:
            server = start(Path(folder) / "data", output)
            try:
                url = read_url(server)
                found = fuzz(url, schemathesis, examples, AS_USER, folder)
                found += fuzz(url, schemathesis, examples, (), folder)
            finally:
                server.terminate()
                server.communicate(timeout=TIMEOUT)
        faults = read_faults(log)
    for fault in faults:
        sys.stdout.write(f"in the log: {fault}\n")
    return 1 if found or faults else 0


def start(data: Path, output: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "syncserver", "--port", "0", "--data", str(data)],
        env={**os.environ, **SETTINGS, "PYTHONPATH": str(ROOT / "reference")},
        stdout=subprocess.PIPE,
        stderr=output,  # type: ignore[arg-type] # a file
        text=True,
    )


def read_url(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    killer = threading.Timer(TIMEOUT, server.kill)
    killer.start()
    found = re.search(r"http://\S+", server.stdout.readline())
    killer.cancel()
    assert found, "the server does not start"
    draft = json.dumps({"email": "alice@example.com", "password": PASSWORD}).encode()
    urlopen(Request(f"{found[0]}/user/1.0/{USER}", draft, method="PUT"), timeout=TIMEOUT).close()  # noqa: S310 - our own server
    return found[0]


def fuzz(url: str, schemathesis: str, examples: str, options: tuple[str, ...], folder: str) -> int:
    return subprocess.run(
        [
            schemathesis,
            *options[:2],
            "run",
            f"{url}/openapi.json",
            "--checks",
            CHECKS,
            "--auth",
            f"{USER}:{PASSWORD}",
            "--max-examples",
            examples,
            "--suppress-health-check",
            "all",
            *options[2:],
        ],
        # It keeps notes of its own where it runs.
        cwd=folder,
        timeout=LONGEST,
        check=False,
    ).returncode


def read_faults(log: Path) -> list[str]:
    """The lines of the log that tell of a fault; every line must be JSON."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return [
        str(line["Fields"])[:2000]
        for line in lines
        if line["Fields"].get("code") == 500 or "traceback" in line["Fields"]
    ]


if __name__ == "__main__":
    sys.exit(main(str(Path(sys.argv[1]).absolute()), sys.argv[2] if len(sys.argv) > 2 else "30"))
