"""Unusual pushes, over HTTP and over the file system: each is let in or refused as a whole."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from functional.command import surroundings
from hosting.hosted import CONF, PAGES, SECONDS, Clone, Hosted, add_user, host, serving, with_login
from servers.mercurial import HG

PASSWORD = "correct-horse-battery"
HANGING = f"""{CONF}
import time
from pathlib import Path

def hang(app, page, text):
    if "HANG" in text[0]:
        Path({{mark!r}}).touch()
        time.sleep(600)

def setup(app):
    app.connect("source-read", hang)
"""
HANGS = "hangs"
"""The file beside the repository that is there once a check hangs."""
FIRST = PAGES["source/first.rst"]


@pytest.fixture(scope="module")
def module_served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hosted, str]]:
    folder = tmp_path_factory.mktemp("host")
    conf = HANGING.format(mark=str(folder / HANGS))
    hosted = host(folder, PAGES, conf=conf)
    assert add_user(hosted, "alice", PASSWORD).status == 0
    with serving(hosted, "--plain-push") as url:
        yield hosted, with_login(url, "alice", PASSWORD) + "/hg"


@pytest.fixture
def hosted(module_served: tuple[Hosted, str]) -> Hosted:
    module_served[0].set("time_limit = 120\n")
    return module_served[0]


@pytest.fixture(params=["file", "http"])
def clone(
    request: pytest.FixtureRequest, module_served: tuple[Hosted, str], tmp_path: Path
) -> Clone:
    """A clone whose pushes go over the file system, or over HTTP."""
    hosted, login = module_served
    found = hosted.clone(tmp_path / "clone")
    if request.param == "http":
        (found.root / ".hg" / "hgrc").write_text(f"[paths]\ndefault = {login}\n")
    return found


def test_a_check_that_hangs_is_ended_and_the_next_push_is_let_in(
    hosted: Hosted, clone: Clone
) -> None:
    hosted.set("time_limit = 2\n")
    before = hosted.tip()
    clone.commit({"source/first.rst": FIRST + "\nHANG\n"})
    said = clone.push()
    assert said.status != 0
    assert "could not be checked" in said.docs[0]
    assert "took longer than 2 s" in said.docs[1]
    assert hosted.tip() == before
    hosted.set("time_limit = 120\n")
    node = clone.commit({"source/first.rst": FIRST + f"\nNo more {clone.root}.\n"})
    assert clone.push().status == 0
    assert hosted.served() == node[:12]


def test_a_pusher_who_is_killed_leaves_nothing_behind(hosted: Hosted, clone: Clone) -> None:
    before, served = hosted.tip(), hosted.served()
    (hosted.root.parent / HANGS).unlink(missing_ok=True)
    clone.commit({"source/first.rst": FIRST + "\nHANG\n"})
    with subprocess.Popen(
        [HG, "push"],
        cwd=clone.root,
        env=surroundings(HGRCPATH="", HGPLAIN="1"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as pusher:
        mark = hosted.root.parent / HANGS
        end = time.monotonic() + SECONDS
        while not mark.exists() and time.monotonic() < end:
            time.sleep(0.02)
        os.killpg(pusher.pid, signal.SIGKILL)
    hosted.set("time_limit = 3\n")  # over HTTP the server does not notice before it answers
    clone.ask("debugstrip", "--no-backup", "-q", ".")
    hosted.stop()
    hosted.hg("recover")
    assert hosted.tip() == before
    assert hosted.served() == served
    hosted.set("time_limit = 120\n")
    node = clone.commit({"source/first.rst": FIRST + f"\nAfter the end of {clone.root}.\n"})
    said = clone.push()
    assert said.status == 0, said.out
    assert hosted.served() == node[:12]
    assert "HANG" not in hosted.page("first")


def test_five_hundred_changesets_are_checked_as_one(hosted: Hosted, clone: Clone) -> None:
    patches = clone.root.parent / "patches"
    patches.write_text(
        "".join(_patch(f"grown-{clone.root.parent.name}.txt", n) for n in range(500))
    )
    done = clone.ask("import", "-q", str(patches))
    assert done.status == 0, done.out
    node = clone.node("tip")
    said = clone.push()
    assert said.status == 0, said.out
    assert len(said.docs) == 1
    assert hosted.served() == node[:12]
    assert hosted.audit()[-1]["changesets"] == 500


def _patch(name: str, number: int) -> str:
    """A changeset in which a file counts on, as Mercurial imports many of at once."""
    path = f"source/{name}"
    head = f"# HG changeset patch\n# User alice\n# Date 1700000000 0\n\nCount to {number}\n\n"
    head += f"diff --git a/{path} b/{path}\n"
    if number == 0:
        return f"{head}new file mode 100644\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1,1 @@\n+0\n"
    return f"{head}--- a/{path}\n+++ b/{path}\n@@ -1,1 +1,1 @@\n-{number - 1}\n+{number}\n"


def test_a_closed_branch_comes_in_without_a_build(hosted: Hosted, clone: Clone) -> None:
    served = hosted.served()
    name = f"old-{clone.root.parent.name}"
    clone.ask("branch", name)
    clone.commit({"source/first.rst": FIRST + "\n:ref:`nowhere`\n"})
    clone.ask("commit", "--close-branch", "-m", "Close", "-u", "alice")
    said = clone.push("--new-branch")
    assert said.status == 0, said.out
    assert not said.docs
    assert hosted.served() == served


def test_the_branch_of_the_site_is_not_closed(hosted: Hosted, clone: Clone) -> None:
    before = hosted.tip()
    clone.ask("commit", "--close-branch", "-m", "Close", "-u", "alice")
    said = clone.push()
    assert said.status != 0
    assert any("closes default, of which the site is made" in line for line in said.docs)
    assert hosted.tip() == before


def test_a_bookmark_alone_is_nothing_to_check(hosted: Hosted, clone: Clone) -> None:
    served, lines = hosted.served(), len(hosted.audit())
    name = f"mark-{clone.root.parent.name}"
    clone.ask("bookmark", name)
    said = clone.push("-B", name)
    assert "exporting bookmark" in said.out
    assert not said.docs
    assert name in hosted.ask("bookmarks")
    assert (hosted.served(), len(hosted.audit())) == (served, lines)
