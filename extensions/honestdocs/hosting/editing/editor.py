"""Editing one file: shown, previewed, compared, committed.

Owns what each of the three buttons does, and that a text is given back whatever happens. Must not
know how a page is built or a change is stored.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from honestdocs.hosting.accounts import Accounts
from honestdocs.hosting.editing.desk import Desk, Outcome, Sheet
from honestdocs.hosting.editing.difference import Row, difference
from honestdocs.hosting.editing.errors import EditError, as_edit_error
from honestdocs.hosting.editing.order import Orders
from honestdocs.hosting.editing.screen import Notice, Screen, go
from honestdocs.hosting.editing.sessions import Session
from honestdocs.hosting.editing.shelf import DIFFERENCE
from honestdocs.hosting.editing.text import check_typed, lines_of, marker_lines, restore, typed
from honestdocs.hosting.errors import HostError, RepositoryError
from honestdocs.hosting.path import checked_node
from honestdocs.hosting.published import EDITOR

_WORDS = {
    "broken": "Broken",
    "lie": "Lie",
    "unchecked": "Not checked",
    "conflict": "Changed by both",
}
_MOST_SAID = 64
_SLACK_SECONDS = 30.0
_MOST_COMMITS = 4
"""Commits that wait for each other; more wait for these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What somebody has before them: a sheet and what they made of it."""

    sheet: Sheet
    text: str
    page: str = ""
    message: str = ""
    told: Notice | None = None
    status: int = 200
    fresh: bool = False
    committed: bool = False
    preview: Mapping[str, object] | None = None
    findings: tuple[Mapping[str, object], ...] = ()
    difference: tuple[Row, ...] | None = None
    rendered: str = ""


class Editor:
    """The editor of a host; ``page_of`` tells where a page is to be read, by its name."""

    def __init__(
        self,
        desk: Desk,
        previews: Orders,
        screen: Screen,
        accounts: Accounts,
        page_of: Callable[[str], str],
    ) -> None:
        self._desk = desk
        self._previews = previews
        self._screen = screen
        self._accounts = accounts
        self._page_of = page_of
        self._said: OrderedDict[str, tuple[str, ...]] = OrderedDict()
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._committing = ThreadPoolExecutor(_MOST_COMMITS, thread_name_prefix="commit")
        self._preparing: asyncio.Future[None] | None = None

    def close(self) -> None:
        """Takes no more commits."""
        self._committing.shutdown(wait=False, cancel_futures=True)

    def owns(self, session: Session | None, key: str) -> bool:
        """Whether a preview was made for who asks."""
        return session is not None and self._owners.get(key) == session.user

    async def open(self, path: str, session: Session, request: Request) -> Response:
        """A file as it is published now."""
        page = request.query_params.get("page", "")
        node = await asyncio.to_thread(self._desk.head)
        sheet = await asyncio.to_thread(self._sheet, path, node, session.user)
        self._preparing = asyncio.ensure_future(self._previews.aside(lambda: self._prepare(node)))
        done = request.query_params.get("committed", "")
        work = Work(sheet=sheet, text=typed(sheet.text), page=page, fresh=True)
        if done in self._said:
            said = f"Committed as {done[:12]}, in your name."
            told = Notice(said=said, kind="good", lines=self._said[done])
            work = replace(work, told=told, committed=True)
        return self._shown(work, session)

    def _sheet(self, path: str, node: str, user: str) -> Sheet:
        sheet = self._desk.open(path, node)
        self._desk.check_right(path, user)
        return sheet

    def _prepare(self, node: str) -> None:
        """Builds what previews start from while somebody types."""
        with suppress(EditError, HostError):
            self._previews.ask({"op": "prepare", "base": node})
            self._desk.prepare()

    async def go_on(self, path: str, session: Session, form: Mapping[str, str]) -> Response:
        """The form as it came, to be looked at and sent again."""
        return self._shown(await self._work(path, form), session)

    async def stale(
        self, path: str, session: Session, form: Mapping[str, str], told: Notice
    ) -> Response:
        """The form with a token that is valid."""
        return self._shown(replace(await self._work(path, form), told=told, status=403), session)

    async def act(self, path: str, session: Session, form: Mapping[str, str]) -> Response:
        """Does what a button says. The text comes back with whatever is to be told."""
        work = await self._work(path, form)
        try:
            text = check_typed(work.text, path)
            work = replace(work, text=text)
            act = {"difference": self._differ, "commit": self._commit}.get(
                form.get("action", ""), self._preview
            )
            return await act(work, session)
        except (EditError, HostError, RepositoryError) as failure:
            error = as_edit_error(failure)
            told = Notice(said=str(error), lines=error.lines)
            findings = _gate_findings(error.lines, work)
            preview = {"told": "So the gate said.", "frame": ""} if findings else None
            again = replace(
                work, told=told, status=error.status, findings=findings, preview=preview
            )
            return self._shown(again, session)

    async def _work(self, path: str, form: Mapping[str, str]) -> Work:
        node = form.get("base", "")
        try:
            checked_node(node)
        except Exception as error:
            raise EditError(400, "The form does not say what the text is made of.") from error
        sheet = await asyncio.to_thread(self._desk.open, path, node)
        return Work(
            sheet=sheet,
            text=typed(form.get("text", "")),
            page=form.get("page", ""),
            message=form.get("message", ""),
        )

    async def _preview(self, work: Work, session: Session) -> Response:
        return self._shown((await self._built(work, session))[0], session)

    async def _built(self, work: Work, session: Session) -> tuple[Work, str]:
        """The work with its preview, and where its difference is shown."""
        await asyncio.to_thread(self._desk.check_right, work.sheet.path, session.user)
        key = secrets.token_urlsafe(24)
        self._owners[key] = session.user
        while len(self._owners) > _MOST_SAID:
            self._owners.popitem(last=False)
        order = {"op": "preview", "base": work.sheet.node, "path": work.sheet.path, "key": key}
        order["text"] = restore(work.sheet.text, work.text)
        answer = await self._previews.aside(lambda: self._previews.ask(order))
        address = str(answer["address"])
        folder = f"{EDITOR}/-/kept/{key}"
        frame = f"{folder}/{quote(address)}" if address else ""
        aside = f"{folder}/{quote(_aside(address))}" if address else ""
        findings = tuple(_finding(one, work) for one in answer["findings"])
        preview = {"told": _told(answer), "frame": frame}
        return replace(work, preview=preview, findings=findings), aside

    async def _differ(self, work: Work, session: Session) -> Response:
        rows = await asyncio.to_thread(difference, typed(work.sheet.text), work.text)
        built, aside = await self._built(work, session)
        return self._shown(replace(built, difference=rows, rendered=aside), session)

    async def _commit(self, work: Work, session: Session) -> Response:
        author = self._accounts.author(session.user)
        commit = partial(
            self._desk.commit,
            work.sheet,
            work.text,
            user=session.user,
            author=author,
            message=work.message,
        )
        committing = asyncio.get_running_loop().run_in_executor(self._committing, commit)
        seconds = self._desk.settings.time_limit + _SLACK_SECONDS
        try:
            outcome = await asyncio.wait_for(committing, seconds)
        except TimeoutError as error:
            raise EditError(
                504,
                f"The gate gave no answer for {seconds:g} s. Your change may still be taken: "
                "look at the page in a while before you send it again.",
            ) from error
        if outcome.merged is not None:
            return self._shown(await self._settled(work, outcome), session)
        self._said[outcome.node] = outcome.lines
        while len(self._said) > _MOST_SAID:
            self._said.popitem(last=False)
        page = quote(work.page, safe="")
        return go(f"{EDITOR}/{quote(work.sheet.path)}?committed={outcome.node}&page={page}")

    async def _settled(self, work: Work, outcome: Outcome) -> Work:
        """The merged text, on what it was merged with: nothing is stored before it was seen."""
        merged, newer = outcome.merged, outcome.newer
        assert merged is not None  # noqa: S101 - who calls has looked
        assert newer is not None  # noqa: S101 - the same
        sheet = await asyncio.to_thread(self._desk.open, work.sheet.path, outcome.base)
        who = f"{newer.name} changed this page meanwhile ({newer.short}: {newer.summary})."
        if merged.conflicts:
            places = f"{merged.conflicts} place{'s' * (merged.conflicts != 1)}"
            what = f"Both changed {places}: settle what is marked with <<<<<<< and >>>>>>>."
        else:
            what = "Your text was merged with it: look at the differences, then commit."
        told = Notice(said=f"{who} Nothing is stored yet. {what}", kind="ask")
        settled = replace(
            work,
            sheet=sheet,
            text=merged.text,
            told=told,
            status=409,
            difference=difference(typed(sheet.text), merged.text),
        )
        findings = _conflicts(settled)
        preview = {"told": "", "frame": ""} if findings else None
        return replace(settled, findings=findings, preview=preview)

    def _shown(self, work: Work, session: Session) -> Response:
        home = self._page_of(work.page)
        return self._screen.show(
            "editor",
            work.status,
            values={
                "path": work.sheet.path,
                "node": work.sheet.node,
                "text": work.text,
                "page": work.page,
                "message": work.message,
                "told": work.told,
                "fresh": work.fresh,
                "committed": work.committed,
                "preview": work.preview,
                "findings": work.findings,
                "difference": work.difference,
                "rendered": work.rendered,
                "user": session.user,
                "token": session.token,
                "home": home,
                "home_word": "Documentation" if home == "/" else "The page",
            },
        )


def _aside(address: str) -> str:
    return f"{address.rpartition('/')[0]}/{DIFFERENCE}".lstrip("/")


def _told(answer: Mapping[str, object]) -> str:
    """What a preview was made with."""
    pages, proven = answer["pages"], answer["proven"]
    built = f"{pages} page{'s' * (pages != 1)} built"
    passed = f"{proven} example{'s' * (proven != 1)} passed just now"
    return f"{built}, {passed}; what did not change keeps its last outcome."


def _finding(one: Mapping[str, object], work: Work) -> Mapping[str, object]:
    here = one["path"] == work.sheet.path
    line = int(str(one["line"]))
    return {
        **one,
        "here": here,
        "word": _WORDS.get(str(one["kind"]), "Broken"),
        "place": (f"line {line}" if line else "the page") if here else _place(one),
        "source": _source(work.text, line) if here else "",
    }


def _place(one: Mapping[str, object]) -> str:
    return f"{one['path']}:{one['line']}" if one["line"] else str(one["path"]) or "the build"


def _source(text: str, line: int) -> str:
    lines = lines_of(text)
    return lines[line - 1].strip() if 0 < line <= len(lines) else ""


def _gate_findings(lines: tuple[str, ...], work: Work) -> tuple[Mapping[str, object], ...]:
    """The gate's lines about the file itself, to stand beside its lines."""
    found = []
    for said in lines:
        rest = said.removeprefix(f"{work.sheet.path}:")
        number, colon, message = rest.partition(": ")
        if rest != said and colon and number.isdigit():
            facts = {"path": work.sheet.path, "line": int(number), "message": message}
            found.append(_finding({**facts, "kind": "broken", "refused": True}, work))
    return tuple(found)


def _conflicts(work: Work) -> tuple[Mapping[str, object], ...]:
    """The places of a merged text that have to be settled."""
    facts = {
        "path": work.sheet.path,
        "message": "keep what is right of both, and remove the marks",
        "kind": "conflict",
        "refused": False,
    }
    return tuple(_finding({**facts, "line": line}, work) for line in marker_lines(work.text))
