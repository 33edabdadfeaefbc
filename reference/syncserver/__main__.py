"""`python -m syncserver`: reads the settings, puts the services together and serves them.

Owns the command line.  The only module that touches the process: arguments, environment, files,
clock, randomness, logging.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from syncserver import __version__, keyexchange
from syncserver.application import create_application
from syncserver.heartbeat import Version, read_build
from syncserver.keyexchange import KeyExchangeSettings
from syncserver.listener import ListenError, create_engine, listen, serve
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Settings of the section `server`: the process, whatever it serves."""

    host: Annotated[str, Field(min_length=1, description="address to listen on")] = "127.0.0.1"
    port: Annotated[
        int, Field(ge=0, le=65535, description="port to listen on, 0 for a free one; also PORT")
    ] = 8000
    log_level: Annotated[
        Literal["debug", "info", "warning", "error", "critical"],
        Field(description="least level that is logged: debug, info, warning, error or critical"),
    ] = "info"
    shutdown_timeout: Annotated[
        int, Field(ge=0, le=3600, description="seconds that open requests get at the end")
    ] = 5
    source: Annotated[str, Field(description="where the source is kept, told by /__version__")] = (
        "reference/syncserver"
    )
    commit: Annotated[str, Field(description="commit that is running, told by /__version__")] = (
        "unknown"
    )


SECTIONS = {"server": ServerSettings, "keyexchange": KeyExchangeSettings}


def create_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m syncserver",
        description="Serve the Sync services until SIGTERM or SIGINT.",
        epilog="Settings of the file, with their defaults and environment variables.\n"
        "The command line counts before the environment, the environment before the file.\n\n"
        + "\n".join(explain(SECTIONS))
        + "\n\nExit status: 0 ended by a signal, 2 wrong settings or the port is not to be had.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", metavar="HOST", help="address to listen on")
    parser.add_argument("--port", metavar="N", help="port to listen on, 0 for a free one")
    parser.add_argument("--config", metavar="FILE.toml", help="file of settings")
    parser.add_argument("--version", action="version", version=f"syncserver {__version__}")
    return parser


def load_layers(options: argparse.Namespace, environment: Mapping[str, str]) -> list[Layer]:
    """Return what file, environment and command line say.  Raises `SettingsError`."""
    given = {"host": options.host, "port": options.port}
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
        settings = load_section("server", ServerSettings, layers)
        exchange = load_section("keyexchange", KeyExchangeSettings, layers)
        listener = listen(settings.host, settings.port)
    except (SettingsError, ListenError) as error:
        sys.stderr.write(f"syncserver: {error}\n")
        return WRONG_USAGE
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    service = keyexchange.create_service(
        exchange, clock=time.monotonic, randomness=random.SystemRandom()
    )
    version = Version(
        source=settings.source,
        version=__version__,
        commit=settings.commit,
        build=read_build(Path(__file__).parent),
    )
    app = create_application((service,), version)
    engine = create_engine(app, shutdown_timeout=settings.shutdown_timeout)
    serve(engine, listener, announce)
    return 0


def announce(url: str) -> None:
    """Tell on standard output where the server is."""
    sys.stdout.write(f"syncserver {__version__} listening on {url}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
