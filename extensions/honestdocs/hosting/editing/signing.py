"""Signing in and out of the editor.

Owns the cookie (RFC 6265bis), the forms' token and the page that asks for a password. Must not
know what a user does then.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from honestdocs.hosting.door import Door
from honestdocs.hosting.editing.errors import EditError
from honestdocs.hosting.editing.form import is_ours, read_form
from honestdocs.hosting.editing.screen import Notice, Screen, go
from honestdocs.hosting.editing.sessions import LONGEST_SECONDS, Session, Sessions, is_token
from honestdocs.hosting.published import EDITOR

_UNSAFE = "Passwords are taken over https only."
_CARRIED = ("base", "page", "message", "text")
STALE = (
    "This form was not sent by a page of your sign-in. Nothing was stored: look at the text, "
    "and send it again."
)


class Signing:
    """Who asks, by their cookie."""

    def __init__(self, door: Door, screen: Screen) -> None:
        self._door = door
        self._screen = screen
        self._sessions = Sessions(accounts=door.accounts)

    def session(self, request: Request) -> Session | None:
        """The session of a request; None for nobody in particular."""
        if not self._door.is_safe(request.url.scheme):
            return None
        secret = request.cookies.get(_cookie(request), "")
        return self._sessions.find(secret) if secret else None

    @staticmethod
    def may_send(request: Request, session: Session, form: Mapping[str, str]) -> bool:
        """Whether a form was filled in on a page of this session."""
        return is_ours(request) and is_token(session, form.get("token", ""))

    def ask(
        self,
        request: Request,
        to: str,
        *,
        status: int = 200,
        notice: Notice | None = None,
        carried: Mapping[str, str] | None = None,
    ) -> Response:
        """The page that asks for a name and a password; ``carried`` is a form to go on with."""
        safe = self._door.is_safe(request.url.scheme)
        if not safe:
            status, notice = 403, Notice(said=_UNSAFE)
        kept = {name: carried.get(name, "") for name in _CARRIED} if carried else None
        return self._screen.show(
            "login", status, values={"to": to, "told": notice, "carried": kept, "safe": safe}
        )

    async def login(
        self, request: Request, form: Mapping[str, str]
    ) -> tuple[Response | None, Session | None, str]:
        """Signs in: an answer that asks again, or the new session with its secret."""
        to, carried = form.get("to", ""), form if "text" in form else None
        if not self._door.is_safe(request.url.scheme):
            return self.ask(request, to), None, ""
        if not is_ours(request):
            raise EditError(403, "This sign-in does not come from a page of this host.")
        name, password = form.get("name", ""), form.get("password", "")
        if not await self._door.opens(name, password):
            told = Notice(said="Wrong name or password.")
            return self.ask(request, to, status=401, notice=told, carried=carried), None, ""
        secret = self._sessions.begin(name)
        return None, self._sessions.find(secret), secret

    async def logout(self, request: Request) -> Response:
        """Signs out."""
        session = self.session(request)
        if session is not None:
            if not self.may_send(request, session, await read_form(request)):
                raise EditError(403, STALE)
            self._sessions.end(request.cookies.get(_cookie(request), ""))
        answer = go("/")
        secure = request.url.scheme == "https"
        answer.delete_cookie(_cookie(request), path=_path(request), secure=secure)
        return answer

    @staticmethod
    def keep(answer: Response, request: Request, secret: str) -> Response:
        """The same answer with the cookie of a session."""
        answer.set_cookie(
            _cookie(request),
            secret,
            max_age=int(LONGEST_SECONDS),
            path=_path(request),
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return answer


def login_address(path: str, page: str) -> str:
    """Where one signs in to edit a file."""
    to = f"{quote(path)}?page={quote(page, safe='')}" if page else quote(path)
    return f"{EDITOR}/-/login?to={quote(to, safe='')}"


def _cookie(request: Request) -> str:
    """Over https a name that only this host, over https, can have set."""
    return "__Host-edit" if request.url.scheme == "https" else "edit"


def _path(request: Request) -> str:
    return "/" if request.url.scheme == "https" else EDITOR
