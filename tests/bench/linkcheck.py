"""What a check of links costs, beside lychee and Sphinx's linkcheck, at equal politeness.

Owns the cases, the commands and the ratios. CPU is that of the checker's whole process tree. Each
pair runs one after the other against the same nginx, and the median of the ratios counts.

Compared is what somebody runs after a build: both find the tree built, ours reads what the build
noted of links (what that costs the build is a row of its own), lychee the HTML. Both look for
fragments, keep their answers, and may have as many requests in flight at a host and as few
milliseconds between them; lychee asks with GET, as it does by default, ours with HEAD where no
fragment is looked for. Our modules are compiled before, as they are once installed. Links within
the tree are part of it: lychee looks for their files, the build has judged ours. Must not know what
a tree holds.
"""

from __future__ import annotations

# ruff: noqa: T201 - the terminal is what a bench writes to
import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from cost import Cost, run
from linktree import HOSTS, Shape, web, write
from table import show, verdict

ROOT = Path(__file__).resolve().parents[2]
LYCHEE = ROOT / "build" / "bench" / "venv" / "bin" / "lychee"
PER_HOST, INTERVAL = 10, 0.05
FREE = {"per_host": PER_HOST, "in_flight": 128, "rate": 1_000_000, "burst": 1_000_000}
POLITE = {**FREE, "rate": 1 / INTERVAL, "burst": 1}
ENDED = frozenset((0, 1, 2, 3))
_ENV = {
    "PYTHONPATH": str(ROOT / "extensions"),
    "PYTHONPYCACHEPREFIX": str(ROOT / "build" / "bench" / "bytecode"),
    "PYTHONDONTWRITEBYTECODE": "",
    "NO_COLOR": "1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A tree, how fast each host may be asked, and the targets as parts of lychee's figures."""

    name: str
    shape: Shape
    settings: dict[str, object]
    rounds: int
    wall: float
    cpu: float | None = None
    warm: bool = False
    sphinx: bool = False


def cases(*, quick: bool) -> list[Case]:
    """The cases of the issue; quick ones are small and run once."""
    whole = Shape(pages=50, addresses=300) if quick else Shape()
    busy = 40 if quick else 160
    polite = Shape(pages=50, addresses=busy * 5)
    grouped = replace(whole, busiest=1 / HOSTS, grouped=True)
    few = Shape(pages=50, links=20, addresses=300, busiest=0.1, few=20 if quick else 60)
    many = 1 if quick else 7
    once = 1 if quick else 3
    return [
        Case(name="unthrottled, cold", shape=whole, settings=FREE, rounds=many, cpu=0.2, wall=0.3),
        Case(
            name="unthrottled, warm",
            shape=whole,
            settings=FREE,
            rounds=many,
            cpu=0.15,
            wall=0.25,
            warm=True,
        ),
        Case(name="50 ms a host", shape=polite, settings=POLITE, rounds=once, wall=1.0),
        Case(
            name="50 ms a host, grouped by host",
            shape=grouped,
            settings=POLITE,
            rounds=once,
            wall=0.4,
        ),
        Case(name="429 and Retry-After", shape=few, settings=FREE, rounds=once, wall=0.3),
    ]


def bench(*, quick: bool) -> None:
    """Prints the figures of all cases beside each other."""
    if not LYCHEE.exists():
        print("\nlychee is not here: make bench installs it", file=sys.stderr)
        return
    run((sys.executable, "-m", "compileall", "-q", ROOT / "extensions"), cwd=ROOT, env=_ENV)
    rows: list[list[str]] = []
    with tempfile.TemporaryDirectory(prefix="links-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        with web(place / "web") as port:
            for number, case in enumerate(cases(quick=quick)):
                tree = write(place / f"tree{number}", port, case.shape, case.settings)
                rows += _compare(case, tree)
                if number == 0:
                    collecting = _collecting(tree)
                    reference = _reference(tree)
                shutil.rmtree(tree)
    head = ("checking links", "ours", "lychee", "ratio", "least", "most", "at most", "")
    show("Links: honestdocs and lychee (medians of pairs)", head, rows)
    head = ("beside", "ours", "other", "ratio", "at most", "")
    show("Links: the build and Sphinx's linkcheck", head, [collecting, reference])


def _compare(case: Case, tree: Path) -> list[list[str]]:
    _build(tree)
    if case.warm:
        _ours(tree), _lychee(tree, case)
    pairs = []
    for _ in range(case.rounds):
        if not case.warm:
            _forget(tree)
        pairs.append((_ours(tree), _lychee(tree, case)))
    rows = []
    if case.cpu is not None:
        rows.append(_row(f"{case.name}: CPU s", [(a.cpu, b.cpu) for a, b in pairs], case.cpu))
    rows.append(_row(f"{case.name}: wall s", [(a.wall, b.wall) for a, b in pairs], case.wall))
    return rows


def _row(name: str, pairs: list[tuple[float, float]], target: float) -> list[str]:
    ratios = [ours / theirs for ours, theirs in pairs]
    middle = statistics.median(ratios)
    seconds = [statistics.median(column) for column in zip(*pairs, strict=True)]
    figures = [f"{figure:.2f}" for figure in (*seconds, middle, min(ratios), max(ratios), target)]
    return [name, *figures, verdict(middle, target * _TOLERANCE.get(target, 1.0), most=True)]


_TOLERANCE = {1.0: 1.02}
"""Where the busiest host is everybody's floor, equal is what two clocks call equal."""


def _build(tree: Path) -> Cost:
    command = (sys.executable, "-m", "sphinx", "-q", "-b", "html", "-d", "d", ".", "html")
    return run(command, cwd=tree, env=_ENV)


def _forget(tree: Path) -> None:
    for name in ("honestdocs-links.sqlite", ".lycheecache"):
        (tree / name).unlink(missing_ok=True)


def _ours(tree: Path) -> Cost:
    command = (sys.executable, "-m", "honestdocs", "links", "--from-build", tree / "d")
    return _clean(run(command, cwd=tree, env=_ENV, allowed=ENDED))


def _lychee(tree: Path, case: Case) -> Cost:
    milliseconds = 0 if case.settings is FREE else round(INTERVAL * 1000)
    command = (
        *(LYCHEE, "--no-progress", "--include-fragments", "--cache"),
        *("--host-concurrency", str(PER_HOST), "--host-request-interval", f"{milliseconds}ms"),
        "html",
    )
    return _clean(run(command, cwd=tree, allowed=ENDED))


def _clean(cost: Cost) -> Cost:
    if cost.status:
        print(f"ended with {cost.status}: {cost.output[-300:]}", file=sys.stderr)
    return cost


# What collecting costs the build, and Sphinx's own check.

_PROBE = """
import atexit, time
from honestdocs.links.collector import LinkCollector
from honestdocs.sphinxext.linking import Indexer

spent = [0.0]


def timed(wrapped):
    def call(*arguments):
        begun = time.process_time()
        try:
            return wrapped(*arguments)
        finally:
            spent[0] += time.process_time() - begun

    return call


LinkCollector.process_doc = timed(LinkCollector.process_doc)
Indexer.note = timed(Indexer.note)
atexit.register(lambda: print(f"SPENT {spent[0]} {time.process_time()}"))
"""


def _collecting(tree: Path) -> list[str]:
    """CPU of a clean build that collecting and judging take, measured within the build."""
    conf = tree / "conf.py"
    text = conf.read_text()
    conf.write_text(text + _PROBE)
    shutil.rmtree(tree / "d")
    shutil.rmtree(tree / "html")
    told = _build(tree).output.split("SPENT ")[1].split()
    conf.write_text(text)
    spent, whole = float(told[0]), float(told[1])
    ratio = spent / (whole - spent)
    figures = [f"{spent:.3f}", f"{whole - spent:.2f}", f"{ratio:.4f}", "0.01"]
    return [
        "collecting / the rest of an HTML build: CPU s",
        *figures,
        verdict(ratio, 0.01, most=True),
    ]


def _reference(tree: Path) -> list[str]:
    """Sphinx's linkcheck with 50 workers after the same build."""
    _forget(tree)
    _build(tree)
    ours = _ours(tree)
    command = (sys.executable, "-m", "sphinx", "-q", "-b", "linkcheck", "-d", "d", ".", "checked")
    theirs = run(command, cwd=tree, env=_ENV, allowed=ENDED)
    ratio = ours.wall / theirs.wall
    figures = [f"{ours.wall:.2f}", f"{theirs.wall:.2f}", f"{ratio:.3f}", "-"]
    return ["unthrottled, cold / linkcheck, 50 workers: wall s", *figures, ""]
