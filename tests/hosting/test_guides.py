"""The shell commands of the guides, run as they stand there, against real servers."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hosting.hosted import CONF, PAGES, add_user, host, run, serving
from hosting.trees import Tree, make_tree

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct-horse-battery"
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
RELEASED = {
    "source/index.rst": PAGES["source/index.rst"].rstrip() + "\n   changelog\n",
    "source/changelog.rst": "Changelog\n=========\n\n.. towncrier release notes start\n",
    ".hgignore": "^build/\n",
    "changes/README": "One sentence a file.\n",
    "pyproject.toml": """\
[tool.towncrier]
name = "Services"
directory = "changes"
filename = "source/changelog.rst"
underlines = ["-", "~", "^"]
ignore = ["README"]
""",
}
LIE = {"source/second.rst": "Second\n======\n\nSee :ref:`nope`.\n"}


def commands(page: str, prompt: str = "$") -> str:
    """The commands in the console blocks of a page; those of the server have another prompt."""
    text = (ROOT / "source" / f"{page}.rst").read_text("utf-8")
    return "\n".join(re.findall(rf"^   {re.escape(prompt)} (.*)$", text, re.MULTILINE))


def block(name: str) -> str:
    """A named block of the page about gates."""
    text = (ROOT / "source" / "guide" / "gates.rst").read_text("utf-8")
    found = re.search(rf"   :name: {name}\n\n((?:   .*\n|\n)+)", text)
    assert found
    return textwrap.dedent(found[1]).strip() + "\n"


def fill(tree: Tree) -> None:
    """The pages of a tree that lives anywhere."""
    for path, text in {"source/conf.py": CONF, **PAGES}.items():
        tree.write(path, text)
    tree.commit("First")


def install(path: Path, script: str) -> None:
    path.write_text(script, "utf-8")
    path.chmod(0o755)


def contribute(told: str, url: str, folder: Path) -> str:
    """What the commands of a page say to Alice, who may push."""
    login = f"[auth]\na.prefix = {url}\na.username = alice\na.password = {PASSWORD}\n"
    (folder / "away").mkdir()
    (folder / "hgrc").write_text(f"{login}a.schemes = http\n", "utf-8")
    told = told.replace("https://docs.example.org/hg", f"{url}/hg")
    around = {"PATH": PATH, "HGRCPATH": str(folder / "hgrc")}
    said = run(["sh", "-euxc", told], folder / "away", around)
    assert said.status == 0, said.out
    return said.out


def wait_for(page: Path, says: Callable[[str], bool]) -> bool:
    """Whether a page of a version, which is built after the push, soon says something."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if page.is_file() and says(page.read_text("utf-8")):
            return True
        time.sleep(0.1)
    return False


def test_a_contribution_goes_through_as_the_guide_tells_it(tmp_path: Path) -> None:
    hosted = host(tmp_path, PAGES)
    assert add_user(hosted, "alice", PASSWORD).status == 0
    with serving(hosted, "--plain-push") as url:
        said = contribute(commands("guide/contributing"), url, tmp_path)
        assert "remote: docs: " in said
    assert "One sentence more." in hosted.page("second")


def test_a_release_is_made_and_taken_back_as_its_pages_tell_it(tmp_path: Path) -> None:
    hosted = host(tmp_path, PAGES | RELEASED)
    first = hosted.clone(tmp_path / "first")
    first.ask("tag", "-u", "Bob", "1.0.0")
    assert first.push().status == 0
    assert add_user(hosted, "alice", PASSWORD).status == 0
    pages = ("versions", "changelog", "publishing")
    with serving(hosted, "--plain-push") as url:
        said = contribute("\n".join(commands(f"release/{page}") for page in pages), url, tmp_path)
        versions = hosted.home / "versions"
        told, mended = versions / "1.1.0" / "current", versions / "1.1.x" / "current"
        assert wait_for(told / "changelog.html", lambda text: "answers sooner" in text)
        assert wait_for(mended / "second.html", lambda text: "A word of warning" not in text)
        last = hosted.served()
        server = commands("release/publishing", "#").replace("/srv/docs", str(hosted.root))
        done = run(["sh", "-euxc", server], tmp_path, {"PATH": PATH})
    assert done.status == 0, done.out
    assert last in done.out
    assert hosted.served() != last
    assert "1.0.0 + 1 changesets" in said
    assert said.count("remote: docs: ") >= 3, said
    assert hosted.ask("log", "-r", "1.1.0", "-T", "{desc}") == "Release 1.1.0"
    assert hosted.ask("diff", "-r", "1.1.0", "-r", "1.1.x", "source/second.rst") == ""


def test_a_plain_mercurial_server_refuses_what_does_not_build(tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "server", "hg")
    fill(tree)
    install(tmp_path / "check", block("gate-hg"))
    (tree.root / ".hg" / "hgrc").write_text(f"[hooks]\npretxnclose.docs = {tmp_path}/check\n")
    hg = str(Path(sys.executable).parent / "hg")
    env = {"PATH": PATH}
    assert run([hg, "clone", "-q", str(tree.root), "clone"], tmp_path).status == 0
    clone = Tree(root=tmp_path / "clone", kind="hg")
    clone.write("source/first.rst", PAGES["source/first.rst"] + "\nMore.\n")
    node = clone.commit("Good")
    said = run([hg, "push"], clone.root, env)
    assert said.status == 0, said.out
    clone.write("source/second.rst", LIE["source/second.rst"])
    clone.commit("Bad")
    refused = run([hg, "push"], clone.root, env)
    assert refused.status != 0
    assert "second.rst:4: WARNING: undefined label: 'nope'" in refused.out
    assert tree.run("log", "-r", "tip", "-T", "{node}") == node


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_a_git_server_refuses_what_does_not_build(tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree", "git")
    fill(tree)
    tree.run("clone", "-q", "--bare", str(tree.root), str(tmp_path / "server.git"))
    install(tmp_path / "server.git" / "hooks" / "pre-receive", block("gate-git"))
    push = ["git", "push", str(tmp_path / "server.git"), "HEAD:main"]
    tree.write("source/first.rst", PAGES["source/first.rst"] + "\nMore.\n")
    tree.commit("Good")
    said = run(push, tree.root, {"PATH": PATH})
    assert said.status == 0, said.out
    tree.write("source/second.rst", LIE["source/second.rst"])
    tree.commit("Bad")
    refused = run(push, tree.root, {"PATH": PATH})
    assert refused.status != 0
    assert "second.rst:4: WARNING: undefined label: 'nope'" in refused.out


@pytest.mark.parametrize(
    ("name", "step"),
    [("gate-heptapod", r"- ((?:honestdocs|sphinx-build) .*)"), ("gate-jenkins", r"sh '(.*)'")],
)
def test_the_steps_of_a_build_server_tell_good_from_bad(
    name: str, step: str, tmp_path: Path
) -> None:
    tree = make_tree(tmp_path / "tree", "hg")
    fill(tree)
    steps = re.findall(step, block(name))
    assert len(steps) == 2
    said = run(["sh", "-euxc", "\n".join(steps)], tree.root, {"PATH": PATH})
    assert said.status == 0, said.out
    assert (tree.root / "outcomes.xml").is_file()
    tree.write("source/second.rst", LIE["source/second.rst"])
    refused = run(["sh", "-euxc", "\n".join(steps)], tree.root, {"PATH": PATH})
    assert refused.status != 0
