"""Real repositories for tests, one of Mercurial and one of git with the same changes.

Owns making them with the tools themselves. Must not know what is expected.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from honestdocs.hosting.git import Git
from honestdocs.hosting.mercurial import Mercurial
from honestdocs.hosting.repository import Repository
from servers.mercurial import ask

ALICE, BOB = "Alice Ann <alice@example.org>", "Bob <bob@example.org>"
OPENED: list[Repository] = []
"""What a test has to close at its end."""
_QUIET = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A repository with a working copy that a test changes as a person would."""

    root: Path
    kind: str

    def run(self, *words: str, env: dict[str, str] | None = None) -> str:
        """What the tool says."""
        if self.kind == "hg":
            answer = ask(*words, folder=self.root)
            assert answer.status == 0, (words, answer)
            return answer.output.decode().strip()
        done = subprocess.run(
            ("git", *words),
            cwd=self.root,
            env={**os.environ, **_QUIET, **(env or {})},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, (words, done.stdout + done.stderr)
        return done.stdout.strip()

    def write(self, path: str, text: str) -> None:
        """A file of the working copy."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_bytes(text.encode())

    def commit(self, message: str, *, user: str = ALICE, at: int = 1_700_000_000) -> str:
        """Records everything; returns the node."""
        if self.kind == "hg":
            self.run("addremove", "-q", "-s", "0")
            self.run("commit", "-q", f"--message={message}", "-u", user, "-d", f"{at} -3600")
            return self.run("log", "-r", ".", "-T", "{node}")
        name, mail = user.rstrip(">").split(" <")
        who = {
            f"GIT_{r}_{k}": v
            for r in ("AUTHOR", "COMMITTER")
            for k, v in (("NAME", name), ("EMAIL", mail), ("DATE", f"{at} +0100"))
        }
        self.run("add", "-A")
        self.run("commit", "-q", "--allow-empty", "-m", message, env=who)
        return self.run("rev-parse", "HEAD")

    def move(self, old: str, new: str) -> None:
        """Renames a file and says so."""
        (self.root / new).parent.mkdir(parents=True, exist_ok=True)
        self.run("mv", old, new)

    def remove(self, path: str) -> None:
        """Takes a file away."""
        (self.root / path).unlink()

    def update(self, node: str) -> None:
        """Checks out another changeset."""
        if self.kind == "hg":
            self.run("update", "-q", "-C", "-r", node)
        else:
            self.run("checkout", "-q", "-f", "--detach", node)

    def merge(self, node: str, message: str) -> str:
        """Merges a changeset into the one that is checked out."""
        if self.kind == "hg":
            self.run("merge", "-q", "-r", node, "--tool", ":merge")
            return self.commit(message, user=BOB)
        self.run("-c", "user.name=Bob", "-c", "user.email=bob@example.org", "merge", "-q",
                 "--no-ff", "-m", message, node)  # fmt: skip
        return self.run("rev-parse", "HEAD")

    def open(self) -> Repository:
        """The repository through its adapter; a fixture closes it."""
        OPENED.append(Mercurial(self.root) if self.kind == "hg" else Git(self.root))
        return OPENED[-1]


def make_tree(root: Path, kind: str) -> Tree:
    """An empty repository."""
    root.mkdir(parents=True)
    tree = Tree(root=root, kind=kind)
    if kind == "hg":
        tree.run("init")
    else:
        tree.run("init", "-q", "-b", "main")
    return tree


def clone(tree: Tree, to: Path) -> Tree:
    """A clone without a working copy, as the portal keeps one."""
    if tree.kind == "hg":
        tree.run("clone", "-q", "--noupdate", "--pull", str(tree.root), str(to))
    else:
        tree.run("clone", "-q", "--bare", str(tree.root), str(to))
    return Tree(root=to, kind=tree.kind)
