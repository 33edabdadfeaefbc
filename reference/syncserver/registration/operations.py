"""The operations of programs on accounts.

Owns the translation between HTTP messages and the registrar.  Must not know paths, nor the rules of
accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from syncserver.authentication import UserId, require_user
from syncserver.registration.forms import render_page
from syncserver.registration.message import (
    answer_null,
    answer_text,
    read_draft,
    read_solution,
    read_text,
)
from syncserver.registration.refusal import Code, RefusalError
from syncserver.registration.registrar import Registrar

RESET_FIELD = "X-Weave-Password-Reset"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOperations:
    """What clients do with accounts."""

    registrar: Registrar

    async def look(self, username: str) -> Response:
        """Tell whether the name is taken."""
        return answer_text("1" if await self.registrar.is_taken(username) else "0")

    async def create(self, request: Request, username: str) -> Response:
        """Make an account."""
        draft = await read_draft(request, self.registrar.settings.max_body)
        await self.registrar.create(username, draft, read_solution(request, draft or {}))
        return answer_text(username)

    async def delete(self, request: Request, username: str) -> Response:
        """Remove an account."""
        user = await self._require_user(request, username)
        await self.registrar.delete(username, user)
        return answer_text("1")

    async def find_node(self, request: Request, username: str) -> Response:
        """Tell where the user's records are."""
        await self.registrar.require_known(username)
        node = self.registrar.settings.node
        if node == "none":
            return answer_null()
        return answer_text(node or f"{request.url.scheme}://{request.url.netloc}/")

    async def send_code(self, request: Request, username: str) -> Response:
        """Mail a reset code."""
        solution = read_solution(request, request.query_params)
        await self.registrar.send_code(username, solution)
        return answer_text("success")

    async def void_code(self, request: Request, username: str) -> Response:
        """Make a mailed reset code worthless."""
        user = await self._require_user(request, username)
        await self.registrar.void_code(user, read_solution(request, request.query_params))
        return answer_text("success")

    async def change_password(self, request: Request, username: str) -> Response:
        """Set a new password, by the old one or by a reset code."""
        code = request.headers.get(RESET_FIELD)
        if code is None:
            user = await self._require_known_user(request, username)
            password = await self._read_password(request)
            await self.registrar.change_password(username, user, password)
        else:
            await self.registrar.recover(username, code, await self._read_password(request))
        return answer_text("success")

    async def change_email(self, request: Request, username: str) -> Response:
        """Set a new address."""
        user = await self._require_user(request, username)
        email = await read_text(request, self.registrar.settings.max_body) or ""
        await self.registrar.change_email(user, email)
        return answer_text(email)

    async def show_captcha(self) -> Response:
        """Show a captcha, if this server asks for any."""
        captcha = self.registrar.captcha
        if captcha is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, "This server asks for no captcha.")
        return render_page("Are you a person?", captcha.render())

    async def _require_user(self, request: Request, username: str) -> UserId:
        return await require_user(request, self.registrar.authenticator, username)

    async def _require_known_user(self, request: Request, username: str) -> UserId:
        """Return the user; one that does not exist is 404 to whoever sends no credentials."""
        if "Authorization" not in request.headers:
            await self.registrar.require_known(username)
        return await self._require_user(request, username)

    async def _read_password(self, request: Request) -> str:
        password = await read_text(request, self.registrar.settings.max_body)
        if password is None:
            raise RefusalError(Code.WEAK_PASSWORD)
        return password
