"""What of a hosted repository is to be published.

Owns the questions to Mercurial that only hosting asks. Must not build anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from honestdocs.hosting.conversation import Sent
from honestdocs.hosting.home import Home
from honestdocs.hosting.mercurial import Mercurial, environment
from honestdocs.hosting.path import checked_node
from honestdocs.hosting.tool import decoded, need_tool, run

_ROW = "{node} {date|hgdate}\\n"


def ask(home: Home, revisions: str, template: str) -> list[str]:
    """The lines of a log; an unknown revision gives none."""
    words = (need_tool("hg"), "log", "-r", revisions, "-T", template)
    done = run(words, folder=home.root, environment=environment(str(home.hgrc)), fine=(0, 255))
    return decoded(done.stdout).split("\n")[:-1]


def public_head(home: Home, branch: str, since: str) -> str:
    """The public head of a branch that stands on ``since``; empty where there is none.

    Without ``since``, or where it is gone, the head that was committed last.
    """
    own = f"heads(public() and branch({_quoted(branch)})) - closed()"
    if since:
        known = f"present({checked_node(since)})"
        found = ask(home, f"sort(({own}) and {known}::, -date)", _ROW)
        if found:
            return found[0].split(" ")[0]
    found = ask(home, own, _ROW)
    found.sort(key=lambda row: int(row.split(" ")[1]))
    return found[-1].split(" ")[0] if found else ""


def newest_head(home: Home, branch: str) -> str:
    """The head of a branch that was committed last, public or not."""
    found = ask(home, f"heads(branch({_quoted(branch)})) - closed()", _ROW)
    return max(found, key=lambda row: int(row.split(" ")[1]), default="").split(" ")[0]


def is_public(home: Home, node: str) -> bool:
    """Whether a node is in the repository for good."""
    return bool(ask(home, f"present({checked_node(node)}) and public()", "x\\n"))


def is_busy(home: Home) -> bool:
    """Whether somebody is writing to the repository."""
    return (home.root / ".hg" / "store" / "lock").is_symlink()


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"literal:{escaped}"'


def fetch(home: Home, old: str, new: str) -> Iterator[Sent]:
    """All files of a node, and those of an old one that are gone."""
    repository = Mercurial(home.root, settings=str(home.hgrc))
    try:
        gone = _files(repository, old) - _files(repository, new)
        with TemporaryDirectory() as folder:
            repository.export("", new, Path(folder))
            yield from _filled(Path(folder))
        yield from (Sent(path=path, flags="", content=None) for path in sorted(gone))
    finally:
        repository.close()


def _files(repository: Mercurial, node: str) -> set[str]:
    return set(repository.files(node)) if node else set()


def _filled(folder: Path) -> Iterable[Sent]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            yield Sent(path=name, flags="", content=path.read_bytes())
