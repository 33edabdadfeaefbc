"""How many examples are verified per second of CPU, by us and by others.

Owns the comparison on one contract and one trivial server. Sphinx is left out on all sides.
"""

from __future__ import annotations

# ruff: noqa: T201 - the terminal is what a bench writes to
import json
import pickle
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from corpus import LOCATIONS, Documented, as_json, documented
from cost import run
from pages import pages
from table import show, verdict

from servers.nginx import nginx

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "build" / "bench" / "venv" / "bin"
TARGET = 8_000
FEW, MANY = 1_000, 100_000
_SUITE = """
import json, pathlib
import pytest, requests

EXAMPLES = json.loads(pathlib.Path(__file__).with_name("examples.json").read_text())
SESSION = requests.Session()

@pytest.mark.parametrize("example", EXAMPLES)
def test_example(example):
    answer = SESSION.request(example["method"], "{origin}" + example["path"],
                             headers=example["sent"], data=example["body"] or None)
    assert answer.status_code == example["status"]
    for name, value in example["headers"].items():
        assert answer.headers[name] == value
    assert answer.json() == example["answer"]
"""


def bench(*, quick: bool) -> None:
    """Prints rates of all tools, and what our memory does from a few examples to many."""
    rounds = 1 if quick else 5
    count = 500 if quick else 10_000
    with nginx(locations=LOCATIONS) as origin, tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        ours = [_ours(count, origin, place) for _ in range(rounds)]
        values = [_ours(count, origin, place, generated=True) for _ in range(rounds)]
        rows = _our_rows("honestdocs", count, ours)
        rows += _our_rows("honestdocs, all values generated", count, values)
        best = count / statistics.median(f["cpu"] - f["assembling"] for f in ours)
        for name, number, cpu in _peers(origin, place, quick=quick):
            rate = number / cpu
            rows.append([name, f"{number:,}", f"{rate:,.0f}", "", f"{best / rate:.0f}", ""])
        head = ("examples verified per CPU second", "examples", "rate", "target", "ours is ×", "")
        show("Verifying documented examples against nginx", head, rows)
        if not quick:
            _memory(origin, place)


def _our_rows(name: str, count: int, facts: list[dict[str, float]]) -> list[list[str]]:
    proving = count / statistics.median(f["cpu"] - f["assembling"] for f in facts)
    whole = count / statistics.median(f["cpu"] for f in facts)
    met = verdict(proving, TARGET, most=False)
    return [
        [name, f"{count:,}", f"{proving:,.0f}", f"{TARGET:,}", "1", met],
        ["  with the pairing of its blocks", f"{count:,}", f"{whole:,.0f}", "", "", ""],
    ]


def _ours(count: int, origin: str, place: Path, *, generated: bool = False) -> dict[str, float]:
    found = {p.name: pickle.dumps(p) for p in pages(documented(count, generated=generated))}
    file, state = place / "pages", place / f"state-{len(list(place.iterdir()))}"
    file.write_bytes(pickle.dumps(found))
    state.mkdir()
    done = run((sys.executable, Path(__file__).with_name("ours.py"), file, origin, state), cwd=ROOT)
    facts: dict[str, float] = json.loads(done.output.strip().splitlines()[-1])
    if facts["outcomes"] != {"passed": count}:
        raise SystemExit(f"not all examples passed: {facts}")
    return facts


def _peers(origin: str, place: Path, *, quick: bool) -> Iterator[tuple[str, int, float]]:
    """Name, examples and CPU seconds of each other tool; none where they are not installed."""
    if not (PEERS / "pytest").exists():
        print("The other tools are not installed: make bench installs them.")
        return
    number = 100 if quick else 2_000
    (place / "examples.json").write_text(as_json(documented(number)))
    (place / "test_examples.py").write_text(_SUITE.replace("{origin}", origin))
    command = (PEERS / "pytest", "-q", "-p", "no:cacheprovider", place / "test_examples.py")
    yield "pytest and requests", number, run(command, cwd=place).cpu
    number = 50 if quick else 500
    (place / "openapi.json").write_text(json.dumps(_openapi(list(documented(number)))))
    command = (PEERS / "st", "run", place / "openapi.json", "--url", origin, "--phases", "examples")
    yield "Schemathesis, examples phase", number, run(command, cwd=place).cpu


def _openapi(examples: list[Documented]) -> dict[str, object]:
    """The same examples as an OpenAPI document, an operation each."""
    paths: dict[str, dict[str, object]] = {}
    for example in examples:
        operation: dict[str, object] = {
            "parameters": [
                {
                    "name": "q",
                    "in": "query",
                    "schema": {"type": "string"},
                    "example": "a",
                }
            ],
            "responses": {
                str(example.status): {
                    "description": "",
                    "content": {"application/json": {"schema": {"type": "object"}}},
                }
            },
        }
        if example.body:
            body = {"schema": {"type": "object"}, "example": json.loads(example.body)}
            operation["requestBody"] = {"content": {"application/json": body}}
        paths.setdefault(example.path, {})[example.method.lower()] = operation
    info = {"title": "Notes", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": paths}


def _memory(origin: str, place: Path) -> None:
    rows = []
    for count in (FEW, MANY):
        facts = _ours(count, origin, place)
        grown = facts["peak"] - facts["before"]
        left = grown - facts["kept"]
        rows.append(
            [
                f"{count:,} examples",
                f"{facts['before'] / 1024:,.0f}",
                f"{grown / 1024:,.1f}",
                f"{facts['kept'] / 1024:,.1f}",
                f"{left / 1024:,.1f}",
                f"{1024 * left / count:,.0f}",
            ]
        )
    head = (
        "memory of ours, MiB",
        "contract read",
        "running adds",
        "results kept",
        "the rest",
        "bytes an example",
    )
    show("Memory, from few examples to many", head, rows)
