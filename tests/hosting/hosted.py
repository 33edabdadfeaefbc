"""A hosted repository for tests, and developers who clone and push as people do.

Owns making them with the command and with Mercurial itself. Must not know what is expected.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from functional.command import surroundings
from servers.mercurial import HG, ask

SECONDS = 120
PAGES = {
    "source/index.rst": """\
=====
Start
=====

.. toctree::

   first
   second
""",
    "source/first.rst": """\
.. _first:

First
=====

Something to read.
""",
    "source/second.rst": """\
Second
======

It comes after :ref:`first`.
""",
}
CONF = """\
project = "Pages"
extensions = ["sphinxcontrib.httpdomain", "honestdocs"]
html_theme = "basic"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command said, and how it ended."""

    status: int
    out: str

    @property
    def docs(self) -> list[str]:
        """The lines of the gate, as the pusher reads them."""
        lines = (line.removeprefix("remote: ") for line in self.out.splitlines())
        return [line for line in lines if line.startswith("docs: ")]


def run(words: list[str], folder: Path, env: Mapping[str, str] | None = None) -> Said:
    """Any command, in a folder."""
    done = subprocess.run(
        words,
        cwd=folder,
        env=surroundings(**{"HGRCPATH": "", "HGPLAIN": "1", "HGENCODING": "utf-8", **(env or {})}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return Said(status=done.returncode, out=done.stdout)


def honestdocs(folder: Path, *words: str) -> Said:
    """``honestdocs WORDS`` in a folder."""
    return run([sys.executable, "-m", "honestdocs", *words], folder)


def _answer(words: Sequence[str], folder: Path) -> Said:
    answer = ask(*words, folder=folder)
    return Said(status=answer.status, out=(answer.output + answer.errors).decode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Clone:
    """A developer's clone."""

    root: Path

    def hg(self, *words: str) -> Said:
        """What Mercurial says."""
        return run([HG, *words], self.root)

    def ask(self, *words: str) -> Said:
        """The same of the Mercurial that stays, for what is not the point of a test."""
        return _answer(words, self.root)

    def write(self, path: str, text: str) -> None:
        """A file of the working copy."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, "utf-8")

    def commit(self, files: Mapping[str, str | None], message: str = "Change") -> str:
        """Writes files, None removes one, and commits; returns the node."""
        for path, text in files.items():
            if text is None:
                (self.root / path).unlink()
            else:
                self.write(path, text)
        done = self.ask("commit", "-A", "-q", "-m", message, "-u", "alice")
        assert done.status == 0, done.out
        return self.node()

    def node(self, revision: str = ".") -> str:
        """The node of a revision."""
        return self.ask("log", "-r", revision, "-T", "{node}").out

    def push(self, *words: str) -> Said:
        """What pushing says."""
        return self.hg("push", *words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosted:
    """A hosted repository."""

    root: Path

    @property
    def home(self) -> Path:
        """Where hosting keeps its things."""
        return self.root / ".hg" / "honestdocs"

    def hg(self, *words: str) -> str:
        """What Mercurial says of the repository, without the host's settings."""
        return run([HG, *words], self.root).out

    def ask(self, *words: str) -> str:
        """The same of the Mercurial that stays, for what only reads."""
        return _answer(words, self.root).out

    def tip(self) -> str:
        """The node that came in last."""
        return self.ask("log", "-r", "tip", "-T", "{node}")

    def served(self) -> str:
        """The name of the release that is served."""
        return (self.home / "current").readlink().name

    def page(self, name: str) -> str:
        """A page as it is served."""
        return (self.home / "current" / f"{name}.html").read_text("utf-8")

    def audit(self) -> list[dict[str, Any]]:
        """The lines of the audit log."""
        return [json.loads(line) for line in (self.home / "audit.log").read_text().splitlines()]

    def set(self, text: str) -> None:
        """Replaces the host's settings."""
        (self.home / "host.toml").write_text(text, "utf-8")

    def clone(self, to: Path) -> Clone:
        """A developer's clone over the file system."""
        done = _answer(("clone", "-q", str(self.root), str(to)), to.parent)
        assert done.status == 0, done.out
        return Clone(root=to)

    def builder(self) -> int:
        """The process of the builder; 0 without one."""
        try:
            return int((self.home / "builder.lock").read_text())
        except (OSError, ValueError):
            return 0

    def stop(self) -> None:
        """Ends the builder that a push has started."""
        pid = self.builder()
        if not pid:
            return
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            return
        end = time.monotonic() + 10
        while time.monotonic() < end and (self.home / "builder.sock").exists():
            time.sleep(0.02)


@contextmanager
def serving(hosted: Hosted, *options: str) -> Iterator[str]:
    """``host serve`` on a free port; its URL without a slash at the end."""
    words = (sys.executable, "-m", "honestdocs", "host", "serve", str(hosted.root), "--port", "0")
    with subprocess.Popen(
        (*words, *options),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        env=surroundings(),
    ) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            found = re.search(r"Serving on (\S+)/, Mercurial at", said)
            assert found, said + process.stdout.read()
            yield found[1]
        finally:
            process.terminate()
            process.wait(30)
            hosted.stop()


def add_user(hosted: Hosted, name: str, password: str) -> Said:
    """Lets a user push."""
    words = [sys.executable, "-m", "honestdocs", "host", "user", str(hosted.root), "add", name]
    return run(words, hosted.root, {"HONESTDOCS_PASSWORD": password})


def with_login(url: str, name: str, password: str) -> str:
    """A URL with who asks."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{name}:{password}@{rest}"


def host(folder: Path, pages: Mapping[str, str], *, conf: str = CONF) -> Hosted:
    """A hosted repository that begins with pages."""
    tree = folder / "begin"
    for path, text in {"source/conf.py": conf, **pages}.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text, "utf-8")
    done = honestdocs(folder, "host", "init", "docs", "--from", str(tree))
    assert done.status == 0, done.out
    return Hosted(root=folder / "docs")
