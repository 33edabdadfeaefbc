"""The sources that are edited: opened at a changeset, compared, and committed by way of the gate.

Owns what may be edited by whom, and that no newer change is ever overwritten. A commit is made in
a clone of its own and pushed from there, so that it meets the gate as every push does. Must not
know HTTP.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from honestdocs.hosting import durable, heads
from honestdocs.hosting.editing.errors import EditError
from honestdocs.hosting.editing.merge import Merged, merge
from honestdocs.hosting.editing.text import decode, marker_lines, restore, typed
from honestdocs.hosting.errors import (
    OvertakenError,
    RefusedError,
    RepositoryError,
    UnknownChangesetError,
)
from honestdocs.hosting.home import Home
from honestdocs.hosting.mercurial import Mercurial, environment
from honestdocs.hosting.page import Entry
from honestdocs.hosting.path import checked_node, checked_path
from honestdocs.hosting.pattern import matches
from honestdocs.hosting.rules import why_not
from honestdocs.hosting.settings import Settings, load
from honestdocs.hosting.tool import need_tool, run

_TRIES = 3
_LONGEST_MESSAGE = 2000
_GATE = "docs: "
_LATE = "could not be checked"
_ROW = "{node}\\n{author}\\n{date|hgdate}\\n{desc|firstline}\\n"
_HGRC = """\
# Written by the editor: a clone that nobody works in needs no hooks of its own.
[push]
pushvars.server = yes
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A source as it is at a changeset; ``text`` keeps its line ends."""

    path: str
    node: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a commit: a ``node`` with the gate's ``lines``, or a text to settle first.

    ``newer`` is the change that came in between, and ``base`` the node that the text is of now.
    """

    node: str = ""
    lines: tuple[str, ...] = ()
    merged: Merged | None = None
    newer: Entry | None = None
    base: str = ""


class Desk:
    """The desk of a hosted repository; one commit at a time."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self.original = Mercurial(home.root, settings=str(home.hgrc))
        self._turn = threading.Lock()
        self._clone: Mercurial | None = None

    def close(self) -> None:
        """Ends the processes that are kept."""
        self.original.close()
        if self._clone is not None:
            self._clone.close()

    def prepare(self) -> None:
        """Makes the clone while nobody waits for it yet."""
        with self._turn:
            self._ready()

    @property
    def settings(self) -> Settings:
        """The host's settings, as they are now."""
        return load(self._home.settings)

    def head(self, since: str = "") -> str:
        """The published node that the site is made of."""
        return heads.public_head(self._home, self.settings.branch, since, self.original.rows)

    def open(self, path: str, node: str) -> Sheet:
        """A source at a node. Raises EditError where there is none that can be edited."""
        return Sheet(path=path, node=node, text=decode(self.content(path, node), path))

    def content(self, path: str, node: str) -> bytes:
        """A file at a node. Raises EditError where there is none."""
        try:
            return self.original.cat(checked_node(node), checked_path(path))
        except UnknownChangesetError as error:
            raise EditError(404, f"There is no {path} at {node[:12]}.") from error
        except RepositoryError as error:
            if "is no path" in str(error):
                raise EditError(404, f"There is no page {path!r}.") from error
            raise EditError(503, "The repository does not answer; try again soon.") from error

    def check_right(self, path: str, user: str) -> None:
        """Raises EditError where a user may not change a file, with the rule that says so."""
        settings = self.settings
        reason = why_not(path, user, settings)
        if not reason and matches(path, settings.protected):
            reason = "the server uses its own; ask its administrator to change it"
        if reason:
            raise EditError(403, f"{path} cannot be changed here: {reason}.")

    def entry(self, node: str) -> Entry:
        """A changeset as a reader sees it."""
        rows = self.original.rows(checked_node(node), _ROW)
        if len(rows) < 4:  # noqa: PLR2004 - the rows of the template
            raise EditError(404, f"There is no changeset {node[:12]}.")
        at, west = rows[2].split(" ")
        return Entry(
            node=rows[0], author=rows[1], at=int(at), zone=-int(west) // 60, summary=rows[3]
        )

    def commit(self, sheet: Sheet, text: str, *, user: str, author: str, message: str) -> Outcome:
        """Commits a typed text that was made of a sheet; the gate decides.

        Where a newer change touched the file the text is merged with it, and nothing is
        committed. Raises EditError where nothing can be, with the gate's lines.
        """
        self._check(sheet, text, user, message)
        with self._turn:
            for _ in range(_TRIES):
                with suppress(OvertakenError):
                    return self._committed(
                        sheet, text, user=user, author=author, message=message.strip()
                    )
        raise EditError(
            503, "Others publish at this moment, so that your change came too late; try again."
        )

    def _check(self, sheet: Sheet, text: str, user: str, message: str) -> None:
        self.check_right(sheet.path, user)
        if not message.strip():
            raise EditError(422, "Say in a few words what the change does to the page.")
        if len(message) > _LONGEST_MESSAGE or not message.replace("\n", "").isprintable():
            raise EditError(
                422, f"The message holds signs of control, or more than {_LONGEST_MESSAGE} signs."
            )
        marked = marker_lines(text)
        if marked and not marker_lines(typed(sheet.text)):
            raise EditError(422, f"Line {marked[0]} still marks a conflict: settle it first.")

    def _committed(
        self, sheet: Sheet, text: str, *, user: str, author: str, message: str
    ) -> Outcome:
        head = self.head(sheet.node)
        clone = self._ready()
        now = self._newer(sheet, head) if head != sheet.node else sheet
        if now.text != sheet.text:
            return self._merged(sheet, now, text)
        new = restore(sheet.text, text).encode()
        if new == sheet.text.encode():
            raise EditError(422, "Nothing was changed: the text is as it is published.")
        node = clone.commit(head, sheet.path, new, user=author, message=message)
        lines = self._push(clone, node, user)
        return Outcome(node=node, lines=lines, base=node)

    def _newer(self, sheet: Sheet, head: str) -> Sheet:
        try:
            return self.open(sheet.path, head)
        except EditError as error:
            if error.status != 404:  # noqa: PLR2004 - RFC 9110
                raise
            raise EditError(
                409,
                f"{sheet.path} was removed or renamed since you opened it: copy your text, "
                "and open the page where it is now.",
            ) from error

    def _merged(self, sheet: Sheet, now: Sheet, text: str) -> Outcome:
        rows = self.original.rows(
            f"last(only({checked_node(now.node)}, {checked_node(sheet.node)}) "
            f"and filelog({_quoted('path:' + sheet.path)}))",
            "{node}\\n",
        )
        newer = self.entry(rows[0] if rows else now.node)
        name = f"{newer.name}, {newer.short}"
        found = merge(typed(sheet.text), text, typed(now.text), their_name=name)
        return Outcome(merged=found, newer=newer, base=now.node)

    def _push(self, clone: Mercurial, node: str, user: str) -> tuple[str, ...]:
        try:
            return _gate_lines(clone.publish(node, user=user))
        except OvertakenError:
            raise
        except RefusedError as error:
            lines = _gate_lines(error.lines) or error.lines
            late = _LATE in lines[0] if lines else False
            said = "The gate could not check the change" if late else "The gate refused the change"
            raise EditError(504 if late else 422, f"{said}; nothing was stored.", lines) from error

    def _ready(self) -> Mercurial:
        """The clone, with all that is new; made again where it is broken."""
        for fresh in (False, True):
            try:
                if self._clone is None or fresh:
                    self._clone = self._cloned(fresh=fresh)
                self._clone.update()
            except RepositoryError as error:
                if fresh:
                    raise EditError(
                        503, "The repository cannot be written; tell its administrator."
                    ) from error
            else:
                break
        assert self._clone is not None  # noqa: S101 - made above
        return self._clone

    def _cloned(self, *, fresh: bool) -> Mercurial:
        folder, settings = self._home.editing / "clone", self._home.editing / "hgrc"
        if fresh and self._clone is not None:
            self._clone.close()
        if fresh:
            shutil.rmtree(folder, ignore_errors=True)
        self._home.editing.mkdir(mode=0o750, exist_ok=True)
        durable.write_text(settings, _HGRC)
        ask = _asker(settings)
        if not (folder / ".hg").is_dir():
            words = ("clone", "--noupdate", "--quiet", str(self._home.root), str(folder))
            ask(words, self._home.editing)
        if (folder / ".hg" / "store" / "journal").exists():
            ask(("recover", "--quiet"), folder)
        strip = ("--config=extensions.strip=", "strip", "--no-backup", "--quiet")
        ask((*strip, "--rev", "draft()"), folder, (0, 255))
        return Mercurial(folder, settings=str(settings))


def _asker(settings: Path) -> Callable[..., None]:
    def ask(words: tuple[str, ...], folder: Path, fine: tuple[int, ...] = (0,)) -> None:
        command = (need_tool("hg"), *words)
        run(command, folder=folder, environment=environment(str(settings)), fine=fine)

    return ask


def _gate_lines(said: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line.removeprefix(_GATE) for line in said if line.startswith(_GATE))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
