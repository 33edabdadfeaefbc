"""The HTTP face of the registration: paths, methods, and what a refusal looks like.

Owns which operation is at which path.  Must not know what an operation does.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.convertors import StringConvertor, register_url_convertor

from syncserver.problem import create_problem
from syncserver.registration.description import describe
from syncserver.registration.message import answer_code
from syncserver.registration.operations import AccountOperations
from syncserver.registration.people import PeoplePages
from syncserver.registration.refusal import RefusalError, UnknownUserError
from syncserver.registration.rules import NAME

USER = "/user/1.0"
MISC = "/misc/1.0"
RESET = "/weave-password-reset"
DELETE = "/weave-delete-account"


class _NameConvertor(StringConvertor):
    regex = NAME


register_url_convertor("username", _NameConvertor())


class RegistrationRoute(APIRoute):
    """A route that answers what the registration refuses."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of the framework with the refusals around it."""
        handler = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handler(request)
            except RefusalError as error:
                return answer_code(error.code)
            except UnknownUserError:
                return create_problem(HTTPStatus.NOT_FOUND, "There is no such user.")

        return answer


def create_router(accounts: AccountOperations, people: PeoplePages) -> APIRouter:
    """Return the routes of the service, without prefix."""
    router = APIRouter(route_class=RegistrationRoute, tags=["Registration"])
    user = f"{USER}/{{username:username}}"
    captcha = f"{MISC}/captcha_html"
    for method, path, page in (
        ("GET", user, accounts.look),
        ("PUT", user, accounts.create),
        ("DELETE", user, accounts.delete),
        ("GET", f"{user}/node/weave", accounts.find_node),
        ("GET", f"{user}/password_reset", accounts.send_code),
        ("DELETE", f"{user}/password_reset", accounts.void_code),
        ("POST", f"{user}/password", accounts.change_password),
        ("POST", f"{user}/email", accounts.change_email),
        ("GET", captcha, accounts.show_captcha),
        ("POST", captcha, accounts.show_captcha),
        ("GET", RESET, people.show_reset),
        ("POST", RESET, people.reset),
        ("GET", DELETE, people.show_delete),
        ("POST", DELETE, people.delete),
    ):
        owner = "people" if path in (RESET, DELETE) else "account"
        router.add_api_route(
            path, page, methods=[method], **describe(f"{owner}.{page.__name__}", method)
        )
    return router
