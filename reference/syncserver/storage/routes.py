"""The HTTP face of the storage: paths, methods, and the clock in every answer.

Owns which page is at which path.  Must not know what a page does.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from syncserver.problem import create_problem
from syncserver.storage.answers import TIMESTAMP
from syncserver.storage.description import describe
from syncserver.storage.pages import InfoPages, RecordPages
from syncserver.storage.record import URL_ID
from syncserver.storage.timestamp import read_clock, render_time


class _NameConvertor(StringConvertor):
    regex = r"[A-Za-z0-9._-]+"


class _RecordConvertor(StringConvertor):
    regex = URL_ID


register_url_convertor("weavename", _NameConvertor())
register_url_convertor("weaverecord", _RecordConvertor())

_INFO = "/{username:weavename}/info"
_ALL = "/{username:weavename}/storage"
_COLLECTION = f"{_ALL}/{{collection:weavename}}"
_RECORD = f"{_COLLECTION}/{{record:weaverecord}}"


def create_router(info: InfoPages, records: RecordPages, clock: Callable[[], float]) -> APIRouter:
    """Return the routes of the service, without prefix."""
    router = APIRouter(route_class=_create_route(clock), tags=["Storage"])
    for method, path, page in (
        ("GET", f"{_INFO}/collections", info.list_times),
        ("GET", f"{_INFO}/collection_counts", info.count_records),
        ("GET", f"{_INFO}/collection_usage", info.measure_collections),
        ("GET", f"{_INFO}/quota", info.read_quota),
        ("GET", _RECORD, records.read),
        ("PUT", _RECORD, records.put),
        ("DELETE", _RECORD, records.delete),
        ("GET", _COLLECTION, records.list),
        ("POST", _COLLECTION, records.post),
        ("PUT", _COLLECTION, records.post),
        ("DELETE", _COLLECTION, records.delete_selected),
        ("DELETE", _ALL, records.delete_everything),
    ):
        name = (
            f"{page.__name__}_by_put" if (method, path) == ("PUT", _COLLECTION) else page.__name__
        )
        router.add_api_route(path, page, methods=[method], **describe(page.__name__, name))
    return router


def _create_route(clock: Callable[[], float]) -> type[APIRoute]:
    """Return the kind of route whose answers, refusals included, tell the time.

    Its pages take the request and the names in the path, and nothing has to be made for them
    beforehand.  So the framework's search for what a page depends on, which takes longer than
    most pages do, is left out.
    """

    class StorageRoute(APIRoute):
        async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
            if scope["method"] not in (self.methods or ()):
                await super().handle(scope, receive, send)
                return
            request = Request(scope, receive, send)
            try:
                response: Response = await self.endpoint(request, **scope["path_params"])
            except HTTPException as error:
                response = create_problem(error.status_code, error.detail, error.headers)
            if TIMESTAMP not in response.headers:
                response.headers[TIMESTAMP] = render_time(read_clock(clock()))
            await response(scope, receive, send)

    return StorageRoute
