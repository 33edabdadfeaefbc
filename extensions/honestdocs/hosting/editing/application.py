"""The web application of the editor, below ``/edit``.

Owns its routes and who may use which. Must not know what they do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Self
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route

from honestdocs.hosting.door import Door
from honestdocs.hosting.editing.comparing import Comparing
from honestdocs.hosting.editing.desk import Desk
from honestdocs.hosting.editing.editor import Editor
from honestdocs.hosting.editing.errors import EditError, as_edit_error
from honestdocs.hosting.editing.form import read_form
from honestdocs.hosting.editing.order import Orders
from honestdocs.hosting.editing.screen import KEPT, Notice, Screen, go
from honestdocs.hosting.editing.shelf import harmless
from honestdocs.hosting.editing.signing import STALE, Signing, login_address
from honestdocs.hosting.editing.studio import DIFFERENCE, PREVIEW, shelf_of
from honestdocs.hosting.errors import HostError, RepositoryError
from honestdocs.hosting.home import Home
from honestdocs.hosting.path import checked_path
from honestdocs.hosting.published import EDITOR

_STATIC = Path(__file__).parent / "static"
_SOURCES = (".rst", ".md", ".txt", ".http", ".inc")
_PREVIEWS, _COMPARISONS = 8, 3
"""How many wait for a build at a time."""
_TITLES = {
    400: "This cannot be read",
    403: "This is not for you to change",
    404: "There is no such page",
    413: "This is too large",
    415: "This is no text",
    429: "Slowly, please",
}
Handler = Callable[[Request], Awaitable[Response]]


class Editing:
    """Editing on one host, for the length of a ``with`` block."""

    def __init__(self, home: Home, door: Door) -> None:
        self._home = home
        self._screen = Screen()
        self._signing = Signing(door, self._screen)
        self._desk = Desk(home)
        self._previews = Orders(home, PREVIEW, most=_PREVIEWS)
        self._comparisons = Orders(home, DIFFERENCE, most=_COMPARISONS)
        self._editor = Editor(
            self._desk, self._previews, self._screen, door.accounts, self._page_of
        )
        self._comparing = Comparing(
            home, self._desk, self._comparisons, shelf_of(home, DIFFERENCE), self._screen
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._editor.close()
        self._previews.close()
        self._comparisons.close()
        self._desk.close()

    def routes(self) -> list[Route | Mount]:
        """What is reached below ``/edit``."""
        get, both = ["GET", "HEAD"], ["GET", "HEAD", "POST"]
        return [
            Route(EDITOR, self._guarded(self._list), methods=get),
            Mount(
                EDITOR,
                routes=[
                    Route("/", self._guarded(self._list), methods=get),
                    Route("/-/login", self._guarded(self._login), methods=both),
                    Route("/-/logout", self._guarded(self._signing.logout), methods=["POST"]),
                    Route("/-/static/{name}", self._guarded(self._static), methods=get),
                    Route("/-/kept/{key}/{path:path}", self._guarded(self._kept), methods=get),
                    Route("/-/difference/{path:path}", self._guarded(self._compare), methods=get),
                    Route("/{path:path}", self._guarded(self._edit), methods=both),
                ],
            ),
        ]

    def _guarded(self, handler: Handler) -> Handler:
        """The same, with what is wrong told as a page."""

        async def told(request: Request) -> Response:
            try:
                return await handler(request)
            except (EditError, HostError, RepositoryError) as failure:
                error = as_edit_error(failure)
            notice = Notice(said=str(error), lines=error.lines)
            title = _TITLES.get(error.status, "This did not work")
            answer = self._screen.tell(error.status, title, notice)
            if error.wait:
                answer.headers["Retry-After"] = str(error.wait)
            return answer

        return told

    async def _list(self, request: Request) -> Response:
        session = self._signing.session(request)
        if session is None:
            return self._signing.ask(request, "")
        node = await asyncio.to_thread(self._desk.head)
        found = await asyncio.to_thread(self._desk.original.files, node)
        paths = [path for path in found if path.endswith(_SOURCES)]
        around = {"user": session.user, "token": session.token, "told": None}
        return self._screen.show("pages", values={"paths": paths, "node": node, **around})

    async def _edit(self, request: Request) -> Response:
        path = _path_of(request)
        session = self._signing.session(request)
        if request.method != "POST":
            if session is None:
                return go(login_address(path, request.query_params.get("page", "")))
            return await self._editor.open(path, session, request)
        form = await read_form(request)
        if session is None:
            told = Notice(said="You are signed out. Sign in again to go on.", kind="ask")
            return self._signing.ask(request, path, status=401, notice=told, carried=form)
        if not self._signing.may_send(request, session, form):
            return await self._editor.stale(path, session, form, Notice(said=STALE))
        return await self._editor.act(path, session, form)

    async def _login(self, request: Request) -> Response:
        if request.method != "POST":
            return self._signing.ask(request, request.query_params.get("to", ""))
        form = await read_form(request)
        asked, session, secret = await self._signing.login(request, form)
        if asked is not None or session is None:
            return asked or self._signing.ask(request, "")
        to = form.get("to", "")
        answer = go(f"{EDITOR}/{to.lstrip('/')}")
        if "text" in form and "?" not in to:
            answer = await self._editor.go_on(_checked(to), session, form)
        return self._signing.keep(answer, request, secret)

    async def _compare(self, request: Request) -> Response:
        session = self._signing.session(request)
        known = session is not None
        return await self._comparing.answer(_path_of(request), request, known=known)

    async def _kept(self, request: Request) -> Response:
        key, path = str(request.path_params["key"]), str(request.path_params["path"])
        session = self._signing.session(request)
        public = self._comparing.is_public(key)
        allowed = public or self._editor.owns(session, key)
        shelf = shelf_of(self._home, DIFFERENCE if public else PREVIEW)
        found = await asyncio.to_thread(shelf.find, key, path) if allowed else None
        if found is None:
            raise EditError(404, "This is not kept any more; build it again.")
        if found.suffix == ".html" and key not in found.parts:
            page = await asyncio.to_thread(lambda: harmless(found.read_bytes()))
            return Response(page, 200, KEPT, "text/html; charset=utf-8")
        return FileResponse(found, headers=KEPT)

    async def _static(self, request: Request) -> Response:
        found = _STATIC / str(request.path_params["name"])
        if found.parent != _STATIC or not found.is_file():
            raise EditError(404, "There is no such file.")
        return FileResponse(found, headers={"Cache-Control": "no-cache"})

    def _page_of(self, name: str) -> str:
        """Where a page of the site is read; its first page where there is none of that name."""
        try:
            place = checked_path(name) if name else ""
        except RepositoryError:
            place = ""
        there = (f"{place}.html", f"{place}/index.html", place)
        if place and any((self._home.current / one).is_file() for one in there):
            return f"/{quote(place)}"
        return "/"


def _path_of(request: Request) -> str:
    return _checked(str(request.path_params["path"]))


def _checked(path: str) -> str:
    try:
        return checked_path(path)
    except RepositoryError as error:
        raise EditError(404, f"There is no page {path[:200]!r}.") from error
