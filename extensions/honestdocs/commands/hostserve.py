"""``honestdocs host serve`` and ``host user``: the hosted site, and Mercurial below ``/hg/``.

Owns their options, and the joining of portal, front and Mercurial. Must not hold rules of the
product: those are in the packages that it joins.
"""

from __future__ import annotations

import argparse
import getpass
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from honestdocs.commands.errors import UsageError
from honestdocs.commands.status import PROVEN
from honestdocs.commands.watching import add_watching, center_of

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from honestdocs.commands.hostlive import Live
    from honestdocs.hosting.home import Home
    from honestdocs.portal.server import Server

PASSWORD = "HONESTDOCS_PASSWORD"  # noqa: S105 - the name of a variable


def add_serve_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``host serve``."""
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="where to listen")
    parser.add_argument("--port", type=int, default=8000, metavar="N", help="0 takes a free one")
    parser.add_argument(
        "--allow-host", action="append", default=[], metavar="NAME", help="a name readers use"
    )
    parser.add_argument("--certificate", metavar="FILE", help="listen for https: chain in PEM")
    parser.add_argument("--key", metavar="FILE", help="the key of the certificate in PEM")
    parser.add_argument(
        "--trust-proxy",
        metavar="ADDRESS",
        help="believe this proxy's X-Forwarded-Proto and X-Forwarded-For",
    )
    parser.add_argument(
        "--plain-push",
        action="store_true",
        help="take passwords without https: for trials on this machine, on a loopback address only",
    )
    add_watching(parser)


def serve(home: Home, arguments: argparse.Namespace) -> int:
    """Serves until it is ended."""
    from honestdocs.hosting.hgserver import HgServer
    from honestdocs.hosting.published import MERCURIAL
    from honestdocs.portal.errors import PortalError
    from honestdocs.portal.server import bind, url_of

    _check(arguments)
    if not home.current.exists():
        raise UsageError(f"{home.current}: nothing is published; run honestdocs host build first")
    try:
        listener = bind(arguments.host, arguments.port)
    except PortalError as error:
        raise UsageError(str(error)) from error
    signal.signal(signal.SIGTERM, _end)
    with ExitStack() as stack:
        stack.enter_context(listener)
        mercurial = stack.enter_context(HgServer(home))
        _start_builder(home)
        live = None if arguments.static else _live(home, arguments)
        app = _application(home, mercurial.socket, arguments, stack, live)
        server = _server(app, arguments)
        if live is not None:
            server.closing = live.center.feed.close
        url = url_of(listener)
        url = url.replace("http:", "https:", 1) if arguments.certificate else url
        print(f"Serving on {url}, Mercurial at {url.rstrip('/')}{MERCURIAL}/ (Ctrl-C ends it)")
        sys.stdout.flush()
        server.run(sockets=[listener])
    return PROVEN


def _end(_number: int, _frame: FrameType | None) -> None:
    """What the web server hands the signal on to, so that Mercurial's server is ended too."""
    raise SystemExit(PROVEN)


def _check(arguments: argparse.Namespace) -> None:
    if bool(arguments.certificate) != bool(arguments.key):
        raise UsageError("--certificate and --key go together")
    for name in filter(None, (arguments.certificate, arguments.key)):
        if not Path(name).is_file():
            raise UsageError(f"{name}: no such file")
    local = arguments.host in ("localhost", "::1") or arguments.host.startswith("127.")
    if arguments.plain_push and not local:
        raise UsageError("--plain-push sends passwords in the clear: only on a loopback address")


def _application(
    home: Home,
    socket: Path,
    arguments: argparse.Namespace,
    stack: ExitStack,
    live: Live | None,
) -> Starlette:
    from starlette.routing import Mount, Route

    from honestdocs.hosting.accounts import Accounts
    from honestdocs.hosting.door import Door
    from honestdocs.hosting.editing.application import Editing
    from honestdocs.hosting.front import Front
    from honestdocs.hosting.published import MERCURIAL, place
    from honestdocs.portal.application import LIVE, make_application
    from honestdocs.portal.guard import hosts_for
    from honestdocs.portal.interface import routes
    from honestdocs.portal.linked import LinkedSite

    door = Door(Accounts(home.users), plain=arguments.plain_push)
    front = Front(socket, door)
    editing = stack.enter_context(Editing(home, door))
    site = LinkedSite(lambda path: place(home, path), LIVE if live else b"")
    hosts = hosts_for(arguments.host, arguments.allow_host)
    below = [Route(MERCURIAL, front), Mount(MERCURIAL, front), *editing.routes()]
    if live is None:
        return make_application(site, hosts=hosts, routes=below)
    told = (*below, *routes(live.center))
    return make_application(site, hosts=hosts, routes=told, lifespan=live.run)


def _live(home: Home, arguments: argparse.Namespace) -> Live | None:
    """The live part; None where no service is documented, or, which is told, where what the
    build has left cannot be used.
    """
    from honestdocs.commands.hostlive import Excerpt, Live
    from honestdocs.portal.errors import PortalError
    from honestdocs.verification.errors import VerificationError

    excerpt = Excerpt(home)
    if not excerpt.possible:
        return None
    try:
        excerpt.take()
        return Live(excerpt=excerpt, center=center_of(excerpt.path, arguments))
    except (PortalError, VerificationError, OSError) as error:
        print(f"Pages are served as they are, no service is watched: {error}", file=sys.stderr)
        return None


def _server(app: Starlette, arguments: argparse.Namespace) -> Server:
    from honestdocs.portal.server import make_server

    server = make_server(app)
    config = server.config
    config.proxy_headers = bool(arguments.trust_proxy)
    config.forwarded_allow_ips = arguments.trust_proxy or ""
    config.ssl_certfile, config.ssl_keyfile = arguments.certificate, arguments.key
    return server


def _start_builder(home: Home) -> None:
    """Starts a builder where none runs, so that what waits is published without a push."""
    from honestdocs.hosting.hgrc import IDLE_SECONDS

    command = (sys.executable, "-m", "honestdocs", "host", "builder", str(home.root))
    idle = ("--idle", str(IDLE_SECONDS))
    with home.log.open("ab") as log:
        subprocess.Popen(  # noqa: S603 - our own command
            (*command, *idle),
            cwd=home.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def change_users(home: Home, arguments: argparse.Namespace) -> int:
    """Lists, adds or removes users."""
    from honestdocs.hosting.accounts import Accounts

    accounts = Accounts(home.users)
    if arguments.action == "list":
        for name in accounts.names():
            print(name)
        return PROVEN
    if not arguments.name:
        raise UsageError(f"host user {arguments.action}: name the user")
    if arguments.action == "name":
        accounts.name_author(arguments.name, arguments.author)
        print(f"{arguments.name} commits as {accounts.author(arguments.name)}")
        return PROVEN
    if arguments.action == "remove":
        accounts.remove(arguments.name)
        print(f"{arguments.name} may push no more")
        return PROVEN
    new = accounts.put(arguments.name, _password(arguments.name), author=arguments.author)
    print(f"{arguments.name} may push" if new else f"The password of {arguments.name} is another")
    return PROVEN


def _password(name: str) -> str:
    """The password from the environment, the terminal, or a line of standard input."""
    if given := os.environ.get(PASSWORD):
        return given
    if sys.stdin.isatty():
        first = getpass.getpass(f"Password of {name}: ")
        if getpass.getpass("Again: ") != first:
            raise UsageError("the two passwords differ")
        return first
    return sys.stdin.readline().rstrip("\n")
