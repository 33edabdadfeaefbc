"""``honestdocs serve``: serve the built documentation and keep it true.

Owns its options, and the joining of portal and web server. Must not hold rules of the product:
those are in the packages that it joins.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from socket import socket

from honestdocs.commands import options as values
from honestdocs.commands import watching
from honestdocs.commands.errors import UsageError
from honestdocs.commands.options import Commands

_TEXT = """\
Serve the documentation that honestdocs build has made, and keep it true: the services are
asked for their heartbeats, and the documented examples are proven again, for as long as it
runs. Open pages follow without being loaded again.
"""


def add(commands: Commands) -> None:
    """Adds the subcommand."""
    parser = commands.add_parser(
        "serve",
        help="serve the built documentation",
        description=_TEXT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_options(parser)
    parser.set_defaults(run=_run)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--site", default="build/html", metavar="DIR", help="the built pages (default: build/html)"
    )
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="where to listen (127.0.0.1)"
    )
    parser.add_argument(
        "--port",
        type=values.port,
        default=8000,
        metavar="N",
        help="default: 8000; 0 takes a free one",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a host name that readers use; without one, on a loopback address only localhost "
        "is answered, and on any other every name",
    )
    watching.add_watching(parser)


def _run(arguments: argparse.Namespace) -> int:
    from honestdocs.portal.errors import PortalError
    from honestdocs.portal.guard import hosts_for
    from honestdocs.portal.server import bind
    from honestdocs.verification.errors import VerificationError

    folder = Path(arguments.site)
    if not (folder / "index.html").is_file():
        raise UsageError(f"{folder}: holds no index.html; run honestdocs build first, or name it")
    hosts = hosts_for(arguments.host, arguments.allow_host)
    try:
        with bind(arguments.host, arguments.port) as listener:
            _serve(folder, hosts, listener, arguments)
    except (PortalError, VerificationError) as error:
        raise UsageError(str(error)) from error
    return 0


def _serve(
    folder: Path, hosts: tuple[str, ...], listener: socket, arguments: argparse.Namespace
) -> None:
    """Serves a folder on a socket; alive where its build has left what it documents."""
    from honestdocs.portal.application import LIVE, make_application
    from honestdocs.portal.interface import routes
    from honestdocs.portal.server import serve
    from honestdocs.portal.site import Site
    from honestdocs.verification.snapshot import NAME

    kept = folder.resolve().parent / NAME
    if arguments.static or not kept.exists():
        if not arguments.static:
            _say(f"{kept} is not there: pages are served as they are, no service is watched")
        serve(make_application(Site(folder), hosts=hosts), listener, tell=_say)
        return
    center = watching.center_of(kept, arguments)
    app = make_application(
        Site(folder, LIVE), hosts=hosts, routes=routes(center), lifespan=center.run
    )
    serve(app, listener, tell=_say, closing=center.feed.close)


def _say(line: str) -> None:
    print(line)
    sys.stdout.flush()
