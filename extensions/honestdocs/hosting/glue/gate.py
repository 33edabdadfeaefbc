# SPDX-License-Identifier: GPL-2.0-or-later
"""The hooks of a hosted repository: what a transaction brings is told to the builder.

Owns the facts that only Mercurial knows while a transaction is open, and passing on the files
of a changeset that nobody else can see yet. Must not decide anything, and imports nothing of
ours, since Mercurial may run in another Python.
"""

from __future__ import annotations

import getpass
import json
import os
import shlex
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mercurial import error

if TYPE_CHECKING:
    from typing import Self

_START_SECONDS = 30.0
_ANSWER_SECONDS = 3600.0
"""The builder has a limit of its own; this one is for a builder that is no more."""
_LONGEST_ADDRESS = 100
_NULL = "0" * 40
_SOURCES = (("remote:http", "http"), ("remote:", "ssh"))


def check(ui: Any, repo: Any, hooktype: str, **facts: Any) -> bool:
    """Mercurial's ``pretxnclose``: asks the builder. Raises Abort where it refuses."""
    del hooktype
    arrived, public = _arrived(repo, facts.get("changes") or {})
    if not arrived:
        return False
    try:
        with _Builder(ui) as builder:
            builder.tell({"op": "check", "transaction": _text(facts.get("txnid", b""))})
            answer = builder.hear()
            if "open" in answer:
                builder.tell({"kept": [node for node in answer["open"] if _is_kept(repo, node)]})
                answer = builder.hear()
            if "good" in answer:
                pending = bool(repo.currenttransaction().writepending())
                what = _what(repo.unfiltered(), arrived, public, answer["good"])
                builder.tell({**_who(repo, facts), **what, "pending": pending})
                answer = builder.hear()
            while "want" in answer:
                builder.give(repo, answer["want"]["old"], answer["want"]["new"])
                answer = builder.hear()
    except (OSError, EOFError, ValueError) as failure:
        _say(ui, [f"docs: refused: the builder does not answer ({failure}); try again later"])
        raise error.Abort(b"the builder does not answer") from None
    _say(ui, answer["lines"])
    if not answer["accept"]:
        raise error.Abort(b"refused by the check of the documentation")
    return False


def publish(ui: Any, repo: Any, hooktype: str, **facts: Any) -> bool:
    """Mercurial's ``txnclose``: what was proven is published."""
    del hooktype
    changes = facts.get("changes") or {}
    arrived, _ = _arrived(repo, changes)
    if not (arrived or changes.get(b"obsmarkers")):
        return False
    try:
        with _Builder(ui) as builder:
            builder.tell({"op": "publish", "transaction": _text(facts.get("txnid", b""))})
            _say(ui, builder.hear()["lines"])
    except (OSError, EOFError, ValueError) as failure:
        _say(ui, [f"docs: accepted; it is published once the builder is back ({failure})"])
    return False


def _arrived(repo: Any, changes: Any) -> tuple[list[int], set[int]]:
    """The revisions that came in or became public, in order, and which of them are public."""
    whole = repo.unfiltered()
    start = changes.get(b"origrepolen", len(whole))
    turned = {rev for revs, (_, new) in changes.get(b"phases", ()) if new == 0 for rev in revs}
    arrived = sorted({*range(start, len(whole)), *turned})
    return arrived, {rev for rev in arrived if whole[rev].phase() == 0}


def _is_kept(repo: Any, node: str) -> bool:
    """Whether the repository holds what an earlier transaction brought."""
    with suppress(error.RepoLookupError):
        return bool(repo.unfiltered()[bytes.fromhex(node)].phase() == 0)
    return False


def _who(repo: Any, facts: Any) -> dict[str, str]:
    url = _text(facts.get("url", b""))
    source = next((name for start, name in _SOURCES if url.startswith(start)), "file")
    if source == "http":
        environ = getattr(repo.ui, "environ", {})
        name = _text(environ.get("REMOTE_USER") or environ.get(b"REMOTE_USER") or b"")
    else:
        name = (source == "ssh" and os.environ.get("HGUSER")) or getpass.getuser()
    return {"user": name, "editor": _text(facts.get("USERVAR_EDITOR", b"")), "source": source}


def _what(repo: Any, arrived: list[int], public: set[int], good: dict[str, str]) -> dict[str, Any]:
    arrivals = [
        {
            "node": repo[rev].hex().decode(),
            "files": [_text(path) for path in repo[rev].files()],
            "public": rev in public,
        }
        for rev in arrived
    ]
    heads = repo.revs(b"heads(%ld)", sorted(public))
    return {"arrivals": arrivals, "heads": [_head(repo, rev, public, good) for rev in heads]}


def _head(repo: Any, rev: int, public: set[int], good: dict[str, str]) -> dict[str, Any]:
    ctx = repo[rev]
    branch = _text(ctx.branch())
    known = good.get(branch, "")
    descends = not known
    if known:
        with suppress(error.RepoLookupError):
            standing = repo[bytes.fromhex(known)].rev()
            descends = bool(repo.changelog.isancestorrev(standing, rev))
    return {
        "node": ctx.hex().decode(),
        "branch": branch,
        "closes": bool(ctx.closesbranch()),
        "descends": descends,
        "replaces": descends or _replaces(repo, ctx, sorted(public)),
    }


def _replaces(repo: Any, ctx: Any, new: list[int]) -> bool:
    """Whether a head stands on an earlier public head of its branch, or the branch is new."""
    branch = ctx.branch()
    below = b"parents(%ld and ::%d) and public() and branch(%s) - %ld"
    above = b"children(%d) and public() and branch(%s) - %ld"
    for rev in repo.revs(below, new, ctx.rev(), branch, new):
        if not repo.revs(above, rev, branch, new):
            return True
    return not repo.revs(b"public() and branch(%s) - %ld", branch, new)


def _files(repo: Any, old: str, new: str) -> Iterator[tuple[str, str, bytes | None]]:
    """Path, flags and content of every file that differs; None for one that is gone."""
    now, before = repo[bytes.fromhex(new)], repo[bytes.fromhex(old or _NULL)]
    for path, (_, (node, flags)) in sorted(before.manifest().diff(now.manifest()).items()):
        yield _text(path), _text(flags), None if node is None else now[path].data()


class _Builder:
    """A conversation with the builder, which is started where there is none."""

    def __init__(self, ui: Any) -> None:
        self._folder = Path(_text(ui.config(b"honestdocs", b"home")))
        self._command = shlex.split(_text(ui.config(b"honestdocs", b"start", b"")))

    def __enter__(self) -> Self:
        self._socket = self._connected()
        self._socket.settimeout(_ANSWER_SECONDS)
        self._stream = self._socket.makefile("rwb")
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._stream.close()
        self._socket.close()

    def _connected(self) -> socket.socket:
        end = time.monotonic() + _START_SECONDS
        started: subprocess.Popen[bytes] | None = None
        while True:
            try:
                return _connect(self._folder)
            except (FileNotFoundError, ConnectionRefusedError):
                if time.monotonic() > end or not self._command:
                    raise
            if started is None or started.poll() is not None:
                started = self._start()
            time.sleep(0.02)

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if name[:2] != "HG"}
        with (self._folder / "builder.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - the command of the host's own settings
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                env=environment,
                start_new_session=True,
            )

    def tell(self, value: dict[str, Any]) -> None:
        """Says one thing."""
        self._stream.write(json.dumps(value).encode() + b"\n")
        self._stream.flush()

    def hear(self) -> dict[str, Any]:
        """What the builder says. Raises EOFError where it goes away."""
        line = self._stream.readline()
        if not line.endswith(b"\n"):
            raise EOFError("it went away")
        found: dict[str, Any] = json.loads(line)
        return found

    def give(self, repo: Any, old: str, new: str) -> None:
        """Passes on every file that differs between two changesets."""
        for path, flags, content in _files(repo.unfiltered(), old, new):
            size = -1 if content is None else len(content)
            head = json.dumps({"path": path, "flags": flags, "size": size})
            self._stream.write(head.encode() + b"\n" + (content or b""))
        self.tell({})


def _connect(folder: Path) -> socket.socket:
    address = str(folder / "builder.sock")
    opened = -1
    if len(os.fsencode(address)) > _LONGEST_ADDRESS:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        address = f"/proc/self/fd/{opened}/builder.sock"
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(address)
    except BaseException:
        connection.close()
        raise
    finally:
        if opened >= 0:
            os.close(opened)
    return connection


def _say(ui: Any, lines: list[str]) -> None:
    for line in lines:
        ui.status(line.encode("utf-8", "replace") + b"\n")


def _text(value: Any) -> str:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else str(value)
