"""The gate: a push is let in when what it makes public builds, agrees with itself, and is true.

Owns the judgement of one push, from what the hook tells to what the pusher reads, and its
publication. Must not know sockets beyond the conversation that it is handed.
"""

from __future__ import annotations

import getpass
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from honestdocs.contract.flaw import Flaw
from honestdocs.hosting import audit, heads
from honestdocs.hosting.beside import branch_edition, good_nodes
from honestdocs.hosting.conversation import Conversation, Sent
from honestdocs.hosting.edition import Edition, Judgement
from honestdocs.hosting.errors import HostError, RepositoryError
from honestdocs.hosting.home import MAIN, Home
from honestdocs.hosting.incoming import Head, Push, read_push
from honestdocs.hosting.recipe import Build
from honestdocs.hosting.rules import refusals
from honestdocs.hosting.settings import Settings, load

_SHORT = 12
_MOST = 40
"""Flaws that are told; a page that lost its target can have hundreds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is said of a push: ``candidates`` are editions with the node to be published."""

    accept: bool
    lines: tuple[str, ...] = ()
    candidates: tuple[tuple[str, str], ...] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """A push that was let in, and of which nobody said yet whether its transaction was closed."""

    transaction: str
    verdict: Verdict
    began: float

    @property
    def nodes(self) -> list[str]:
        """What is to be published."""
        return [node for _, node in self.verdict.candidates]


class Gate:
    """The judge of one hosted repository."""

    def __init__(self, home: Home, build: Build) -> None:
        self._home = home
        self._build = build
        self._open: _Open | None = None
        self._told: dict[str, list[str]] = {}
        self._editions: dict[str, Edition] = {}

    @property
    def waiting(self) -> bool:
        """Whether a push was let in that is not published yet."""
        return self._open is not None

    def edition(self, name: str = MAIN) -> Edition:
        """An edition by its name, with the host's settings as they are now."""
        edition = self._editions.setdefault(name, Edition(self._home, name))
        edition.settings = load(self._home.settings)
        return edition

    def check(self, conversation: Conversation, transaction: str) -> None:
        """Hears what a transaction brings, and answers whether it is let in."""
        began = time.monotonic()
        settings = load(self._home.settings)
        conversation.tell({"open": self._open.nodes if self._open else []})
        self._hear_of_earlier(conversation.hear()["kept"])
        good = {settings.branch: self.edition().node()}
        good |= good_nodes(self._home, settings, self.edition)
        conversation.tell({"good": good})
        push = read_push(conversation.hear())
        if push.editor and not _speaks_for_others(push, settings):
            push = replace(push, editor="")
        verdict = self._judged(conversation, push, settings)
        if verdict.accept:
            self._open = _Open(transaction=transaction, verdict=verdict, began=began)
        audit.note(
            self._home.audit,
            push,
            at=time.time(),
            verdict="accepted" if verdict.accept else "refused",
            seconds=time.monotonic() - began,
            lines=verdict.lines,
        )
        conversation.tell({"accept": verdict.accept, "lines": list(verdict.lines)})

    def _hear_of_earlier(self, kept: Sequence[str]) -> None:
        """Mercurial lets one transaction in after the other: an earlier one is closed or gone."""
        if self._open is not None:
            if set(self._open.nodes) <= set(kept):
                self._conclude(self._open)
            self._open = None

    def _judged(self, conversation: Conversation, push: Push, settings: Settings) -> Verdict:
        refused = refusals(push, settings)
        if refused:
            return _refused("this push may not come in", refused)
        verdict = Verdict(accept=True)
        for head in push.heads:
            if head.closes:
                continue
            name = branch_edition(head.branch, settings) if head.descends else ""
            found = self._proven(conversation, self.edition(name or MAIN), push, head, settings)
            if not found.accept:
                return found
            verdict = replace(
                found,
                lines=(*verdict.lines, *found.lines),
                candidates=(*verdict.candidates, *found.candidates),
            )
        return verdict

    def _proven(
        self,
        conversation: Conversation,
        edition: Edition,
        push: Push,
        head: Head,
        settings: Settings,
    ) -> Verdict:
        def fetch(old: str) -> Iterable[Sent]:
            conversation.tell({"want": {"old": old, "new": head.node}})
            return conversation.files()

        short = head.node[:_SHORT]
        try:
            edition.lay_out(fetch)
            attempt = edition.attempt(self._build, head.node, pending=push.pending)
            attempt.wait(conversation.gone, conversation.fileno())
            if not attempt.late and attempt.result is None and conversation.gone():
                raise EOFError("the pusher went away")
            judgement = edition.judge(attempt)
        except HostError as error:
            return _refused(f"{short} could not be checked", [str(error)])
        if judgement.new:
            edition.settle()
            return _refused(f"{short} is not right", _told(judgement.new))
        own = edition.name != MAIN or (head.branch == settings.branch and head.descends)
        return Verdict(
            accept=True,
            lines=tuple(f"docs: warning: {line}" for line in _told(judgement.warned)),
            candidates=((edition.name, head.node),) if own else (),
            summary=_summary(judgement),
        )

    def publish(self, transaction: str) -> list[str]:
        """Publishes what was let in with a transaction that is closed now; returns the lines."""
        if self._open is not None and self._open.transaction == transaction:
            self._conclude(self._open)
        elif transaction not in self._told and not self.waiting:
            return self.catch_up()
        return self._told.pop(transaction, [])

    def _conclude(self, opened: _Open) -> None:
        self._open = None
        for name, node in opened.verdict.candidates:
            self.edition(name).publish(node)
        if opened.verdict.summary:
            done = "proven and published" if opened.nodes else "proven"
            seconds = time.monotonic() - opened.began
            said = f"docs: {done} in {seconds:.2f} s ({opened.verdict.summary})"
            self._told = {opened.transaction: [said]}

    def look_after(self) -> None:
        """Publishes what was let in when nobody comes to say that its transaction is closed."""
        if self._open is None:
            return
        if all(heads.is_public(self._home, node) for node in self._open.nodes):
            self._conclude(self._open)
        elif not heads.is_busy(self._home):
            self._open = None

    def settle(self) -> None:
        """What can wait until the pusher has his answer."""
        if not self.waiting:
            for edition in self._editions.values():
                edition.settle()

    def catch_up(self) -> list[str]:
        """Builds and publishes what the repository has and the site has not; returns the lines.

        What is wrong with it is told and kept as known: it is in the repository already.
        """
        edition = self.edition()
        edition.recover()
        head = heads.public_head(self._home, edition.settings.branch, edition.node())
        if not head or head == edition.node():
            return []
        return self.rebuild(head)

    def rebuild(self, node: str) -> list[str]:
        """Builds and publishes a node whatever is found; returns the lines."""
        began = time.monotonic()
        edition = self.edition()
        try:
            edition.lay_out(lambda _: heads.fetch(self._home, edition.present(), node))
            attempt = edition.attempt(self._build, node, pending=False)
            attempt.wait()
            judgement = edition.judge(attempt)
        except (HostError, RepositoryError) as error:
            return [f"docs: {node[:_SHORT]} could not be built: {error}"]
        broken = [str(one) for one in judgement.new if not one.path]
        if broken:
            return [f"docs: {node[:_SHORT]} could not be built", *_prefixed(broken)]
        edition.publish(node)
        edition.settle()
        seconds = time.monotonic() - began
        told = _prefixed(_told(judgement.new))
        return [
            *told,
            f"docs: {node[:_SHORT]} published in {seconds:.2f} s ({_summary(judgement)})",
        ]


def _speaks_for_others(push: Push, settings: Settings) -> bool:
    """Whether who pushes may name somebody else: who is told to, and whoever holds the files."""
    own = push.source == "file" and push.user == getpass.getuser()
    return own or push.user in settings.editors


def _refused(why: str, lines: Sequence[str]) -> Verdict:
    count = f"{len(lines)} problem{'s' * (len(lines) != 1)}"
    return Verdict(accept=False, lines=(f"docs: refused: {why}: {count}", *_prefixed(lines)))


def _prefixed(lines: Iterable[str]) -> list[str]:
    return [f"docs: {line}" for line in lines]


def _told(flaws: Sequence[Flaw]) -> list[str]:
    lines = [str(flaw) for flaw in flaws[:_MOST]]
    more = len(flaws) - len(lines)
    return [*lines, f"and {more} more"] if more else lines


def _summary(judgement: Judgement) -> str:
    built = judgement.built
    parts = [f"{built.pages} page{'s' * (built.pages != 1)} written"]
    parts.append(f"{built.proven} example{'s' * (built.proven != 1)} run")
    if judgement.known:
        parts.append(f"{judgement.known} known problem{'s' * (judgement.known != 1)}")
    return ", ".join(parts)
