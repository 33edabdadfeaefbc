"""What the portal tells scripts, programs and feed readers.

Owns the routes of the live part: events, JSON, Atom, badges, metrics and the status pages. Must
not know how anything was found out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from honestdocs.contract.service import Health
from honestdocs.contract.wording import HEALTH_WORDS, page_notice
from honestdocs.portal.atom import render_feed
from honestdocs.portal.badge import render_badge
from honestdocs.portal.center import Center
from honestdocs.portal.gateway import Gateway
from honestdocs.portal.markup import PREFIX
from honestdocs.portal.metrics import render_metrics
from honestdocs.portal.offer import offers
from honestdocs.portal.status import Status, render_overview, render_service
from honestdocs.portal.uptime import percentile, total
from honestdocs.portal.view import View, service_view

_NEVER = {"Cache-Control": "no-store"}
_SVG = "image/svg+xml"
_ANYWHERE = {"Cache-Control": "no-cache", "Cross-Origin-Resource-Policy": "cross-origin"}
"""A badge may stand on anybody's page."""


def routes(center: Center, gateway: Gateway | None = None) -> Iterable[BaseRoute]:
    """All routes of the live part."""
    made = Interface(center)
    found: tuple[tuple[str, Callable[[Request], object]], ...] = (
        (f"{PREFIX}/events", made.events),
        (f"{PREFIX}/api/services", made.services),
        (f"{PREFIX}/api/services/{{name}}", made.service),
        (f"{PREFIX}/api/pages", made.pages),
        (f"{PREFIX}/api/pages/{{page:path}}", made.page),
        (f"{PREFIX}/api/incidents", made.incidents),
        (f"{PREFIX}/api/operations", made.operations),
        (f"{PREFIX}/incidents.atom", made.atom),
        (f"{PREFIX}/badge/service/{{name}}.svg", made.service_badge),
        (f"{PREFIX}/badge/page/{{page:path}}.svg", made.page_badge),
        (f"{PREFIX}/status/", made.overview),
        (f"{PREFIX}/status/{{name}}", made.status),
        ("/metrics", made.metrics),
    )
    return [
        *(Route(path, endpoint, methods=["GET", "HEAD"]) for path, endpoint in found),
        Route(f"{PREFIX}/try", (gateway or Gateway(center)).answer, methods=["POST"]),
    ]


class Interface:
    """Answers from a center."""

    def __init__(self, center: Center) -> None:
        self.center = center

    async def events(self, request: Request) -> Response:
        """The stream of events for a reader of a page."""
        feed = self.center.feed
        if feed.full:
            return _refusal("too many readers; come back later", 503)
        stream = feed.listen(request.query_params.get("page", ""))
        headers = {**_NEVER, "X-Accel-Buffering": "no"}
        return StreamingResponse(stream, headers=headers, media_type="text/event-stream")

    async def services(self, _request: Request) -> Response:
        """All services as they are."""
        board = self.center.board
        found = [board.service(name) for name in board.services]
        return _json({"watching": board.watching, "services": found})

    async def service(self, request: Request) -> Response:
        """A service with its history."""
        name = str(request.path_params["name"])
        if name not in self.center.board.services:
            return _unknown("service", name)
        return _json(_history(self.center.status(name)))

    async def pages(self, _request: Request) -> Response:
        """The outcome of every page."""
        board = self.center.board
        shown = ((page, board.page(page)) for page in board.examples)
        found = [{k: v for k, v in view.items() if k != "examples"} for _, view in shown if view]
        return _json({"pages": found})

    async def page(self, request: Request) -> Response:
        """A page with the outcome of every example."""
        page = str(request.path_params["page"])
        view = self.center.board.page(page)
        return _unknown("page with examples", page) if view is None else _json(view)

    async def operations(self, request: Request) -> Response:
        """What can be tried from a page."""
        page = request.query_params.get("page", "")
        return _json({"operations": offers(page, self.center.board.snapshot)})

    async def incidents(self, _request: Request) -> Response:
        """The last incidents."""
        return _json({"incidents": [asdict(each) for each in self.center.incidents()]})

    async def atom(self, request: Request) -> Response:
        """The incidents as a feed, of one service where ``service`` names it."""
        name = request.query_params.get("service")
        titles = self.center.titles()
        if name is not None and name not in titles:
            return _unknown("service", name)
        text = render_feed(
            self.center.incidents(name),
            url=f"{request.url.scheme}://{request.url.netloc}",
            title=f"Incidents of {titles[name] if name else 'all services'}",
            titles=titles,
        )
        return Response(text, headers=_NEVER, media_type="application/atom+xml")

    async def service_badge(self, request: Request) -> Response:
        """The health of a service."""
        name = str(request.path_params["name"])
        board = self.center.board
        if name not in board.services:
            return _unknown("service", name)
        icon, word, outcome = HEALTH_WORDS[Health(board.states[name].status)]
        watched = board.watching
        words = f"{icon} {word.lower()}" if watched else f"{word.lower()} (stale)"
        svg = render_badge(self.center.titles()[name], outcome if watched else "skipped", words)
        return Response(svg, headers=_ANYWHERE, media_type=_SVG)

    async def page_badge(self, request: Request) -> Response:
        """How the examples of a page ended."""
        page = str(request.path_params["page"])
        board = self.center.board
        results = board.page_results(page)
        if not results:
            return _unknown("page with examples", page)
        notice = page_notice(results, now=0.0)
        words = notice.text.partition(".")[0]
        svg = render_badge(board.snapshot.titles.get(page, page), notice.outcome, words)
        return Response(svg, headers=_ANYWHERE, media_type=_SVG)

    async def overview(self, _request: Request) -> Response:
        """What stands on the status page of all services."""
        found = (self.center.status(name) for name in self.center.board.services)
        return Response(render_overview(found), headers=_NEVER, media_type="text/html")

    async def status(self, request: Request) -> Response:
        """What stands on the status page of a service."""
        name = str(request.path_params["name"])
        if name not in self.center.board.services:
            return _unknown("service", name)
        text = render_service(self.center.status(name))
        return Response(text, headers=_NEVER, media_type="text/html")

    async def metrics(self, _request: Request) -> Response:
        """Everything that Prometheus counts."""
        type_ = "text/plain; version=0.0.4; charset=utf-8"
        return Response(render_metrics(self.center), headers={"Content-Type": type_, **_NEVER})


def _history(status: Status) -> View:
    return {
        **service_view(status.service, status.state),
        "p50": percentile(status.latencies, 0.5),
        "p95": percentile(status.latencies, 0.95),
        "uptime": {
            name: {
                "share": total(bar.tally for bar in shown).share,
                "bars": [asdict(bar) | {"state": bar.state} for bar in shown],
            }
            for name, shown in status.spans
        },
        "incidents": [asdict(each) for each in status.incidents],
        "pages": [page for page, _, _ in status.pages],
    }


def _json(value: View) -> Response:
    return JSONResponse(value, headers=_NEVER)


def _refusal(said: str, status: int) -> Response:
    return JSONResponse({"error": said}, status, headers=_NEVER)


def _unknown(what: str, name: str) -> Response:
    return _refusal(f"there is no {what} {name!r}", 404)
