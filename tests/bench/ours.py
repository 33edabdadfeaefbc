"""One verification by the product, in a process of its own, and what it cost.

Owns the same steps that a build takes after reading: unpack the pages, assemble, prove, measure
the coverage, keep. Run as ``python ours.py PAGES ORIGIN FOLDER``; prints the facts as JSON. Must
not know what they are compared with.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "extensions"), str(ROOT / "tests")]

from honestdocs.contract.assembly import Contract, assemble  # noqa: E402
from honestdocs.contract.configuration import Service  # noqa: E402
from honestdocs.contract.coverage import measure  # noqa: E402
from honestdocs.sphinxext.garbage import tune_collector  # noqa: E402
from honestdocs.verification.prover import Proof, Prover  # noqa: E402
from honestdocs.verification.store import Store  # noqa: E402
from honestdocs.verification.surroundings import real_surroundings  # noqa: E402


def resident(fact: str = "VmRSS") -> int:
    """KiB of memory that are resident now, or were at most (``VmHWM``)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{fact}:"):
            return int(line.split()[1])
    return 0


def forget_peak() -> None:
    """Let ``VmHWM`` begin anew, where the kernel allows it."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def unpack(file: Path) -> Contract:
    """The contract of the pages that a file holds, packed as the extension keeps them."""
    packed: dict[str, bytes] = pickle.loads(file.read_bytes())  # noqa: S301 - the bench wrote it
    return assemble(tuple(pickle.loads(data) for data in packed.values()))  # noqa: S301 - the same


def prove(contract: Contract, origin: str, folder: Path) -> Proof:
    """Everything that a check does but reading pages and printing."""
    service = Service(name="notes", url=origin)
    around = real_surroundings(folder, now=time.time, environ=os.environ)
    with Store.open(folder / "outcomes.sqlite", now=time.time()) as store:
        proof = Prover((service,), store, around).prove(contract)
    measure(contract.operations, contract.examples, proof.results)
    return proof


def main() -> None:
    """Prints what a run cost: CPU seconds of the process, KiB of memory."""
    file, origin, folder = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    tune_collector()
    begun = time.process_time()
    contract = unpack(file)
    assembled = time.process_time()
    before = resident()
    forget_peak()
    proof = prove(contract, origin, folder)
    spent = time.process_time() - begun
    peak = resident("VmHWM")
    gc.collect()
    after = resident()
    outcomes = Counter(str(result.outcome) for result in proof.results.values())
    kept = len(pickle.dumps(proof.results)) // 1024
    facts = {
        "outcomes": outcomes,
        "cpu": spent,
        "assembling": assembled - begun,
        "before": before,
        "peak": peak,
        "after": after,
        "kept": kept,
    }
    print(json.dumps(facts))  # noqa: T201 - the bench reads it


if __name__ == "__main__":
    main()
