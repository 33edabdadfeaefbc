"""A repository of Mercurial: the command line for long answers, its command server for short ones.

Owns how Mercurial is asked. It never imports Mercurial. What people wrote reaches it only as a
value: paths after ``path:``, nodes checked to be hexadecimal, everything else behind ``=``.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from honestdocs.hosting.commandserver import Answer, CommandServer
from honestdocs.hosting.errors import (
    OvertakenError,
    RefusedError,
    RepositoryError,
    UnknownChangesetError,
)
from honestdocs.hosting.patch import whole_file
from honestdocs.hosting.path import checked_node, checked_path
from honestdocs.hosting.repository import Changeset, Life, Line, Ref, RefKind
from honestdocs.hosting.revlog import read_lives
from honestdocs.hosting.tool import complaint, decoded, need_tool, stream

_NULL = "0" * 40
_PENDING = "HG_PENDING"
_CHANGESET = (
    r"{node} {p1.node} {p2.node} {date|hgdate}\n{author}\n{desc|firstline}\n"
    r'{join(files,"\n")}\n{file_copies % "\n{name}\n{source}"}\n\0'
)
"""None of the values can hold a line's end; a NUL ends the changeset."""
_NAMES = r'N{node} {phase}\n{tags % "T{tag}\n"}{bookmarks % "K{bookmark}\n"}'
_REMOTE = "remote: "
_USUAL = ("pushing to ", "searching for changes", "adding ", "transaction abort", "rollback ")
"""How lines begin that say nothing about why a push was refused."""
_OVERTAKEN = ("push creates new remote head", "remote repository changed", "multiple heads")


def environment(settings: str = "") -> dict[str, str]:
    """What Mercurial runs in: nobody's own settings, but those of the file that is named.

    A transaction that is still open stays visible where this process may see it.
    """
    fixed = {
        "HGPLAIN": "1",
        "HGENCODING": "utf-8",
        "HGRCPATH": settings,
        "HGMERGE": "internal:fail",
    }
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("HG") or k == _PENDING},
        **fixed,
    }


class Mercurial:
    """A repository of Mercurial with the folder ``root``.

    ``settings`` is the settings file that it runs with; without it there is none but its own.
    """

    def __init__(self, root: Path, *, settings: str = "") -> None:
        self._root = root
        self._tool = need_tool("hg")
        self._environment = environment(settings)
        self._server = CommandServer(tool=self._tool, folder=root, environment=self._environment)

    @property
    def root(self) -> Path:
        """The folder of the repository."""
        return self._root

    @property
    def shallow(self) -> bool:
        """Whether it holds only a part of the history."""
        try:
            needs = (self._root / ".hg" / "requires").read_text("utf-8").split()
        except OSError:
            return False
        return "exp-remotefilelog-repo-req-1" in needs

    def head(self, ref: str = "") -> str:
        """The node of a ref, or of what is checked out, or else of the tip of ``default``."""
        if not ref:
            checked_out = _checked_out(self._root) or self._node(".")
            return checked_out if checked_out != _NULL else self._default()
        for found in self.refs():
            if found.name == ref:
                return found.node
        return self._node(checked_node(ref))

    def _default(self) -> str:
        branches = [ref for ref in self.refs() if ref.kind is RefKind.BRANCH]
        named = [ref.node for ref in branches if ref.name == "default"]
        return (named or [ref.node for ref in branches] or [""])[0]

    def _node(self, revision: str) -> str:
        return decoded(self._ask("log", "-r", revision, "-T", "{node}").output)

    def refs(self) -> tuple[Ref, ...]:
        """The open branches, each at its tip; tags; bookmarks."""
        found: list[Ref] = []
        heads = self._ask("log", "-r", "head() - closed()", "-T", "{node} {phase} {branch}\\n")
        for line in decoded(heads.output).split("\n")[:-1]:
            node, phase, name = line.split(" ", 2)
            found = [ref for ref in found if ref.name != name]
            found.append(_ref(name, RefKind.BRANCH, node, phase))
        named = self._ask("log", "-r", "tag() + bookmark()", "-T", _NAMES)
        kinds = {"T": RefKind.TAG, "K": RefKind.BOOKMARK}
        node = phase = ""
        for line in decoded(named.output).split("\n"):
            if line[:1] == "N":
                node, phase = line[1:].split(" ")
            elif line and line != "Ttip":
                found.append(_ref(line[1:], kinds[line[0]], node, phase))
        return tuple(found)

    def log(self, head: str, since: str = "") -> Iterator[Changeset]:
        """The changesets of ``head`` that ``since`` does not have, in the order of the clone."""
        wanted = f"::{checked_node(head)}"
        if since:
            wanted = f"only({checked_node(head)}, {checked_node(since)})"
        command = (self._tool, "log", "-r", wanted, "-T", _CHANGESET)
        try:
            for part in stream(
                command, folder=self._root, environment=self._environment, end=b"\n\0"
            ):
                yield _changeset(part)
        except RepositoryError as error:
            if "unknown revision" in str(error):
                raise UnknownChangesetError(str(error)) from error
            raise

    def lives(self, paths: Iterable[str]) -> Mapping[str, Life]:
        """The lives of files, out of the store's index."""
        try:
            shared = (self._root / ".hg" / "sharedpath").read_text("utf-8").rstrip("\n")
        except OSError:
            shared = str(self._root / ".hg")
        return read_lives(self._root / ".hg" / shared / "store", paths)

    def files(self, node: str) -> tuple[str, ...]:
        """The paths of a changeset's tree."""
        answer = self._ask(
            "files", "-r", checked_node(node), "-T", "{path}\\n", "path:.", fine=(0, 1)
        )
        return tuple(decoded(answer.output).split("\n")[:-1])

    def cat(self, node: str, path: str) -> bytes:
        """A file as it was at a changeset."""
        words = ("cat", "-r", checked_node(node), "-T", r"{path}\0{data}", f"path:{path}")
        name, _, content = self._ask(*words).output.partition(b"\0")
        if decoded(name) != path:
            raise UnknownChangesetError(f"{self._root}: there is no file {path} at {node}")
        return content

    def annotate(self, node: str, path: str) -> tuple[Line, ...]:
        """The lines of a file, with where each comes from."""
        template = '{lines % "{node}{line}"}'
        answer = self._ask("annotate", "-r", checked_node(node), "-cT", template, f"path:{path}")
        lines = decoded(answer.output).split("\n")
        lines = lines if lines[-1] else lines[:-1]
        return tuple(Line(node=line[:40], text=line[40:]) for line in lines)

    def diff(self, old: str, new: str, paths: Sequence[str] = ()) -> str:
        """The difference between two changesets, as git writes it."""
        sides = ("--from", checked_node(old), "--to", checked_node(new))
        return decoded(self._ask("diff", "--git", *sides, *map("path:{}".format, paths)).output)

    def export(self, old: str, new: str, folder: Path) -> tuple[str, ...]:
        """Brings a folder from one tree to another; returns the paths that differ."""
        sides = ("--rev", checked_node(old or _NULL), "--rev", checked_node(new))
        answer = self._ask("status", *sides, "-T", "{status}{path}\\0", "path:.")
        found = [part for part in decoded(answer.output).split("\0") if part]
        here = [part[1:] for part in found if part[0] != "R"]
        for part in found:
            if part[0] == "R":
                (folder / part[1:]).unlink(missing_ok=True)
        if here:
            self._write(new, here, folder)
        return tuple(part[1:] for part in found)

    def _write(self, node: str, paths: list[str], folder: Path) -> None:
        target = str(folder.resolve()).replace("%", "%%") + "/%p"
        with tempfile.NamedTemporaryFile() as names:
            names.write("\0".join(paths).encode())
            names.flush()
            listed = f"listfile0:{names.name}"
            self._ask("cat", "-r", checked_node(node), f"--output={target}", listed)

    def commit(self, base: str, path: str, content: bytes, *, user: str, message: str) -> str:
        """A new changeset on ``base``; what is checked out stays as it is."""
        old = self.cat(base, path) if checked_path(path) in self.files(base) else None
        before = self._ask("log", "-r", "parents()", "-T", "{node}\\n").output.decode().split()
        settings = ("--config=ui.allowemptycommit=no", f"--user={_line(user)}")
        try:
            self._ask("debugsetparents", checked_node(base))
            words = ("import", "--bypass", *settings, f"--message={message}", "-")
            self._ask(*words, given=whole_file(path, old, content))
        finally:
            self._ask("debugsetparents", *(before or [_NULL]))
        return self._node("tip")

    def publish(self, node: str, *, user: str = "", ref: str = "") -> tuple[str, ...]:
        """Pushes a changeset to where this clone comes from; ``ref`` is its own branch here."""
        del ref
        words = ("push", "-r", checked_node(node), f"--pushvars=EDITOR={_line(user)}")
        answer = self._server.run(words)
        said = tuple(decoded(answer.output + answer.errors).splitlines())
        remote = tuple(line[len(_REMOTE) :] for line in said if line.startswith(_REMOTE))
        told = remote or tuple(line for line in said if not line.startswith(_USUAL))
        if answer.status in (0, 1):
            return told
        strip = ("--config=extensions.strip=", "strip", "--no-backup", "-r", checked_node(node))
        self._ask(*strip)
        late = any(word in line for line in said for word in _OVERTAKEN)
        raise (OvertakenError if late else RefusedError)(told)

    def rows(self, revisions: str, template: str) -> list[str]:
        """The lines of a log; an unknown revision gives none."""
        try:
            answer = self._ask("log", "-r", revisions, "-T", template)
        except UnknownChangesetError:
            return []
        return decoded(answer.output).split("\n")[:-1]

    def update(self) -> None:
        """Pulls."""
        self._ask("pull", "--quiet")

    def close(self) -> None:
        """Ends the command server."""
        self._server.close()

    def _ask(self, *words: str, given: bytes = b"", fine: Sequence[int] = (0,)) -> Answer:
        answer = self._server.run(words, given)
        if answer.status not in fine:
            said = complaint(answer.errors, answer.output)
            unknown = "unknown revision" in said or "no such file in rev" in said
            raise (UnknownChangesetError if unknown else RepositoryError)(f"{self._root}: {said}")
        return answer


def _checked_out(root: Path) -> str:
    """The first parent of the working copy out of Mercurial's dirstate; empty if it is odd.

    Both of its formats begin with it: the first with its 20 bytes, the second with a marker and
    32 bytes. A mark of Mercurial itself, so that nothing has to be started to see that
    nothing has changed.
    """
    try:
        with (root / ".hg" / "dirstate").open("rb") as file:
            start = file.read(32)
    except OSError:
        return ""
    marker = b"dirstate-v2\n"
    start = start.removeprefix(marker)
    return start[:20].hex() if len(start) >= 20 else ""  # noqa: PLR2004 - the bytes of a SHA-1


def _changeset(part: str) -> Changeset:
    head, author, summary, *rest = part.split("\n")
    node, first, second, seconds, west = head.split(" ")
    end = rest.index("") if rest[0] else 1
    copies = rest[end + 1 :] if "" in rest[: end + 1] else []
    return Changeset(
        node=node,
        parents=tuple(parent for parent in (first, second) if parent != _NULL),
        author=author,
        at=int(seconds),
        zone=-int(west) // 60,
        summary=summary,
        files=tuple(path for path in rest[:end] if path),
        copies=tuple(zip(copies[::2], copies[1::2], strict=True)),
    )


def _ref(name: str, kind: RefKind, node: str, phase: str) -> Ref:
    return Ref(name=name, kind=kind, node=node, public=phase == "public")


def _line(text: str) -> str:
    """A value that must stay on its line."""
    return " ".join(text.split())
