"""``make bench``: what the product costs, side by side with others in one run.

Run it as ``python tests/bench [--quick] [NAME ...]``; ``--help`` lists the names.
"""

from __future__ import annotations

# ruff: noqa: T201 - the terminal is what a bench writes to
import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "extensions"), str(ROOT / "tests"), str(ROOT / "tests" / "bench")]

import builds  # noqa: E402
import editing  # noqa: E402
import examples  # noqa: E402
import executors  # noqa: E402
import history  # noqa: E402
import linkcheck  # noqa: E402
import linktruth  # noqa: E402
import pushing  # noqa: E402
import storage  # noqa: E402
import transport  # noqa: E402
import twins  # noqa: E402

from servers.nginx import find_nginx  # noqa: E402

BENCHES = {
    "examples": examples.bench,
    "builds": builds.bench,
    "twins": twins.bench,
    "links": linkcheck.bench,
    "truth": linktruth.bench,
    "editing": editing.bench,
    "transport": lambda *, quick: transport.main(1_000 if quick else 20_000),
    "storage": storage.bench,
    "history": history.bench,
    "executors": executors.bench,
    "pushing": pushing.bench,
}


def main() -> int:
    """Runs the benches that were named, or all of them."""
    parser = argparse.ArgumentParser(prog="tests/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}")
    parser.add_argument("--quick", action="store_true", help="small numbers, one round")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in BENCHES]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; known are {', '.join(BENCHES)}")
    if find_nginx() is None:
        print("nginx is not installed: apt-get install nginx-light", file=sys.stderr)
        return 2
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{os.cpu_count()} cores, load {load} (1, 5, 15 minutes) before the run")
    for name in arguments.names or BENCHES:
        BENCHES[name](quick=arguments.quick)
    return 0


if __name__ == "__main__":
    sys.exit(main())
