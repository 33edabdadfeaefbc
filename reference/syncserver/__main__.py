"""`python -m syncserver`: reads the settings, puts the services together and serves them.

Owns the command line.  The module that touches the process: arguments, environment, files, clock,
logging.
"""

from __future__ import annotations

import argparse
import logging
import os
import socket
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

from syncserver import __version__
from syncserver.application import Standard, create_application
from syncserver.assembly import Assembly, assemble
from syncserver.client import parse_networks
from syncserver.configuration import SECTIONS, ServerSettings
from syncserver.entrance import Reception
from syncserver.heartbeat import Version, read_build
from syncserver.listener import (
    Draining,
    Engine,
    EngineSettings,
    ListenError,
    create_engine,
    listen,
    serve,
)
from syncserver.log import Formatter, Origin, RequestLog
from syncserver.settings import (
    Layer,
    SettingsError,
    Value,
    explain,
    load_section,
    parse_file,
    read_environment,
)

WRONG_USAGE = 2

_OPTIONS = {
    "host": ("HOST", "address to listen on"),
    "port": ("N", "port to listen on, 0 for a free one"),
    "data": ("DIR", "folder that keeps what must last; without it nothing outlives the server"),
    "services": ("NAMES", "what to serve, of registration,storage,keyexchange; default: all"),
    "database": ("URL", "sqlite:///FILE or postgresql://...; default: a file in DIR"),
    "redis": ("URL", "redis://... that several servers share"),
}


def create_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m syncserver",
        description="Serve the Sync services until SIGTERM or SIGINT.",
        epilog="Settings of the file, with their defaults and environment variables.\n"
        "The command line counts before the environment, the environment before the file.\n"
        "In the environment and on the command line, lists are written with commas.\n\n"
        + "\n".join(explain(SECTIONS))
        + "\n\nExit status: 0 ended by a signal, 2 wrong settings or the port is not to be had.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for name, (word, text) in _OPTIONS.items():
        parser.add_argument(f"--{name}", metavar=word, help=text)
    parser.add_argument("--config", metavar="FILE.toml", help="file of settings")
    parser.add_argument("--version", action="version", version=f"syncserver {__version__}")
    return parser


def load_layers(options: argparse.Namespace, environment: Mapping[str, str]) -> list[Layer]:
    """Return what file, environment and command line say.  Raises `SettingsError`."""
    given = {name: getattr(options, name) for name in _OPTIONS}
    return [
        _read_file(options.config),
        read_environment(environment, SECTIONS),
        [
            Value(section="server", key=key, place=f"--{key}", value=text, exact=False)
            for key, text in given.items()
            if text is not None
        ],
    ]


def _read_file(name: str | None) -> Layer:
    if name is None:
        return []
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"--config {name}: cannot be read: {error}") from None
    return parse_file(text, name, SECTIONS)


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Serve until a signal; return the exit status."""
    options = create_parser().parse_args(arguments)
    try:
        layers = load_layers(options, environment)
        for section, kind in SECTIONS.items():
            load_section(section, kind, layers)
        settings = load_section("server", ServerSettings, layers)
        listener = listen(settings.host, settings.port)
        assembly = assemble(settings, layers)
    except (SettingsError, ListenError) as error:
        sys.stderr.write(f"syncserver: {error}\n")
        return WRONG_USAGE
    serve(_prepare(settings, assembly), listener, announce)
    return 0


def _prepare(settings: ServerSettings, assembly: Assembly) -> Engine:
    origin = Origin(hostname=socket.gethostname(), pid=os.getpid(), clock=time.time)
    _start_logging(settings, origin)
    draining = Draining()
    app = create_application(
        assembly.services,
        Version(
            source=settings.source,
            version=__version__,
            commit=settings.commit,
            build=read_build(Path(__file__).parent),
        ),
        Standard(
            reception=_create_reception(settings, origin),
            max_body=settings.max_body,
            body_timeout=settings.body_timeout,
            retry_after=settings.retry_after,
            is_draining=lambda: bool(draining),
            lifespans=assembly.lifespans,
            guards=assembly.guards,
        ),
    )
    engine_settings = EngineSettings(
        grace=settings.shutdown_grace,
        shutdown_timeout=settings.shutdown_timeout,
        max_head=settings.max_head,
        head_timeout=settings.head_timeout,
    )
    return create_engine(app, engine_settings, draining)


def _start_logging(settings: ServerSettings, origin: Origin) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Formatter(origin))
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler])


def _create_reception(settings: ServerSettings, origin: Origin) -> Reception:
    wanted = settings.log_requests and settings.log_level in ("debug", "info")
    return Reception(
        clock=time.monotonic,
        create_id=lambda: uuid.uuid4().hex,
        trusted=parse_networks(settings.trusted_proxies),
        log=RequestLog(origin=origin, write=sys.stderr.write) if wanted else None,
    )


def announce(url: str) -> None:
    """Tell on standard output where the server is."""
    sys.stdout.write(f"syncserver {__version__} listening on {url}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
