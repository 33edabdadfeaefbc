"""The ``honestdocs`` command as a person runs it: a process, its exit status, what it said.

Owns the starting of processes and the writing of small trees. Must not know what is expected.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS = 60
"""A command that takes longer hangs."""

ITEMS = Path(__file__).parents[1] / "servers" / "items.py"
"""The service to be started by a command."""

_SUFFIXES = (".rst", ".txt", ".py", ".http", ".toml", ".json", ".md", ".inc")
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "PYTHONPATH")


def surroundings(**more: str) -> dict[str, str]:
    """An environment without proxies, colours and what a developer has set."""
    return {name: os.environ[name] for name in _KEPT if name in os.environ} | more


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A command that has ended."""

    status: int
    out: str
    err: str
    report: str

    @property
    def json(self) -> dict[str, Any]:
        """The report that ``--json`` wrote to ``report.json``."""
        found: dict[str, Any] = json.loads(self.report)
        return found

    @property
    def failed(self) -> list[dict[str, Any]]:
        """The failed examples of the report."""
        return [one for one in self.json["examples"] if one["outcome"] == "failed"]

    def outcomes(self) -> dict[str, str]:
        """The outcome of every example, by its id."""
        return {one["id"]: one["outcome"] for one in self.json["examples"]}


def run(
    words: Sequence[str],
    folder: Path,
    *,
    env: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
) -> Ended:
    """Any command, in a folder."""
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    done = subprocess.run(
        words,
        cwd=folder,
        env=surroundings(**(env or {})),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    told = report.read_text("utf-8") if report.is_file() else ""
    return Ended(status=done.returncode, out=done.stdout, err=done.stderr, report=told)


def honestdocs(folder: Path, *words: str, env: Mapping[str, str] | None = None) -> Ended:
    """``honestdocs WORDS`` in a folder."""
    return run([sys.executable, "-m", "honestdocs", *words], folder, env=env)


def check(folder: Path, *words: str, env: Mapping[str, str] | None = None) -> Ended:
    """``honestdocs check`` of the tree ``docs`` in a folder, with a JSON report.

    Outcomes are kept in the folder's ``state``.
    """
    kept = ("--build-dir", "state", "--json", "report.json", "-j", "1")
    return honestdocs(folder, "check", "docs", *words, *kept, env=env)


def write_tree(folder: Path, pages: Mapping[str, str]) -> Path:
    """Writes pages (``.rst`` where the name says nothing else); returns the folder."""
    for name, text in pages.items():
        path = folder / (name if name.endswith(_SUFFIXES) else f"{name}.rst")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def listing(folder: Path) -> dict[str, bytes]:
    """All files below a folder with what they hold."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def example(
    request: str,
    response: str,
    *,
    operation: str = "",
    fields: str = "",
) -> str:
    """An operation with one example; without ``operation`` only the example, in prose."""
    blocks = f".. sourcecode:: http\n\n{_in(request)}\n\n.. sourcecode:: http\n\n{_in(response)}\n"
    if not operation:
        return blocks
    method, path = operation.split()
    body = f"{fields}\n\n{blocks}" if fields else blocks
    return f".. http:{method.lower()}:: {path}\n\n{_in(body)}\n"


def _in(text: str) -> str:
    return "\n".join(f"   {line}".rstrip() for line in text.strip("\n").split("\n"))


def page(title: str, *parts: str) -> str:
    """A page of parts below a title."""
    return "\n\n".join([f"{title}\n{'=' * len(title)}", *parts]) + "\n"


FACT = example(
    "GET /fact HTTP/1.1",
    """HTTP/1.1 200 OK
Content-Type: application/json
X-Rank: high

{
    "answer": 42,
    "unit": "apples",
    "tags": ["a", "b"]
}""",
    operation="GET /fact",
    fields=""":resjson int answer: the answer
:resjson string unit: of what
:resjson array tags: some words
:resheader X-Rank: how good it is
:statuscode 200: it is known""",
)
"""An operation of the items service, told as it is."""
