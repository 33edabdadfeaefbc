"""One verification by an executor, in a process of its own, and what it cost.

Run as ``python spread.py PAGES ORIGIN FOLDER EXECUTOR``: examples are proven once to learn how long
they take, and then again by the executor; prints the facts of that as JSON. Must not know what they
are compared with.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "extensions"), str(ROOT / "tests")]

from honestdocs.contract.configuration import Service  # noqa: E402
from honestdocs.verification.executor import parse_executor  # noqa: E402
from honestdocs.verification.plan import Options  # noqa: E402
from honestdocs.verification.prover import Prover  # noqa: E402
from honestdocs.verification.store import Store  # noqa: E402
from honestdocs.verification.surroundings import real_surroundings  # noqa: E402


def spent() -> float:
    """CPU seconds of this process and of its children that have ended."""
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def main() -> None:
    """Prints what the second run cost: seconds of wall and of CPU."""
    from ours import unpack  # noqa: PLC0415 - workers import this module, and need none of it

    file, origin, folder, executor = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4]
    contract = unpack(file)
    service = Service(name="notes", url=origin)
    around = real_surroundings(folder, now=time.time, environ=os.environ)
    with Store.open(folder / "outcomes.sqlite", now=time.time()) as store:
        Prover((service,), store, around).prove(contract)
        prover = Prover(
            (service,),
            store,
            around,
            options=Options(all=True),
            executor=parse_executor(executor),
        )
        cpu, wall = spent(), time.perf_counter()
        proof = prover.prove(contract)
        cpu, wall = spent() - cpu, time.perf_counter() - wall
    outcomes = Counter(str(result.outcome) for result in proof.results.values())
    print(json.dumps({"outcomes": outcomes, "cpu": cpu, "wall": wall}))  # noqa: T201 - the bench reads it


if __name__ == "__main__":
    main()
