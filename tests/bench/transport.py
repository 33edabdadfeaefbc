"""What the transport costs: CPU per small request, and memory over many of them.

Prints, against a local nginx, microseconds of CPU time of this process per request (user and
system) at several concurrencies, then the growth of resident memory from 1,000 to 100,000
requests. Run it as ``python tests/bench/transport.py [REQUESTS]``.
"""

from __future__ import annotations

# ruff: noqa: T201 - the terminal is what a bench writes to
import gc
import resource
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "extensions"), str(ROOT / "tests")]

from honestdocs.contract.wire import Answer, WireRequest, WireResponse  # noqa: E402
from honestdocs.verification.transport import CurlTransport, Limits  # noqa: E402
from servers.nginx import BODY, nginx  # noqa: E402

CONCURRENCIES = (1, 16, 64)
ROUNDS = 5
FEW, MANY = 1_000, 100_000
HEADERS = (("Accept", "application/json"), ("Authorization", "Bearer example"))


class Load:
    """Sends a number of requests, a few hundred queued at a time, and checks each answer."""

    def __init__(self, transport: CurlTransport, origin: str) -> None:
        self.transport = transport
        self.origin = origin
        self.left = 0
        self.number = 0

    def run(self, count: int) -> None:
        self.left = count
        for _ in range(min(count, 200)):
            self.send()
        self.transport.run()

    def send(self) -> None:
        self.left -= 1
        self.number += 1
        url = f"{self.origin}/v1/items/{self.number}?page=2"
        self.transport.send(WireRequest(method="GET", url=url, headers=HEADERS), self.take)

    def take(self, answer: Answer) -> None:
        if not isinstance(answer, WireResponse) or answer.body != BODY.encode():
            raise SystemExit(f"unexpected answer: {answer}")
        if self.left > 0:
            self.send()


def transport(concurrency: int) -> CurlTransport:
    return CurlTransport(Limits(max_in_flight=concurrency, max_per_host=concurrency))


def microseconds(origin: str, concurrency: int, count: int) -> tuple[float, float]:
    """CPU and wall time per request."""
    with transport(concurrency) as engine:
        load = Load(engine, origin)
        load.run(FEW)
        cpu, wall = time.process_time(), time.perf_counter()
        load.run(count)
        spent = time.process_time() - cpu, time.perf_counter() - wall
    return spent[0] / count * 1e6, spent[1] / count * 1e6


def resident() -> int:
    """KiB of memory that are resident now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 1024


def growth(origin: str) -> tuple[int, int]:
    """Resident KiB after few and after many requests."""
    with transport(16) as engine:
        load = Load(engine, origin)
        load.run(FEW)
        gc.collect()
        few = resident()
        load.run(MANY - FEW)
        gc.collect()
        return few, resident()


def main(count: int = 20_000) -> None:
    print("\nThe transport alone, against nginx\n")
    with nginx() as origin:
        print(f"{'in flight':>10} {'CPU us':>8} {'(worst)':>8} {'wall us':>8} {'per CPU s':>10}")
        for concurrency in CONCURRENCIES:
            rounds = sorted(microseconds(origin, concurrency, count) for _ in range(ROUNDS))
            cpu, wall = rounds[ROUNDS // 2]
            worst = rounds[-1][0]
            print(f"{concurrency:>10} {cpu:>8.1f} {worst:>8.1f} {wall:>8.1f} {1e6 / cpu:>10,.0f}")
        few, many = growth(origin)
        print(f"resident: {few:,} KiB after {FEW:,}, {many:,} KiB after {MANY:,} requests")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
