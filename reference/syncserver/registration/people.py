"""The pages for people as operations: what is done with what they type.

Owns the texts that tell how it went.  Must not know the form of pages, nor how accounts are kept.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import Response

from syncserver.registration.forms import (
    DELETE,
    RESET,
    render_delete,
    render_notice,
    render_request,
    render_reset,
)
from syncserver.registration.message import answer_null, read_form, read_solution
from syncserver.registration.refusal import Code, RefusalError, UnknownUserError
from syncserver.registration.registrar import Registrar
from syncserver.registration.rules import MIN_PASSWORD, read_name
from syncserver.service import UnavailableError

_FULL_FORM = {"username", "key", "password", "confirm"}
_TROUBLES = {
    Code.CAPTCHA: "That was not the right answer to the question.",
    Code.NAME: "There is no such user.",
    Code.ADDRESS: "We know no address to which a code could be sent.",
    Code.RESET_CODE: "This code is not valid, or not any more. Ask for another one.",
    Code.NO_PASSWORD: "Please type a password.",
    Code.WEAK_PASSWORD: f"A password has at least {MIN_PASSWORD} characters and is not the name.",
}
_log = logging.getLogger("syncserver.registration")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePages:
    """Pages that a browser shows."""

    registrar: Registrar

    async def show_reset(self, request: Request) -> Response:
        """Ask for a new password when there is a code, else for whom to send one to."""
        if "key" in request.query_params:
            query = request.query_params
            return render_reset(query.get("username", ""), query["key"])
        return render_request(self._render_captcha())

    async def reset(self, request: Request) -> Response:
        """Send a code, or set a new password, whichever the form holds."""
        form = await read_form(request, self.registrar.settings.max_body)
        if "key" in form:
            return await self._set_password(form)
        if "username" in form and not _FULL_FORM & set(form) - {"username"}:
            return await self._send_code(request, form)
        return answer_null(HTTPStatus.BAD_REQUEST)

    async def show_delete(self) -> Response:
        """Ask whose account is to be deleted."""
        return render_delete()

    async def delete(self, request: Request) -> Response:
        """Delete the account if the credentials are right."""
        form = await read_form(request, self.registrar.settings.max_body)
        if not form.get("username") or not form.get("password"):
            return render_delete("Missing data")
        name = read_name(form["username"])
        user = await self.registrar.authenticator.authenticate(name, form["password"])
        if user is None:
            return render_delete("Bad credentials")
        try:
            await self.registrar.delete(name, user)
        except UnavailableError:
            _log.exception("an account could not be removed")
            return render_notice(DELETE, "Deletion failed.")
        return render_notice(DELETE, "Account removed.")

    async def _send_code(self, request: Request, form: Mapping[str, str]) -> Response:
        try:
            name = read_name(form["username"])
            await self.registrar.send_code(name, read_solution(request, form))
        except RefusalError as error:
            return render_request(self._render_captcha(), _TROUBLES[error.code])
        except UnavailableError:
            return render_request(self._render_captcha(), "The mail cannot be sent just now.")
        return render_notice(RESET, "A code is on its way to your address.")

    async def _set_password(self, form: Mapping[str, str]) -> Response:
        username, key = form.get("username", ""), form["key"]
        password = form.get("password", "")
        if password != form.get("confirm"):
            return render_reset(username, key, "The two passwords differ.")
        try:
            await self.registrar.recover(read_name(username), key, password)
        except RefusalError as error:
            return render_reset(username, key, _TROUBLES[error.code])
        except UnknownUserError:
            return render_reset(username, key, _TROUBLES[Code.NAME])
        return render_notice(RESET, "The new password is set.")

    def _render_captcha(self) -> str:
        captcha = self.registrar.captcha
        return captcha.render() if captcha is not None else ""
