"""The web application.

Owns its routes. Must not hold what an answer says: it is made of the parts that it is given.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Lifespan

from honestdocs.portal.answer import ASK_AGAIN, FOREVER, send
from honestdocs.portal.guard import Guard
from honestdocs.portal.markup import PREFIX
from honestdocs.portal.site import Asset, Site, make_asset, type_of

_METHODS = ["GET", "HEAD"]

LIVE = (
    f'<link rel="stylesheet" href="{PREFIX}/static/live.css">'
    f'<script type="module" src="{PREFIX}/static/live.js"></script>'
).encode()
"""What goes into the head of a page that is kept alive."""


def make_application(
    site: Site,
    *,
    hosts: Iterable[str] = (),
    routes: Iterable[BaseRoute] = (),
    lifespan: Lifespan[Starlette] | None = None,
) -> Starlette:
    """The portal of a site; ``routes`` are asked before its pages are looked for, and
    ``lifespan`` is what lives as long as the server.
    """
    pages = Pages(site)
    return Starlette(
        routes=[
            Route(f"{PREFIX}/static/{{name}}", own_file, methods=_METHODS),
            Route(f"{PREFIX}/inline/{{name}}", pages.script, methods=_METHODS),
            *routes,
            Route(f"{PREFIX}/{{rest:path}}", nothing, methods=_METHODS),
            Route("/{path:path}", pages.answer, methods=_METHODS),
        ],
        middleware=[Middleware(Guard, hosts=hosts)],
        lifespan=lifespan,
    )


class Pages:
    """Answers from a site's folder."""

    def __init__(self, site: Site) -> None:
        self.site = site

    async def answer(self, request: Request) -> Response:
        """A file, or the site's own page for what is not there."""
        path = str(request.path_params["path"])
        if path and not path.endswith("/") and self.site.is_folder(path):
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"{path.rpartition('/')[2]}/{query}", 308)
        asset = self.site.find(path)
        if asset is None:
            return self._missing(request)
        versioned = "v" in request.query_params and "_static/" in path
        return send(asset, request, keep=FOREVER if versioned else ASK_AGAIN)

    def _missing(self, request: Request) -> Response:
        asset = self.site.find("404.html")
        if asset is None:
            return PlainTextResponse("There is no such page.\n", 404)
        return send(asset, request, status=404)

    async def script(self, request: Request) -> Response:
        """A script that stood in a page."""
        found = self.site.scripts.get(str(request.path_params["name"]))
        if found is None:
            return await nothing(request)
        return send(make_asset(found, type_of("a.js")), request, keep=FOREVER)


async def nothing(_request: Request) -> Response:
    """What is answered below the portal's own prefix where nothing is."""
    return PlainTextResponse("There is no such thing.\n", 404)


async def own_file(request: Request) -> Response:
    """A script or style of the portal."""
    name = str(request.path_params["name"])
    return await nothing(request) if name not in _OWN else send(_OWN[name], request)


def _own_files() -> dict[str, Asset]:
    folder = files(__package__).joinpath("static")
    return {
        each.name: make_asset(each.read_bytes(), type_of(each.name))
        for each in folder.iterdir()
        if each.name.endswith((".js", ".css"))
    }


_OWN = _own_files()
"""The files of ``static``, read once."""
