"""A resident process that builds what is looked at: Sphinx imported once, a fork a build.

There are two of them for a host, so that a reader who compares never holds up an editor: one
builds previews, with their examples proven, the other the pages of old changesets. A push waits
for neither, since they are not the builder. Must not publish anything.
"""

from __future__ import annotations

import os
import select
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from honestdocs.contract.flaw import Built, Flaw, FlawKind
from honestdocs.hosting import heads
from honestdocs.hosting.attempt import Attempt
from honestdocs.hosting.conversation import Conversation, Sent
from honestdocs.hosting.editing.rendered import rendered_difference
from honestdocs.hosting.editing.shelf import Shelf
from honestdocs.hosting.edition import Edition, Judgement
from honestdocs.hosting.errors import HostError, RepositoryError
from honestdocs.hosting.home import Home
from honestdocs.hosting.path import checked_path
from honestdocs.hosting.published import EDITOR
from honestdocs.hosting.recipe import Build, Recipe, packed
from honestdocs.hosting.resident import Stopped, end_on_signal, listen, lock
from honestdocs.hosting.settings import load

STYLE = f"{EDITOR}/-/static/difference.css"
PREVIEW, DIFFERENCE = "preview", "difference"
KINDS = (PREVIEW, DIFFERENCE)
_HEARING_SECONDS = 60.0
_LOOK_SECONDS = 2.0
_COMPARING_SECONDS = 60.0


class _LateError(HostError):
    """A build that took too long."""


class Studio:
    """Listens until it is stopped, idle for ``idle`` seconds, or its parent has gone."""

    def __init__(self, home: Home, build: Build, kind: str, *, idle: float | None = None) -> None:
        self._home = home
        self._build = build
        self._kind = kind
        self._idle = idle
        self._edition = Edition(home, f"editing/{kind}")
        self._shelf = shelf_of(home, kind)
        self._parent = os.getppid()

    def run(self) -> bool:
        """Serves; returns False at once where another one does already."""
        self._home.editing.mkdir(mode=0o750, exist_ok=True)
        held = lock(self._home.editing / f"{self._kind}.lock")
        if held is None:
            return False
        end_on_signal()
        place = socket_of(self._home, self._kind)
        with held, suppress(Stopped), listen(place) as listener:
            while self._wait(listener):
                connection, _ = listener.accept()
                connection.settimeout(_HEARING_SECONDS)
                self._converse(Conversation(connection))
        place.unlink(missing_ok=True)
        return True

    def _wait(self, listener: socket.socket) -> bool:
        end = None if self._idle is None else time.monotonic() + self._idle
        while end is None or time.monotonic() < end:
            if select.select([listener], [], [], _LOOK_SECONDS)[0]:
                return True
            if os.getppid() != self._parent:
                return False
        return False

    def _converse(self, conversation: Conversation) -> None:
        try:
            self._answer(conversation, conversation.hear())
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            _say(f"a conversation came to no end: {type(error).__name__}: {error}")
        except (HostError, RepositoryError) as error:
            _say(str(error))
            late = isinstance(error, _LateError)
            with suppress(OSError):
                conversation.tell({"error": str(error), "late": late})
        finally:
            conversation.close()

    def _answer(self, conversation: Conversation, asked: Mapping[str, Any]) -> None:
        self._edition.settings = load(self._home.settings)
        if asked["op"] == "stop":
            conversation.tell({})
            raise Stopped
        if asked["op"] == "prepare":
            conversation.tell({})
            conversation.close()
            self._stand_on(asked["base"], None)
            return
        work = self._preview if self._kind == PREVIEW else self._compare
        conversation.tell(work(asked, conversation))
        self._shelf.prune()

    def _preview(self, asked: Mapping[str, Any], watch: Conversation) -> dict[str, object]:
        """The page of a text, built on a node and proven, and its difference from the node's."""
        base, path, key = asked["base"], checked_path(asked["path"]), asked["key"]
        self._stand_on(base, watch)
        text = Sent(path=path, flags="", content=asked["text"].encode())
        self._edition.lay_out(lambda _: [text])
        recipe = replace(self._edition.recipe(base), page=path)
        os.utime(recipe.tree / path)
        before = self._edition.kept_site

        def build(given: Recipe) -> Built:
            built = self._build(given)
            if _may_be_seen(built) and (given.site / built.address).is_file():
                self._shelf.put(key, given.site, built.address)
                sides = (before / built.address, given.site / built.address)
                self._show(key, built.address, *map(_content, sides))
            return built

        return _told(self._judged(recipe, build, watch), path)

    def _compare(self, asked: Mapping[str, Any], watch: Conversation) -> dict[str, object]:
        """The difference of a page between two nodes, of which each is built as a whole."""
        old, new, key = asked["old"], asked["new"], asked["key"]
        was = b""
        if old["path"]:
            judgement = self._stand_on(old["node"], watch, page=old["path"])
            address = judgement.built.address if judgement else ""
            was = _content(self._edition.kept_site / address) if address else b""

        def build(given: Recipe) -> Built:
            built = self._build(given)
            if _may_be_seen(built) and (given.site / built.address).is_file():
                self._show(key, built.address, was, _content(given.site / built.address))
            return built

        judgement = self._stand_on(new["node"], watch, page=new["path"], build=build)
        return {"address": judgement.built.address if judgement else ""}

    def _show(self, key: str, address: str, was: bytes, now: bytes) -> None:
        found = rendered_difference(was, now, STYLE)
        self._shelf.put_difference(key, address, found.page)

    def _stand_on(
        self, node: str, watch: Conversation | None, *, page: str = "", build: Build | None = None
    ) -> Judgement | None:
        """Makes a node what builds start from; without a ``page`` nothing is done where it is."""
        edition = self._edition
        if not page and edition.node() == node:
            return None
        if edition.node() != node:
            edition.lay_out(lambda _: heads.fetch(self._home, edition.present(), node))
        else:
            edition.lay_out(lambda _: [])
        recipe = replace(edition.recipe(node), page=page)
        judgement = self._judged(recipe, build or self._build, watch)
        broken = [str(flaw) for flaw in judgement.built.flaws if not flaw.path]
        if broken:
            raise HostError(f"{node[:12]} cannot be built: {broken[0]}")
        edition.keep(node)
        return judgement

    def _judged(self, recipe: Recipe, build: Build, watch: Conversation | None) -> Judgement:
        proves = self._kind == PREVIEW
        seconds = self._edition.settings.time_limit
        seconds = seconds if proves else min(seconds, _COMPARING_SECONDS)
        given = replace(recipe, proves=proves)
        attempt = Attempt(lambda: packed(build(given)), seconds=seconds)
        if watch is None:
            attempt.wait()
        else:
            attempt.wait(watch.gone, watch.fileno())
        if attempt.late:
            raise _LateError(f"the build took longer than {seconds:g} s")
        if attempt.result is None and watch is not None and watch.gone():
            raise EOFError("nobody waits for it any more")
        return self._edition.judge(attempt)


def socket_of(home: Home, kind: str) -> Path:
    """Where a studio listens."""
    return home.editing / f"{kind}.sock"


def shelf_of(home: Home, kind: str) -> Shelf:
    """What it built; each has a shelf, so that readers push no editor's previews from it."""
    return Shelf(folder=home.editing / "shelf" / kind, site=home.current)


def _may_be_seen(built: Built) -> bool:
    """Whether it holds nothing but the tree: a text could take in any file of the server."""
    return not any(flaw.kind is FlawKind.OUTSIDE for flaw in built.flaws)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _told(judgement: Judgement, path: str) -> dict[str, object]:
    """What is said of a preview: all that is wrong with the page, and what it breaks elsewhere."""
    built = judgement.built
    seen = _may_be_seen(built)
    own = [flaw for flaw in built.flaws if flaw.path == path]
    others = [f for f in (*judgement.new, *judgement.warned) if f.path != path]
    new = {id(flaw) for flaw in judgement.new}
    return {
        "address": built.address if seen else "",
        "pages": built.pages,
        "proven": built.proven,
        "findings": [_finding(flaw, refused=id(flaw) in new) for flaw in (*own, *others)],
        "notes": list(built.notes),
    }


def _finding(flaw: Flaw, *, refused: bool) -> dict[str, object]:
    return {
        "path": flaw.path,
        "line": flaw.line,
        "message": flaw.message,
        "kind": str(flaw.kind),
        "refused": refused,
    }


def _say(line: str) -> None:
    at = time.strftime("%Y-%m-%d %H:%M:%S")
    print(f"{at} {line}", file=sys.stderr, flush=True)  # noqa: T201 - its log is this
