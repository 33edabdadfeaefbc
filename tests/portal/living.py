"""A small tree that is built and kept alive by a real portal over a real service.

Owns building, serving and waiting. Must not know what is expected.
"""

from __future__ import annotations

import json
import os
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from honestdocs.portal.application import LIVE, make_application
from honestdocs.portal.center import Center, make_center
from honestdocs.portal.interface import routes
from honestdocs.portal.pace import Pace
from honestdocs.portal.site import Site
from honestdocs.verification.snapshot import NAME
from honestdocs.verification.surroundings import real_surroundings
from portal.served import Served, serving
from servers.items import Items, ItemServer
from sphinxext.project import Project, title

SECONDS = 20.0
PAGE = (
    title("Tea")
    + """.. heartbeat:: items

.. http:get:: /slow/(word)

   Says a word.

   .. code-block:: http

      GET /slow/tea HTTP/1.1
      Accept: application/json

   .. code-block:: http

      HTTP/1.1 200 OK
      Content-Type: application/json

      {"word": "tea"}

.. http:post:: /items

   Makes an item.

   .. code-block:: http

      POST /items HTTP/1.1
      Content-Type: application/json

      {"name": "<b>tea</b>"}

   .. code-block:: http

      HTTP/1.1 201 Created
      Content-Type: application/json

      {"id": "5e0d1b2a-8a3f-4f47-9d0c-0a8a3c1d2e3f", "name": "<b>tea</b>",
       "created_at": "2026-01-01T00:00:00Z", "last_modified": 1767225600000}

.. http:get:: /fact

   A fact.
"""
)
INDEX = title("Index") + ".. toctree::\n\n   api/tea\n"


class Switch:
    """The service on one port, which can be turned off and on again."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.items = Items()
        self._server: ItemServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.items.base}"

    def on(self) -> None:
        """Serve."""
        self._server = ItemServer(self.items, self.port)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def off(self) -> None:
        """Let nobody in."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Living:
    """A portal with its service and tree."""

    served: Served
    center: Center
    switch: Switch
    project: Project

    def json(self, path: str) -> Any:
        """What the interface says."""
        return json.loads(self.served.ask(f"/_portal/api/{path}").body)


def build(project: Project, switch: Switch, **settings: Any) -> Path:
    """Builds a tree against the service; returns the folder of its pages."""
    service = {
        "url": switch.url,
        "title": "The Items",
        "pages": ["api/*"],
        "timeout": 3,
        **settings,
    }
    project.settings["honestdocs_services"] = {"items": service}
    # A browser test has an event loop in its own thread, and the search index wants one too.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(project.build, "html").result().out


@contextmanager
def living(
    folder: Path,
    *,
    heartbeat: float = 0.1,
    prove: float = 3600.0,
    settings: Mapping[str, Any] | None = None,
    theme: str = "basic",
) -> Iterator[Living]:
    """A portal over a service that is on; with Furo its pages have all that they can have."""
    switch = Switch()
    switch.on()
    project = Project(
        folder=folder, settings={"html_theme": theme, "honestdocs_portal": theme == "furo"}
    )
    project.write({"index": INDEX, "api/tea": PAGE})
    try:
        out = build(project, switch, **(settings or {}))
        around = real_surroundings(project.source, now=time.time, environ=os.environ)
        pace = Pace(heartbeat=heartbeat, prove=prove, chance=random.random)
        center = make_center(out.parent / NAME, around, pace)
        app = make_application(Site(out, LIVE), routes=routes(center), lifespan=center.run)
        with serving(app, center.feed.close) as served:
            yield Living(served=served, center=center, switch=switch, project=project)
    finally:
        switch.off()


def until(true: Callable[[], object], what: str, seconds: float = SECONDS) -> None:
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds:g} s: {what}"
        time.sleep(0.02)


@dataclass(slots=True)
class Listener:
    """A reader of the event stream on a thread of its own."""

    port: int
    page: str
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    _socket: socket.socket | None = None

    def start(self) -> Listener:
        """Listen."""
        self._socket = socket.create_connection(("127.0.0.1", self.port), SECONDS)
        request = f"GET /_portal/events?page={self.page} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        self._socket.sendall(request.encode())
        self._socket.settimeout(60)
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def _listen(self) -> None:
        assert self._socket is not None
        name = ""
        try:
            with self._socket.makefile("rb") as lines:
                for line in lines:
                    word, _, rest = line.decode().rstrip("\n").partition(": ")
                    if word == "event":
                        name = rest
                    elif word == "data":
                        self.events.append((name, json.loads(rest)))
        except (OSError, ValueError):
            pass
        finally:
            self._socket.close()
            self.ended.set()

    def last(self, name: str) -> dict[str, Any] | None:
        """The last event of a name."""
        return next((data for each, data in reversed(self.events) if each == name), None)

    def stop(self) -> None:
        """Hang up."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self.ended.wait(SECONDS)
