"""What of a hosted repository is to be published.

Owns the questions to Mercurial that only hosting asks. Must not build anything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from honestdocs.hosting.commandserver import CommandServer
from honestdocs.hosting.conversation import Sent
from honestdocs.hosting.errors import RepositoryError
from honestdocs.hosting.home import Home
from honestdocs.hosting.mercurial import Mercurial, environment
from honestdocs.hosting.path import checked_node
from honestdocs.hosting.tool import complaint, decoded, need_tool

_ROW = "{node} {date|hgdate}\\n"
Rows = Callable[[str, str], list[str]]
"""Asks for the lines of a log: revisions, and the template of a row."""
_FINE = (0, 255)
"""An unknown revision is 255."""


@contextmanager
def asking(home: Home) -> Iterator[Rows]:
    """Asks one Mercurial whatever is asked in the block; an unknown revision gives no lines."""
    server = CommandServer(
        tool=need_tool("hg"), folder=home.root, environment=environment(str(home.hgrc))
    )

    def rows(revisions: str, template: str) -> list[str]:
        answer = server.run(("log", "-r", revisions, "-T", template))
        if answer.status not in _FINE:
            raise RepositoryError(f"{home.root}: {complaint(answer.errors, answer.output)}")
        return decoded(answer.output).split("\n")[:-1]

    try:
        yield rows
    finally:
        server.close()


def ask(home: Home, revisions: str, template: str) -> list[str]:
    """The lines of a log; an unknown revision gives none."""
    with asking(home) as rows:
        return rows(revisions, template)


def public_head(home: Home, branch: str, since: str, rows: Rows | None = None) -> str:
    """The public head of a branch that stands on ``since``; empty where there is none.

    Without ``since``, or where it is gone, the head that was committed last. ``rows`` asks a
    Mercurial that is there already.
    """
    if rows is None:
        with asking(home) as own_rows:
            return public_head(home, branch, since, own_rows)
    own = f"heads(public() and branch({_quoted(branch)})) - closed()"
    if since:
        known = f"present({checked_node(since)})"
        found = rows(f"sort(({own}) and {known}::, -date)", _ROW)
        if found:
            return found[0].split(" ")[0]
    found = rows(own, _ROW)
    found.sort(key=lambda row: int(row.split(" ")[1]))
    return found[-1].split(" ")[0] if found else ""


def newest_head(home: Home, branch: str) -> str:
    """The head of a branch that was committed last, public or not."""
    found = ask(home, f"heads(branch({_quoted(branch)})) - closed()", _ROW)
    return max(found, key=lambda row: int(row.split(" ")[1]), default="").split(" ")[0]


def names(home: Home) -> list[tuple[str, str, str]]:
    """Name, kind and node of every public tag, open public branch and draft head."""
    with asking(home) as rows:
        tags = rows("tag() and public()", r'{tags % "{node} {tag}\n"}')
        heads = rows("head() and public() and not closed()", "{node} {branch}\\n")
        drafts = rows("heads(draft())", "{node} {get(extras, 'topic')}\\n")
    found: list[tuple[str, str, str]] = []
    for row in tags:
        node, name = row.split(" ", 1)
        if name != "tip":
            found.append((name, "tag", node))
    tips = {name: node for node, name in (row.split(" ", 1) for row in heads)}
    found += [(name, "branch", node) for name, node in tips.items()]
    for row in drafts:
        node, name = row.split(" ", 1)
        found.append((name or f"draft-{node[:12]}", "draft", node))
    return found


def is_public(home: Home, node: str) -> bool:
    """Whether a node is in the repository for good."""
    return bool(ask(home, f"present({checked_node(node)}) and public()", "x\\n"))


def is_busy(home: Home) -> bool:
    """Whether somebody is writing to the repository."""
    return (home.root / ".hg" / "store" / "lock").is_symlink()


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"literal:{escaped}"'


def fetch(home: Home, present: Collection[str], new: str) -> Iterator[Sent]:
    """All files of a node, and those of the paths that are ``present`` which it has not.

    What a tree was made of before may be out of sight by now: amended, or stripped.
    """
    repository = Mercurial(home.root, settings=str(home.hgrc))
    try:
        here: set[str] = set()
        with TemporaryDirectory() as folder:
            repository.export("", new, Path(folder))
            for sent in _filled(Path(folder)):
                here.add(sent.path)
                yield sent
        gone = sorted(set(present) - here)
        yield from (Sent(path=path, flags="", content=None) for path in gone)
    finally:
        repository.close()


def _filled(folder: Path) -> Iterable[Sent]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            yield Sent(path=name, flags="", content=path.read_bytes())
