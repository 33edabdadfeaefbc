"""How fast the storage is, and whether it keeps its promises under load.

Owns the loads, the servers that they go to, and the two databases. Each line tells requests per
second as wrk saw them, CPU time of the server's process for each request, and from it the requests
per second that one core carries when it does nothing else; the work of PostgreSQL's own processes
is not in it. At the end sixteen clients write one collection by way of two servers: no record may
be lost and no time may be given twice. `TEST_POSTGRESQL` says where PostgreSQL is.
"""

from __future__ import annotations

# ruff: noqa: T201 - the terminal is what a bench writes to
import base64
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from sqlalchemy import make_url
from table import show, verdict

ROOT = Path(__file__).parents[2]
POSTGRESQL = os.environ.get("TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
TIMEOUT = 60

USER = "v64aw4knp6ittxnarcpmoi7smokoazsr"
EMAIL = "johndoe@example.com"
PASSWORD = "correct horse"
AUTHORIZATION = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
PAYLOAD = "x" * 500
CLIENTS = 16
CONNECTIONS = 16
AHEAD = 3
"""So many times the rate of the best historic peer is wanted."""
BATCH = [{"id": f"r{n:011}", "payload": PAYLOAD, "sortindex": n} for n in range(100)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One kind of request; `@` in path and body counts from 0 to 999 and begins again.

    ``peer`` and ``durable_peer`` are requests per second and core of the best historic peer.
    """

    name: str
    method: str
    path: str
    peer: int
    durable_peer: int
    body: object = None

    def render(self) -> str:
        """Return the script that tells wrk what to send."""
        body = "" if self.body is None else json.dumps(self.body)
        return (
            f'local headers = {{["Authorization"] = "{AUTHORIZATION}"}}\n'
            f"local body = [=[{body}]=]\n"
            "local count = 0\n"
            "request = function()\n"
            "  count = (count + 1) % 1000\n"
            f'  local path = string.gsub("/1.1/{USER}{self.path}", "@", count)\n'
            f'  return wrk.format("{self.method}", path, headers, body)\n'
            "end\n"
        )


LOADS = (
    Load(
        name="PUT one record",
        method="PUT",
        path="/storage/col/rec@",
        peer=700,
        durable_peer=70,
        body={"payload": PAYLOAD, "sortindex": 1},
    ),
    Load(
        name="POST 100 records",
        method="POST",
        path="/storage/many",
        peer=126,
        durable_peer=55,
        body=BATCH,
    ),
    Load(name="GET one record", method="GET", path="/storage/col/rec@", peer=750, durable_peer=750),
    Load(
        name="GET info/collections",
        method="GET",
        path="/info/collections",
        peer=600,
        durable_peer=600,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server."""

    process: subprocess.Popen[str]
    url: str

    def read_cpu(self) -> float:
        """Return the seconds of CPU that the process has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def send(self, method: str, path: str, body: object = None) -> tuple[int, object]:
        """Send one request on a connection of its own."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT)
        try:
            return exchange(connection, method, path, body)
        finally:
            connection.close()


def exchange(
    connection: http.client.HTTPConnection, method: str, path: str, body: object = None
) -> tuple[int, object]:
    """Send a request and return status and JSON of its answer, None when it is no JSON."""
    content = None if body is None else json.dumps(body)
    connection.request(method, path, content, {"Authorization": AUTHORIZATION})
    response = connection.getresponse()
    text = response.read()
    is_json = (response.headers["Content-Type"] or "").endswith("json")
    return response.status, json.loads(text) if is_json else None


@contextmanager
def serve(folder: Path, database: str, *, durable: bool) -> Iterator[Server]:
    """Run the server with its own defaults, but for the database."""
    settings = folder / "settings.toml"
    settings.write_text(
        f"[server]\ndatabase = {json.dumps(database)}\n"
        f"[database]\ndurable = {json.dumps(durable)}\n"
    )
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "syncserver", "--port", "0", "--data", str(folder)),
            *("--config", str(settings)),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT / "reference")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    killer = threading.Timer(TIMEOUT, process.kill)
    killer.start()
    line = process.stdout.readline() if process.stdout else ""
    killer.cancel()
    try:
        yield Server(process=process, url=line.split()[-1])
    finally:
        process.terminate()
        process.communicate(timeout=TIMEOUT)


@contextmanager
def create_postgresql() -> Iterator[str]:
    """Yield the URL of an empty database that is dropped at the end."""
    name = f"syncserver_bench_{uuid.uuid4().hex}"
    with psycopg.connect(POSTGRESQL, autocommit=True, connect_timeout=5) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def create_account(server: Server) -> None:
    """Make the account whose storage is measured."""
    status, _ = server.send("PUT", f"/user/1.0/{USER}", {"password": PASSWORD, "email": EMAIL})
    if status != http.client.OK:
        raise SystemExit(f"the account could not be made: {status}")


def fill(server: Server) -> None:
    """Write every record that is read, however few wrk comes to write."""
    for start in range(0, 1000, 100):
        batch = [{"id": f"rec{n}", "payload": PAYLOAD} for n in range(start, start + 100)]
        status, _ = server.send("POST", f"/1.1/{USER}/storage/col", batch)
        if status != http.client.OK:
            raise SystemExit(f"the records could not be written: {status}")


def measure(server: Server, load: Load, folder: Path, *, durable: bool, seconds: int) -> list[str]:
    """Let wrk send one kind of request and return a row about it."""
    script = folder / "load.lua"
    script.write_text(load.render())
    before = server.read_cpu()
    told = subprocess.run(
        [
            *("wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds}s"),
            *("--timeout", f"{TIMEOUT}s", "-s", str(script), server.url),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + TIMEOUT,
    ).stdout
    used = server.read_cpu() - before
    number = int(re.findall(r"(\d+) requests in", told)[0])
    seen = float(re.findall(r"Requests/sec:\s+([\d.]+)", told)[0])
    bad = re.findall(r"Non-2xx or 3xx responses: (\d+)", told)
    if bad:
        raise SystemExit(f"{load.name}: {bad[0]} of {number} requests were not answered with 2xx")
    target = AHEAD * (load.durable_peer if durable else load.peer)
    rate = number / used
    cells = [f"{seen:,.0f}", f"{used / number * 1e6:,.0f}", f"{rate:,.0f}", f"{target:,}"]
    return [load.name, *cells, verdict(rate, target, most=False)]


def run(name: str, database: str, *, durable: bool, seconds: int) -> None:
    """Measure all loads over one database."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        with serve(folder, database, durable=durable) as server:
            create_account(server)
            fill(server)
            rows = [
                measure(server, load, folder, durable=durable, seconds=seconds) for load in LOADS
            ]
    how = "durable" if durable else "not durable"
    head = ("requests", "seen a second", "CPU each, µs", "per core", "target", "")
    show(f"Storage on {name}, {how}: {CONNECTIONS} connections of wrk", head, rows)


def endure(name: str, database: str, seconds: float) -> None:
    """Write one collection with sixteen clients by way of two servers, and look what is there."""
    with tempfile.TemporaryDirectory() as made, serve(Path(made), database, durable=True) as one:
        create_account(one)
        with serve(Path(made), database, durable=True) as two:
            until = time.monotonic() + seconds
            with ThreadPoolExecutor(CLIENTS) as pool:
                jobs = [
                    pool.submit(write, (one, two)[n % 2], f"c{n}", until) for n in range(CLIENTS)
                ]
                written = {key: at for job in jobs for key, at in job.result().items()}
        _, found = one.send("GET", f"/1.1/{USER}/storage/col?full=1")
    kept = {record["id"]: record["modified"] for record in found}  # type: ignore[attr-defined]
    lost = [key for key, at in written.items() if kept.get(key) != at]
    twice = len(written) - len(set(written.values()))
    print(
        f"\n{name}: {CLIENTS} clients, 2 servers, {seconds:g} s: {len(written)} records written, "
        f"{len(lost)} lost, {twice} times given twice"
    )
    if lost or twice:
        raise SystemExit(1)


def write(server: Server, name: str, until: float) -> dict[str, float]:
    """Write records until it is time and return the time of each."""
    parts = urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT)
    written: dict[str, float] = {}
    while time.monotonic() < until:
        key = f"{name}-{len(written)}"
        path = f"/1.1/{USER}/storage/col/{key}"
        status, told = exchange(connection, "PUT", path, {"payload": key})
        if status != http.client.OK or not isinstance(told, float):
            raise SystemExit(f"a write was answered with {status}: {told}")
        written[key] = told
    connection.close()
    return written


def find_postgresql() -> bool:
    """Whether PostgreSQL answers."""
    try:
        with psycopg.connect(POSTGRESQL, connect_timeout=5):
            return True
    except psycopg.OperationalError:
        return False


def bench(*, quick: bool) -> None:
    """Print the figures of all loads over both databases, and how each endures many writers."""
    if shutil.which("wrk") is None:
        print("\nStorage: not measured, wrk is not installed: apt-get install wrk", file=sys.stderr)
        return
    seconds, writing = (1, 2) if quick else (5, 30)
    for durable in (True, False):
        run("SQLite", "", durable=durable, seconds=seconds)
    endure("SQLite", "", writing)
    if not find_postgresql():
        print("\nStorage on PostgreSQL: not measured, nothing answers there.", file=sys.stderr)
        return
    for durable in (True, False):
        with create_postgresql() as url:
            run("PostgreSQL", url, durable=durable, seconds=seconds)
    with create_postgresql() as url:
        endure("PostgreSQL", url, writing)
