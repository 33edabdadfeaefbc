"""What the gate costs a pusher: pushes of one changed page with it, and bare ones."""

from __future__ import annotations

# ruff: noqa: T201 - the terminal is what a bench writes to
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from hosting.hosted import Clone, Hosted, honestdocs, run
from servers.mercurial import HG

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = ROOT.parent / "shared" / "corpora" / "mozilla-services-docs.hg"
HEAD = "f8a15bd4df1c"


def bench(*, quick: bool) -> None:
    """Times pushes to a bare repository and to a hosted one, in turn; prints the medians."""
    if not BUNDLE.is_file():
        print(f"pushing: the history of real pages is not at {BUNDLE}")
        return
    folder = Path(tempfile.mkdtemp(prefix="pushing"))
    hosted = Hosted(root=folder / "docs")
    try:
        done = honestdocs(folder, "host", "init", "docs", "--from", str(BUNDLE))
        if done.status:
            raise SystemExit(done.out)
        run([HG, "clone", "-q", "--noupdate", str(BUNDLE), "bare"], folder)
        run([HG, "clone", "-q", "-r", HEAD, str(hosted.root), "clone"], folder)
        _compare(Clone(root=folder / "clone"), folder / "bare", 3 if quick else 12)
    finally:
        hosted.stop()
        shutil.rmtree(folder)


def _compare(clone: Clone, bare: Path, rounds: int) -> None:
    bares, gated = [], []
    for number in range(rounds + 1):
        text = (clone.root / "source" / "tos.rst").read_text("utf-8")
        clone.commit({"source/tos.rst": f"{text}\nLine {number}.\n"})
        bares.append(_timed(clone, str(bare)))
        gated.append(_timed(clone, "default"))
    first, plain, full = gated[0], statistics.median(bares[1:]), statistics.median(gated[1:])
    print(f"push of one page, median of {rounds}: bare {plain:.2f} s, with the gate {full:.2f} s,")
    print(f"  {full - plain:+.2f} s; the first, which starts the builder: {first:.2f} s")


def _timed(clone: Clone, to: str) -> float:
    began = time.perf_counter()
    said = clone.push("-f", to)
    if said.status:
        raise SystemExit(said.out)
    return time.perf_counter() - began
