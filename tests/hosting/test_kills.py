"""Kills without warning, at random moments of push, check and publication.

``HONESTDOCS_KILLS=100`` says how many; by default a few. After each the site is whole, nothing
that was accepted is lost, and the next push is accepted.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from functional.command import surroundings
from hosting.hosted import PAGES, Clone, Hosted, host
from servers.mercurial import HG

KILLS = int(os.environ.get("HONESTDOCS_KILLS", "6"))
LONGEST = 1.6
"""Seconds after which a push is killed at the latest: about as long as one takes."""
VICTIMS = ("pusher", "builder", "both")


@pytest.fixture
def hosted(tmp_path: Path) -> Iterator[Hosted]:
    found = host(tmp_path, PAGES)
    yield found
    found.stop()


def look(hosted: Hosted) -> int:
    """The number on the page that is served, which has to be whole."""
    text = hosted.page("first")
    assert text.rstrip().endswith("</html>")
    assert (hosted.home / "current" / "index.html").is_file()
    found = re.search(r"Number (\d+)", text)
    return int(found[1]) if found else 0


def kill_while_pushing(hosted: Hosted, clone: Clone, victim: str, delay: float) -> None:
    """Starts a push and kills someone in the middle of it."""
    with subprocess.Popen(
        [HG, "push"],
        cwd=clone.root,
        env=surroundings(HGRCPATH="", HGPLAIN="1"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as pusher:
        end = time.monotonic() + delay
        while time.monotonic() < end:
            look(hosted)
            time.sleep(0.02)
        builder = hosted.builder()
        with suppress(ProcessLookupError):
            if victim != "builder":
                os.killpg(pusher.pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            if victim != "pusher" and builder:
                os.kill(builder, signal.SIGKILL)
        pusher.wait(120)


@pytest.mark.slow
def test_whoever_is_killed_and_whenever_nothing_is_lost_and_the_site_is_whole(
    hosted: Hosted, tmp_path: Path
) -> None:
    seed = int(os.environ.get("HONESTDOCS_SEED", str(time.time_ns() % 10**6)))
    chance = random.Random(seed)  # noqa: S311 - it chooses victims, no secrets
    sys.stderr.write(f"HONESTDOCS_SEED={seed}\n")
    clone = hosted.clone(tmp_path / "clone")
    shown = 0
    for number in range(1, KILLS + 1):
        node = clone.commit(
            {"source/first.rst": PAGES["source/first.rst"] + f"\nNumber {number}.\n"}
        )
        victim = chance.choice(VICTIMS)
        kill_while_pushing(hosted, clone, victim, chance.uniform(0.0, LONGEST))
        now = look(hosted)
        assert now in (shown, number), (number, victim)
        hosted.hg("recover")
        accepted = hosted.ask("log", "-r", f"{node} and public()", "-T", "x") == "x"
        assert accepted or now == shown, "what was never accepted is published"
        said = clone.push()
        assert said.status in (0, 1), said.out
        if said.status == 1:
            assert "no changes found" in said.out, said.out
            _wake(hosted)
        shown = look(hosted)
        assert shown == number, (number, victim, said.out)
        assert hosted.served() == node[:12]
    verified = subprocess.run(
        [HG, "verify", "-q"], cwd=hosted.root, env=surroundings(HGRCPATH=""), check=False
    )
    assert verified.returncode == 0
    assert hosted.ask("log", "-r", "public()", "-T", "x") == "x" * (KILLS + 1)


def _wake(hosted: Hosted) -> None:
    """Lets a builder publish what was accepted when there was none, as ``host serve`` does."""
    words = [sys.executable, "-m", "honestdocs", "host", "builder", str(hosted.root), "--idle", "1"]
    tip = hosted.tip()[:12]
    end = time.monotonic() + 60
    while hosted.served() != tip and time.monotonic() < end:
        subprocess.run(words, env=surroundings(), check=True, timeout=60)


def test_a_publication_that_is_cut_short_anywhere_is_brought_to_its_end(tmp_path: Path) -> None:
    """Every step of a publication on disk, one after the other, is where it may have ended."""
    from honestdocs.hosting.release import Site  # noqa: PLC0415 - only this test looks inside

    built = tmp_path / "built"
    built.mkdir()
    for end in range(5):
        site = Site(tmp_path / f"site{end}")
        site.folder.mkdir()
        (built / "index.html").write_text("old")
        site.prepare(built, "a" * 40)
        site.publish("a" * 40)
        (built / "index.html").write_text("new text")
        aside = site.prepare(built, "b" * 40)
        if end > 0:
            (site.folder / ".publishing").write_text("b" * 12)
        if end > 1:
            aside.rename(site.releases / ("b" * 12))
        if end > 2:
            (site.folder / ".current.1234").symlink_to("releases/" + "b" * 12)
        if end > 3:
            (site.folder / ".current.1234").replace(site.link)
        whole = (site.link / "index.html").read_text()
        assert whole == ("new text" if end > 3 else "old")
        site.recover()
        assert (site.link / "index.html").read_text() == ("new text" if end > 0 else "old")
        assert not list(site.folder.glob(".*"))
