"""What the history of all pages costs, beside one bare pass of Mercurial over its log.

Owns the three runs that matter: cold, with the next 100 changesets, with nothing new. Each is a
process of its own, and its CPU includes that of the Mercurial it asks. ``HISTORY_BENCH=100000``
says how many changesets, of which a tenth are pages.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from changesets import generate
from cost import Cost, run
from table import show, verdict

from servers.mercurial import HG, QUIET

ROOT = Path(__file__).resolve().parents[2]
CHANGESETS, MORE = 10_000, 100
PASS = r"{node} {p1.node} {p2.node} {date|hgdate}\n{author}\n{desc|firstline}\n{files}\n"
_OURS = """
import sys
from pathlib import Path
from honestdocs.hosting.history import History
from honestdocs.hosting.opening import open_repository
repository = open_repository(Path(sys.argv[1]))
names = Path(sys.argv[3]).read_text().split()
with History.open(Path(sys.argv[2]), repository, head=sys.argv[4] if sys.argv[4:] else "") as known:
    assert len(known.pages(names)) == len(names)
repository.close()
"""


def bench(*, quick: bool) -> None:
    """Prints the CPU of each run, and whether it keeps to what was promised."""
    count = 1_000 if quick else int(os.environ.get("HISTORY_BENCH", CHANGESETS))
    with tempfile.TemporaryDirectory() as folder:
        tree, names = Path(folder) / "tree", Path(folder) / "names"
        history = generate(tree, count, count // 10)
        names.write_text("\n".join(history.names))
        before = history.nodes[-MORE - 1].hex()
        bare = [_hg(tree), _hg(tree, "-T", PASS)]
        cold = _ours(tree, Path(folder) / "cold.sqlite", names)
        kept = Path(folder) / "kept.sqlite"
        files = _files(tree, before, Path(folder) / "before")
        _ours(tree, kept, files, before)
        more = _ours(tree, kept, names)
        same = _ours(tree, kept, names)
    rows = [
        _row("bare hg log", bare[0], None),
        _row("hg log with what is needed, without renames", bare[1], None),
        _row("cold, with the history of every page", cold, 2 * bare[0].cpu),
        _row(f"the next {MORE} changesets", more, 1.0),
        _row("nothing new", same, 0.3),
    ]
    title = f"History of {len(history.names):,} pages in {count:,} changesets"
    show(title, ("CPU seconds", "CPU", "at most", ""), rows)


def _row(name: str, cost: Cost, most: float | None) -> list[str]:
    if most is None:
        return [name, f"{cost.cpu:.2f}", "", ""]
    return [name, f"{cost.cpu:.2f}", f"{most:.2f}", verdict(cost.cpu, most, most=True)]


def _hg(tree: Path, *words: str) -> Cost:
    return run((HG, "log", *words), cwd=tree, env=QUIET)


def _ours(tree: Path, database: Path, names: Path, *head: str) -> Cost:
    command = (sys.executable, "-c", _OURS, tree, database, names, *head)
    return run(command, cwd=tree, env={"PYTHONPATH": str(ROOT / "extensions")})


def _files(tree: Path, node: str, to: Path) -> Path:
    """The pages of a changeset, in a file."""
    words = (HG, "files", "-r", node, "-T", "{path}\\n")
    with to.open("wb") as file:
        subprocess.run(words, cwd=tree, env={**os.environ, **QUIET}, stdout=file, check=True)
    return to
