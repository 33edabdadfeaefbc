"""A search of Mercurial's history for the changeset with which something began to fail.

Owns the questions to Mercurial, which are asked of a clone: a person's repository is only
read. Must not know what is looked for: a judge tells what a changeset that is checked out is.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from honestdocs.machine.tool import find_tool
from honestdocs.verification.changeset import ChangesetError

_SECONDS = 600
_FOUND = ("The first bad revision is:", "Due to skipped revisions, the first bad revision could")
_NODE = re.compile(r"^changeset: +\d+:([0-9a-f]+)$", re.MULTILINE)
_TEMPLATE = "{node|short}\\0{author}\\0{date|isodate}\\0{desc}"


class Verdict(StrEnum):
    """What a changeset is, in the words of ``hg bisect``."""

    GOOD = "good"
    BAD = "bad"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changeset:
    """A changeset as people know it. ``date`` has its time and zone; ``message`` is whole."""

    node: str
    author: str
    date: str
    message: str


def find_repository(folder: Path) -> Path:
    """The root of the folder's Mercurial repository. Raises ChangesetError outside of one."""
    for above in (folder.resolve(), *folder.resolve().parents):
        if (above / ".hg").is_dir():
            return above
        if (above / ".git").exists():
            raise ChangesetError(f"{folder}: lives in git; only Mercurial's history is searched")
    raise ChangesetError(f"{folder}: is in no Mercurial repository; there is no history to search")


def resolve(root: Path, revision: str) -> str:
    """The whole id of the one changeset that a revision names; raises ChangesetError."""
    found = _ask(root, "log", f"--rev={revision}", "-T", "{node}\\n").split()
    if len(found) != 1 or not found[0].strip("0"):
        raise ChangesetError(f"{revision}: names {len(found) or 'no'} changesets, not one")
    return found[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bisection:
    """A clone in which history is searched, at ``folder``."""

    folder: Path

    @classmethod
    def of(cls, root: Path, folder: Path) -> Bisection:
        """Clones a repository to a folder that is not there yet; raises ChangesetError."""
        _ask(root, "clone", "--noupdate", "--", str(root), str(folder))
        return cls(folder=folder)

    def check_out(self, node: str) -> None:
        """Makes the clone's files those of a changeset; raises ChangesetError."""
        _ask(self.folder, "update", "--clean", f"--rev={node}")

    def tell(self, node: str) -> Changeset:
        """A changeset as people know it."""
        said = _ask(self.folder, "log", f"--rev={node}", "-T", _TEMPLATE)
        short, author, date, message = said.split("\0", 3)
        return Changeset(node=short, author=author, date=date, message=message)

    def precedes(self, first: str, second: str) -> bool:
        """Whether the first of two different changesets is an ancestor of the second."""
        return bool(_ask(self.folder, "log", f"--rev={first} and ::{second}", "-T", "{node}"))

    def earlier(self, node: str) -> Iterator[str]:
        """Ancestors of a changeset, each about twice as far back as the last, up to the oldest."""
        said = _ask(self.folder, "log", f"--rev=reverse(::{node}) - {node}", "-T", "{node}\\n")
        found = said.split()
        back = 1
        while back < len(found):
            yield found[back - 1]
            back *= 2
        yield from found[-1:]

    def search(self, good: str, bad: str, judge: Callable[[str], Verdict]) -> tuple[Changeset, ...]:
        """The first bad changeset, or those that it may be where some had to be skipped.

        ``good`` is an ancestor of ``bad``; the judge is asked of changesets that are checked out.
        Raises ChangesetError.
        """
        _ask(self.folder, "bisect", "--reset")
        _ask(self.folder, "bisect", "--good", good)
        said = _ask(self.folder, "bisect", "--bad", bad)
        while not any(line.startswith(_FOUND) for line in said.splitlines()):
            node = _ask(self.folder, "log", "--rev=.", "-T", "{node}")
            said = _ask(self.folder, "bisect", f"--{judge(node)}")
        return tuple(self.tell(node) for node in _NODE.findall(said))


def _ask(folder: Path, *question: str) -> str:
    tool = find_tool("hg")
    if not tool:
        raise ChangesetError("hg is not installed")
    plain = {"HGPLAIN": "1", "HGENCODING": "utf-8", "HGRCPATH": "", "HGMERGE": "internal:merge"}
    try:
        done = subprocess.run(  # noqa: S603 - fixed words to an absolute path
            (tool, "--noninteractive", *question),
            cwd=folder,
            env={**os.environ, **plain},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ChangesetError(f"hg {question[0]} does not answer: {error}") from error
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no reason is given"]
        why = next((line for line in said if line.startswith("abort: ")), said[0])
        raise ChangesetError(f"hg {question[0]}: {why.removeprefix('abort: ')}")
    return done.stdout
