"""What workers cost: the same examples sent inline, by threads, by processes and by a cluster.

Owns the comparison. Sphinx is left out, and how long pages take is known from a run before.
"""

from __future__ import annotations

import json
import os
import pickle
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus import LOCATIONS, documented
from cost import run
from pages import pages
from table import show

from servers.cluster import serving_cluster
from servers.nginx import nginx

ROOT = Path(__file__).resolve().parents[2]
SPREAD = Path(__file__).with_name("spread.py")


def bench(*, quick: bool) -> None:
    """Prints wall and CPU of each executor as ratios to inline, for few examples and for many."""
    rounds = 1 if quick else 3
    with (
        nginx(locations=LOCATIONS) as origin,
        tempfile.TemporaryDirectory() as folder,
        _executors(Path(folder)) as executors,
    ):
        for count in (100, 1_000 if quick else 10_000):
            facts = {text: [] for text in executors}
            for _ in range(rounds):
                for text in executors:
                    facts[text].append(_spread(count, origin, Path(folder), text))
            _show(count, facts)


@contextmanager
def _executors(folder: Path) -> Iterator[tuple[str, ...]]:
    """Inline first, then workers as many as there are cores."""
    cores = os.cpu_count() or 1
    names = [f"worker{n}" for n in range(cores)]
    with serving_cluster(folder / "cluster", *names) as cluster:
        yield ("inline", f"threads:{cores}", f"processes:{cores}", cluster.address)


def _spread(count: int, origin: str, place: Path, executor: str) -> dict[str, float]:
    file = place / f"pages-{count}"
    if not file.exists():
        file.write_bytes(pickle.dumps({p.name: pickle.dumps(p) for p in pages(documented(count))}))
    state = Path(tempfile.mkdtemp(dir=place))
    done = run((sys.executable, SPREAD, file, origin, state, executor), cwd=ROOT)
    facts: dict[str, float] = json.loads(done.output.strip().splitlines()[-1])
    if facts.pop("outcomes") != {"passed": count}:
        raise SystemExit(f"{executor}: not all examples passed: {done.output}")
    return facts


def _show(count: int, facts: dict[str, list[dict[str, float]]]) -> None:
    """A table with the median of each figure; other processes keep their CPU to themselves."""
    middle = {
        text: {name: statistics.median(f[name] for f in found) for name in ("wall", "cpu")}
        for text, found in facts.items()
    }
    base = middle["inline"]
    rows = []
    for text, found in middle.items():
        away = text.startswith(("tcp:", "processes:"))
        rows.append(
            [
                "a Dask cluster" if text.startswith("tcp:") else text,
                f"{found['wall']:.3f} s",
                f"{found['wall'] / base['wall']:.2f}",
                "" if away else f"{found['cpu']:.3f} s",
                "" if away else f"{found['cpu'] / base['cpu']:.2f}",
            ]
        )
    head = ("executor", "wall", "× inline", "CPU", "× inline")
    show(f"{count:,} examples against nginx, workers called and sent away", head, rows)
