"""``honestdocs serve``: serve the built documentation and keep it true.

Owns its options, and the joining of portal and web server. Must not hold rules of the product:
those are in the packages that it joins.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from honestdocs.commands.errors import UsageError
from honestdocs.commands.options import Commands

_TEXT = """\
Serve the documentation that honestdocs build has made.
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
        "--port", type=_port, default=8000, metavar="N", help="default: 8000; 0 takes a free one"
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a host name that readers use; without one, on a loopback address only localhost "
        "is answered, and on any other every name",
    )


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:  # noqa: PLR2004 - 16 bits
        raise argparse.ArgumentTypeError(f"{text!r} is no port: give a number from 0 to 65535")
    return int(text)


def _run(arguments: argparse.Namespace) -> int:
    from honestdocs.portal.application import make_application
    from honestdocs.portal.errors import PortalError
    from honestdocs.portal.guard import hosts_for
    from honestdocs.portal.server import bind, serve
    from honestdocs.portal.site import Site

    folder = Path(arguments.site)
    if not (folder / "index.html").is_file():
        raise UsageError(f"{folder}: holds no index.html; run honestdocs build first, or name it")
    hosts = hosts_for(arguments.host, arguments.allow_host)
    try:
        with bind(arguments.host, arguments.port) as listener:
            serve(make_application(Site(folder), hosts=hosts), listener, tell=_say)
    except PortalError as error:
        raise UsageError(str(error)) from error
    return 0


def _say(line: str) -> None:
    print(line)
    sys.stdout.flush()
