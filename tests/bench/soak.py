"""``make soak``: many open pages for minutes, while the service behind them falls and rises.

Run it as ``python tests/bench/soak.py [--pages N] [--minutes M]``. Owns the readers, the flapping
and the measuring; the portal is a process of its own, so that what is measured is it alone.
"""

# ruff: noqa: T201 - the terminal is what a bench writes to
from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "extensions"), str(ROOT / "tests")]

from portal.living import INDEX, PAGE, Switch, build  # noqa: E402 - the path comes first
from sphinxext.project import Project  # noqa: E402 - the path comes first

FLAP = 6.0
"""Seconds for which the service is up, and then down."""

SETTLE = 60.0
IDLE = 30.0
MOST_GROWTH = 0.05
MOST_IDLE = 0.10
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Reader:
    """One open page: what it was last told."""

    health: str = ""
    state: str = ""
    watching: bool = False
    events: int = 0
    broken: int = 0


@dataclass(slots=True, kw_only=True)
class Soaked:
    """What was measured: resident memory in bytes, processor time as a share of one core."""

    readers: list[Reader]
    memory: list[int] = field(default_factory=list)
    flapping: float = 0.0
    idle: float = 0.0
    flaps: int = 0

    @property
    def growth(self) -> float:
        """How much memory has grown from the second quarter of the time to the last."""
        quarter = max(1, len(self.memory) // 4)
        early = statistics.median(self.memory[quarter : 2 * quarter] or self.memory)
        return statistics.median(self.memory[-quarter:]) / early - 1

    @property
    def right(self) -> int:
        """Pages that ended in the right state."""
        return sum((r.health, r.state, r.watching) == ("ok", "passed", True) for r in self.readers)


async def read(reader: Reader, port: int) -> None:
    """Reads events as a browser does: comes back when the stream breaks."""
    while True:
        with suppress(OSError):
            await _read_stream(reader, port)
        reader.broken += 1
        await asyncio.sleep(1)


async def _read_stream(reader: Reader, port: int) -> None:
    stream, sink = await asyncio.open_connection("127.0.0.1", port)
    sink.write(b"GET /_portal/events?page=api/tea HTTP/1.1\r\nHost: localhost\r\n\r\n")
    name = ""
    try:
        async for line in stream:
            word, _, rest = line.decode().rstrip("\n").partition(": ")
            if word == "event":
                name = rest
            elif word == "data":
                _take(reader, name, json.loads(rest))
    finally:
        sink.close()


def _take(reader: Reader, name: str, data: dict[str, object]) -> None:
    reader.events += 1
    if name == "service":
        reader.health = str(data["health"])
    elif name == "page":
        reader.state = str(data["state"])
    elif name == "pulse":
        reader.watching = bool(data["watching"])


@contextmanager
def portal(site: Path) -> Iterator[tuple[int, int]]:
    """A portal of a site as a process: its id and its port."""
    words = ["serve", "--site", str(site), "--port", "0", "--heartbeat", "1s", "--prove", "30s"]
    process = subprocess.Popen(
        [sys.executable, "-m", "honestdocs", *words], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        found = re.search(r":(\d+)/", process.stdout.readline())
        assert found is not None
        yield process.pid, int(found[1])
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def memory_of(pid: int) -> int:
    """Resident bytes of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def time_of(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


async def soak(  # noqa: PLR0913 - the facts of a soak
    pid: int, port: int, switch: Switch, *, pages: int, seconds: float, idle: float
) -> Soaked:
    """Opens pages, lets the service flap, lets it settle, then only watches."""
    soaked = Soaked(readers=[Reader() for _ in range(pages)])
    tasks = [asyncio.create_task(read(reader, port)) for reader in soaked.readers]
    began, used = time.monotonic(), time_of(pid)
    while time.monotonic() - began < seconds:
        soaked.flaps += 1
        await asyncio.to_thread(switch.on if soaked.flaps % 2 == 0 else switch.off)
        await asyncio.sleep(FLAP)
        soaked.memory.append(memory_of(pid))
    soaked.flapping = (time_of(pid) - used) / (time.monotonic() - began)
    if soaked.flaps % 2:
        await asyncio.to_thread(switch.on)
    end = time.monotonic() + SETTLE
    while soaked.right < pages and time.monotonic() < end:  # noqa: ASYNC110 - it is somebody else's state
        await asyncio.sleep(0.2)
    began, used = time.monotonic(), time_of(pid)
    await asyncio.sleep(idle)
    soaked.idle = (time_of(pid) - used) / (time.monotonic() - began)
    soaked.memory.append(memory_of(pid))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return soaked


def run(folder: Path, *, pages: int, seconds: float, idle: float = IDLE) -> Soaked:
    """The whole soak, in a folder of its own."""
    switch = Switch()
    switch.on()
    project = Project(folder=folder).write({"index": INDEX, "api/tea": PAGE})
    site = build(project, switch)
    try:
        with portal(site) as (pid, port):
            return asyncio.run(soak(pid, port, switch, pages=pages, seconds=seconds, idle=idle))
    finally:
        switch.off()


def main() -> int:
    """Soaks and tells; 1 where a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=5.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), pages=arguments.pages, seconds=arguments.minutes * 60)
    megabytes = [size / 2**20 for size in found.memory]
    events = sum(reader.events for reader in found.readers)
    broken = sum(reader.broken for reader in found.readers)
    print(f"{len(found.readers)} open pages, {found.flaps} flaps, {events} events, {broken} breaks")
    print(f"in the right state at the end: {found.right} of {len(found.readers)}")
    print(
        f"memory: {megabytes[0]:.1f} MiB at first, {max(megabytes):.1f} at most, "
        f"{megabytes[-1]:.1f} at last; growth {found.growth:+.1%} (at most {MOST_GROWTH:.0%})"
    )
    print(f"processor: {found.flapping:.1%} of a core while flapping")
    print(f"processor: {found.idle:.1%} of a core when idle (at most {MOST_IDLE:.0%})")
    good = found.right == len(found.readers) and found.growth <= MOST_GROWTH
    return 0 if good and found.idle <= MOST_IDLE else 1


if __name__ == "__main__":
    sys.exit(main())
