"""A one-way mirror of a hosted repository in git.

Owns the export: Mercurial's own ``fastexport`` piped into ``git fast-import``, with marks kept in
the mirror so that the next time only what is new is told. Must not change the hosted repository.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from honestdocs.hosting.errors import RepositoryError
from honestdocs.hosting.git import environment as git_environment
from honestdocs.hosting.mercurial import environment
from honestdocs.hosting.page import person
from honestdocs.hosting.tool import complaint, decoded, need_tool, run

_SENT = re.compile(r"[^<>\n]+ <[^<>\s]+@[^<>\s]+>")
"""Authors that git takes as they are."""
_PUBLIC = "public()"


def mirror_to_git(root: Path, target: Path) -> int:
    """Brings a bare git repository up to date, made where it is not there yet.

    Only what is public is told, a branch of git for each named branch. Returns how many
    changesets were new. Raises RepositoryError.
    """
    if not (target / "HEAD").is_file():
        if target.exists() and any(target.iterdir()):
            raise RepositoryError(f"{target}: is neither empty nor a bare repository of git")
        target.mkdir(parents=True, exist_ok=True)
        _git(target, "init", "--quiet", "--bare", "--initial-branch=default")
    marks = target / "honestdocs-hg.marks"
    before = _count(target)
    with tempfile.TemporaryDirectory(dir=target) as folder:
        people, fresh = Path(folder) / "people", Path(folder) / "marks"
        people.write_text(_authormap(root), "utf-8")
        old = (f"--import-marks={marks}",) if marks.is_file() else ()
        words = ("fastexport", "-r", _PUBLIC, f"--authormap={people}", f"--export-marks={fresh}")
        _pipe(root, target, (*words, *old))
        fresh.replace(marks)
    return _count(target) - before


def _count(target: Path) -> int:
    return int(_git(target, "rev-list", "--all", "--count"))


def _git(target: Path, *words: str) -> str:
    done = run((need_tool("git"), *words), folder=target, environment=git_environment())
    return decoded(done.stdout)


def _authormap(root: Path) -> str:
    """The authors whom git would refuse, each with a name and an address that it takes."""
    words = (need_tool("hg"), "log", "-r", _PUBLIC, "-T", "{author}\\n")
    said = decoded(run(words, folder=root, environment=environment()).stdout)
    authors = sorted(author for author in set(said.split("\n")) if not _SENT.fullmatch(author))
    return "".join(f"{author}={_sendable(author)}\n" for author in authors if author)


def _sendable(author: str) -> str:
    """``Name <address>``; where there is no address, one that leads nowhere."""
    found = re.search(r"[^<>\s]+@[^<>\s]+", author)
    name = re.sub(r"[<>=]", "", person(author)) or "unknown"
    made = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "unknown"
    return f"{name} <{found[0] if found else f'{made}@localhost'}>"


def _pipe(root: Path, target: Path, words: tuple[str, ...]) -> None:
    """Runs Mercurial's export into git's import."""
    ours = target / "honestdocs-git.marks"
    importing = ("fast-import", "--quiet", f"--import-marks-if-exists={ours}")
    export = (need_tool("hg"), "--config", "extensions.fastexport=", *words)
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(  # noqa: S603 - an absolute path, and no shell
            export, cwd=root, env=environment(), stdout=subprocess.PIPE, stderr=said
        ) as source:
            done = subprocess.run(  # noqa: S603 - the same
                (need_tool("git"), *importing, f"--export-marks={ours}"),
                cwd=target,
                env=git_environment(),
                stdin=source.stdout,
                capture_output=True,
                check=False,
            )
        said.seek(0)
        if source.returncode:
            raise RepositoryError(f"{root}: {complaint(said.read())}")
    if done.returncode:
        raise RepositoryError(f"{target}: {complaint(done.stderr)}")
