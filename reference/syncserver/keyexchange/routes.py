"""The HTTP face of the key exchange: paths, header fields, status codes.

Owns the translation between HTTP messages and the exchange.  Must not know the rules of a
channel nor its store.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute
from starlette.convertors import StringConvertor, register_url_convertor

from syncserver.body import read_body
from syncserver.keyexchange.channel import Step, Verdict, close, create_tag, peek, read, write
from syncserver.keyexchange.description import describe
from syncserver.keyexchange.etag import parse_tags, render_tag
from syncserver.keyexchange.exchange import (
    Exchange,
    ExchangeError,
    MalformedChannelError,
    MalformedPartyError,
    NoChannelError,
    StrangerError,
)
from syncserver.keyexchange.identifier import ALPHABET, PARTY_LENGTH
from syncserver.keyexchange.report import log_report
from syncserver.keyexchange.settings import KeyExchangeSettings
from syncserver.problem import create_problem

_NO_STORE = {"Cache-Control": "no-store"}
_REFUSALS: dict[type[ExchangeError], tuple[HTTPStatus, str]] = {
    MalformedPartyError: (
        HTTPStatus.BAD_REQUEST,
        f"X-KeyExchange-Id must be {PARTY_LENGTH} characters long.",
    ),
    MalformedChannelError: (
        HTTPStatus.BAD_REQUEST,
        "X-KeyExchange-Cid must be a channel identifier.",
    ),
    StrangerError: (
        HTTPStatus.BAD_REQUEST,
        "Two other clients speak on this channel. It is closed now.",
    ),
    NoChannelError: (
        HTTPStatus.NOT_FOUND,
        "There is no such channel: it was never opened, or it is closed.",
    ),
}


class ExchangeRoute(APIRoute):
    """A route that answers what the exchange refuses."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of the framework with the refusals around it."""
        handler = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handler(request)
            except ExchangeError as error:
                return create_problem(*_REFUSALS[type(error)])

        return answer


def create_router(exchange: Exchange, settings: KeyExchangeSettings) -> APIRouter:
    """Return the routes of the service, without prefix."""
    pages = _Pages(exchange=exchange, settings=settings)
    channel = _create_path(settings.cid_len)
    router = APIRouter(route_class=ExchangeRoute, tags=["Key exchange"])
    for method, path, page in (
        ("GET", "/", pages.redirect),
        ("HEAD", "/", pages.redirect),
        ("GET", "/new_channel", pages.open),
        ("GET", channel, pages.read),
        ("HEAD", channel, pages.peek),
        ("PUT", channel, pages.write),
        ("DELETE", channel, pages.close),
        ("POST", "/report", pages.report),
    ):
        router.add_api_route(path, page, methods=[method], **describe(page.__name__))
    return router


def _create_path(length: int) -> str:
    """Return a route path that fits channel identifiers of `length` and nothing else.

    The framework keeps kinds of path parameters by name for the whole process, hence one name
    for each length.
    """

    class CidConvertor(StringConvertor):
        regex = f"[{ALPHABET}]{{{length}}}"

    register_url_convertor(f"cid{length}", CidConvertor())
    return f"/{{cid:cid{length}}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pages:
    exchange: Exchange
    settings: KeyExchangeSettings

    async def redirect(self) -> Response:
        await self.exchange.store.check()
        return RedirectResponse(
            self.settings.root_redirect, HTTPStatus.MOVED_PERMANENTLY, headers=_NO_STORE
        )

    async def open(self, request: Request) -> Response:
        cid = await self.exchange.open(_read_party(request))
        return _answer(f'"{cid}"'.encode(), {"X-KeyExchange-Channel": cid})

    async def read(self, request: Request, cid: str) -> Response:
        known = parse_tags(_read_field(request, "If-None-Match"))
        rule = partial(read, known=known, max_reads=self.settings.max_gets)
        return _answer_read(await self.exchange.speak(cid, _read_party(request), rule))

    async def peek(self, request: Request, cid: str) -> Response:
        known = parse_tags(_read_field(request, "If-None-Match"))
        rule = partial(peek, known=known)
        return _answer_read(await self.exchange.speak(cid, _read_party(request), rule))

    async def write(self, request: Request, cid: str) -> Response:
        content = await read_body(request, self.settings.max_body)
        rule = partial(
            write,
            content=content,
            expected=parse_tags(_read_field(request, "If-Match")),
            unwanted=parse_tags(_read_field(request, "If-None-Match")),
        )
        step = await self.exchange.speak(cid, _read_party(request), rule)
        # Also on a refusal: the client that only repeats a request whose answer it lost needs
        # the tag of what it sent, to wait for the answer of the other side.
        tag = {"ETag": render_tag(create_tag(content))}
        if step.verdict is Verdict.REFUSED:
            detail = "The channel does not hold what this request expects."
            return create_problem(HTTPStatus.PRECONDITION_FAILED, detail, tag)
        return _answer(b'""', tag)

    async def close(self, request: Request, cid: str) -> Response:
        await self.exchange.speak(cid, _read_party(request), close)
        return _answer(b'""')

    async def report(self, request: Request) -> Response:
        party = _read_party(request)
        cid = _read_field(request, "X-KeyExchange-Cid") or ""
        self.exchange.examine(cid, party)
        body = await read_body(request, self.settings.max_body)
        log_report(_read_field(request, "X-KeyExchange-Log") or "", body)
        if cid and party:
            await self.exchange.leave(cid, party)
        return _answer(b'""')


def _read_field(request: Request, name: str) -> str | None:
    """Return a header field, its lines joined as RFC 9110, section 5.2 says."""
    lines = request.headers.getlist(name)
    return ", ".join(lines) if lines else None


def _read_party(request: Request) -> str:
    return _read_field(request, "X-KeyExchange-Id") or ""


def _answer_read(step: Step) -> Response:
    tag = {"ETag": render_tag(step.channel.tag)}
    if step.verdict is Verdict.UNCHANGED:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={**_NO_STORE, **tag})
    return _answer(step.channel.content, tag)


def _answer(content: bytes, headers: dict[str, str] | None = None) -> Response:
    return Response(
        content, media_type="application/json", headers={**_NO_STORE, **(headers or {})}
    )
