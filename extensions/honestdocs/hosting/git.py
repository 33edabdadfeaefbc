"""A repository of git.

Owns how git is asked: always by its plumbing or with every setting that would change the answer
given. What people wrote reaches it only as a value: nodes checked to be hexadecimal, paths as
literal ones behind ``--``.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from email.utils import parseaddr
from pathlib import Path

from honestdocs.hosting.errors import (
    OvertakenError,
    RefusedError,
    RepositoryError,
    UnknownChangesetError,
)
from honestdocs.hosting.path import checked_node, checked_path
from honestdocs.hosting.repository import Changeset, Life, Line, Ref, RefKind
from honestdocs.hosting.tool import decoded, need_tool, run, stream

_NOTHING = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""The tree without files, the same in every repository."""
_STATUS = re.compile(r"\n?([ADMTUX]|[RC]\d+)")
_FORMAT = "%H%n%P%n%aN <%aE>%n%ad%n%s"
_SETTINGS = (
    "core.quotePath=false",
    "diff.mnemonicPrefix=false",
    "diff.noprefix=false",
    "log.showSignature=false",
)
_HANDED_DOWN = ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH")
"""What a hook needs to see the changesets that are about to be taken in."""


def environment() -> dict[str, str]:
    """What git runs in: never asking, in English, not bound to another repository."""
    fixed = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
    fixed["GIT_LITERAL_PATHSPECS"] = "1"
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name in _HANDED_DOWN or "CONFIG" in name
    }
    return {**kept, **fixed}


class Git:
    """A repository of git, or a bare one, with the folder ``root``."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._command = [need_tool("git"), *(w for s in _SETTINGS for w in ("-c", s))]
        self._environment = environment()

    @property
    def root(self) -> Path:
        """The folder of the repository."""
        return self._root

    @property
    def shallow(self) -> bool:
        """Whether its history was cut off when it was cloned."""
        return self._text("rev-parse", "--is-shallow-repository") == "true"

    def head(self, ref: str = "") -> str:
        """The node of a ref, or of what is checked out."""
        if not ref:
            done = self._run("rev-parse", "--verify", "--quiet", "HEAD^{commit}", fine=(0, 1))
            return decoded(done).strip()
        for found in self.refs():
            if found.name == ref:
                return found.node
        return self._commit(ref)

    def _commit(self, node: str) -> str:
        try:
            return self._text(
                "rev-parse", "--verify", "--quiet", f"{checked_node(node)}^{{commit}}"
            )
        except RepositoryError as error:
            raise UnknownChangesetError(f"{self._root}: there is no changeset {node}") from error

    def refs(self) -> tuple[Ref, ...]:
        """The branches and tags."""
        wanted = "%(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end) %(refname)"
        places = {"refs/heads/": RefKind.BRANCH, "refs/tags/": RefKind.TAG}
        answer = self._text("for-each-ref", f"--format={wanted}", *places)
        found = (line.split(" ", 1) for line in answer.splitlines())
        return tuple(
            Ref(name=name.removeprefix(place), kind=kind, node=node)
            for node, name in found
            for place, kind in places.items()
            if name.startswith(place)
        )

    def log(self, head: str, since: str = "") -> Iterator[Changeset]:
        """The changesets of ``head`` that ``since`` does not have."""
        wanted = [self._commit(head), *([f"^{self._commit(since)}"] if since else [])]
        shape = ("--topo-order", "--reverse", "--date=raw", "-M", "--name-status", "-z")
        command = (*self._command, "log", *shape, f"--format={_FORMAT}", *wanted, "--")
        parts = stream(command, folder=self._root, environment=self._environment, end=b"\0")
        yield from _changesets(parts)

    def lives(self, paths: Iterable[str]) -> Mapping[str, Life]:
        """Nothing: the log tells it."""
        del paths
        return {}

    def files(self, node: str) -> tuple[str, ...]:
        """The paths of a changeset's tree."""
        answer = self._run("ls-tree", "-r", "-z", "--name-only", "--full-tree", checked_node(node))
        return tuple(decoded(answer).split("\0")[:-1])

    def cat(self, node: str, path: str) -> bytes:
        """A file as it was at a changeset."""
        entry = self._entry(self._commit(node), path)
        if not entry:
            raise UnknownChangesetError(f"{self._root}: there is no {path} at {node}")
        return self._run("cat-file", "blob", entry[1])

    def _entry(self, node: str, path: str) -> tuple[str, str] | None:
        """Mode and blob of a file."""
        answer = self._run("ls-tree", "-z", "--full-tree", node, "--", path)
        for part in decoded(answer).split("\0")[:-1]:
            facts, name = part.split("\t", 1)
            mode, kind, blob = facts.split(" ")
            if name == path and kind == "blob":
                return mode, blob
        return None

    def annotate(self, node: str, path: str) -> tuple[Line, ...]:
        """The lines of a file, with where each comes from."""
        answer = self._run("blame", "--porcelain", self._commit(node), "--", path)
        found: list[Line] = []
        origin = ""
        for line in decoded(answer).split("\n")[:-1]:
            if line.startswith("\t"):
                found.append(Line(node=origin, text=line[1:]))
            elif re.match(r"[0-9a-f]{40} \d+ \d+", line):
                origin = line[:40]
        return tuple(found)

    def diff(self, old: str, new: str, paths: Sequence[str] = ()) -> str:
        """The difference between two changesets."""
        plain = ("--no-ext-diff", "--no-textconv", "--no-color")
        nodes = (self._commit(old), self._commit(new))
        return decoded(self._run("diff", *plain, *nodes, "--", *paths))

    def export(self, old: str, new: str, folder: Path) -> tuple[str, ...]:
        """Brings a folder from one tree to another; returns the paths that differ."""
        nodes = (self._commit(old) if old else _NOTHING, self._commit(new))
        answer = self._run("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", *nodes)
        parts = decoded(answer).split("\0")[:-1]
        found = list(zip(parts[1::2], (facts.split(" ") for facts in parts[::2]), strict=True))
        here = [(path, facts[3]) for path, facts in found if facts[1].startswith("100")]
        for path, facts in found:
            if not facts[1].startswith("100"):
                (folder / path).unlink(missing_ok=True)
        blobs = self._blobs([blob for _, blob in here])
        for (path, _), content in zip(here, blobs, strict=True):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        return tuple(path for path, _ in found)

    def _blobs(self, names: Sequence[str]) -> Iterator[bytes]:
        asked = "".join(f"{name}\n" for name in names).encode()
        answer = self._run("cat-file", "--batch", given=asked)
        at = 0
        for _ in names:
            end = answer.index(b"\n", at)
            size = int(answer[at:end].split(b" ")[2])
            yield answer[end + 1 : end + 1 + size]
            at = end + size + 2

    def commit(self, base: str, path: str, content: bytes, *, user: str, message: str) -> str:
        """A new changeset on ``base``; what is checked out stays as it is."""
        parent = self._commit(base)
        mode = (self._entry(parent, path) or ("100644", ""))[0]
        blob = decoded(self._run("hash-object", "-w", "--stdin", given=content)).strip()
        name, address = parseaddr(" ".join(user.split()))
        who = {"NAME": name or user, "EMAIL": address or "nobody@localhost"}
        people = {f"GIT_{r}_{k}": v for r in ("AUTHOR", "COMMITTER") for k, v in who.items()}
        with tempfile.TemporaryDirectory() as folder:
            around = {**people, "GIT_INDEX_FILE": str(Path(folder) / "index")}
            self._run("read-tree", parent, more=around)
            entry = f"{mode},{blob},{checked_path(path)}"
            self._run("update-index", "--add", "--cacheinfo", entry, more=around)
            tree = decoded(self._run("write-tree", more=around)).strip()
            words = ("commit-tree", tree, "-p", parent, "-F", "-")
            return decoded(self._run(*words, given=message.encode(), more=around)).strip()

    def publish(self, node: str, *, user: str = "", ref: str = "") -> tuple[str, ...]:
        """Pushes a changeset to the branch ``ref`` of where this clone comes from."""
        del user
        target = ref or self._text("symbolic-ref", "--short", "HEAD")
        if target.startswith("-") or ":" in target:
            raise RepositoryError(f"{self._root}: {target!r} is no name of a branch")
        words = ("push", "--quiet", "origin", f"{self._commit(node)}:refs/heads/{target}")
        around, command = self._environment, (*self._command, *words)
        done = run(command, folder=self._root, environment=around, fine=(0, 1, 128))
        said = decoded(done.stderr).splitlines()
        told = tuple(line.removeprefix("remote: ").rstrip() for line in said if "remote: " in line)
        if done.returncode:
            late = any("fetch first" in line or "non-fast-forward" in line for line in said)
            raise (OvertakenError if late else RefusedError)(told or tuple(said[-3:]))
        return told

    def update(self) -> None:
        """Fetches all branches and tags; in a bare clone they become its own."""
        bare = self._text("rev-parse", "--is-bare-repository") == "true"
        heads = "+refs/heads/*:refs/heads/*" if bare else "+refs/heads/*:refs/remotes/origin/*"
        self._run("fetch", "--quiet", "--tags", "origin", heads)

    def close(self) -> None:
        """Nothing is kept."""

    def _text(self, *words: str) -> str:
        return decoded(self._run(*words)).strip()

    def _run(
        self,
        *words: str,
        given: bytes = b"",
        fine: Sequence[int] = (0,),
        more: dict[str, str] | None = None,
    ) -> bytes:
        around = {**self._environment, **(more or {})}
        command = (*self._command, *words)
        done = run(command, folder=self._root, environment=around, given=given, fine=fine)
        return done.stdout


def _changesets(parts: Iterator[str]) -> Iterator[Changeset]:
    found: Changeset | None = None
    touched: dict[str, list[str]] = {}
    copies: list[tuple[str, str]] = []
    for part in parts:
        status = _STATUS.fullmatch(part)
        if status is not None:
            path, kind = next(parts), status[1][0]
            if kind in "RC":
                new = next(parts)
                copies.append((new, path))
                touched.setdefault("M", []).append(new)
            if kind != "C":
                touched.setdefault("D" if kind == "R" else kind, []).append(path)
        elif part:
            if found is not None:
                yield _with(found, touched, copies)
            found, touched, copies = _header(part), {}, []
    if found is not None:
        yield _with(found, touched, copies)


def _with(
    found: Changeset, touched: Mapping[str, list[str]], copies: list[tuple[str, str]]
) -> Changeset:
    return replace(
        found,
        files=tuple(sorted(path for paths in touched.values() for path in paths)),
        copies=tuple(copies),
        added=tuple(touched.get("A", ())),
        removed=tuple(touched.get("D", ())),
    )


def _header(part: str) -> Changeset:
    node, parents, author, date, summary = part.lstrip("\n").split("\n", 4)
    seconds, zone = date.split(" ")
    minutes = int(zone[1:3]) * 60 + int(zone[3:])
    return Changeset(
        node=node,
        parents=tuple(parents.split()),
        author=author,
        at=int(seconds),
        zone=-minutes if zone[0] == "-" else minutes,
        summary=summary,
    )
