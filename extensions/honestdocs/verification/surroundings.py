"""The real outside world for a prover.

Owns the joining of transport, server commands and files to a service's settings. Must not
know what is proven.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from honestdocs.contract.configuration import Service
from honestdocs.contract.errors import ConfigurationError
from honestdocs.verification.limits import Limits
from honestdocs.verification.prover import Surroundings
from honestdocs.verification.reach import Reach, proxy_variables
from honestdocs.verification.server import ServerCommand, serving
from honestdocs.verification.spare import VARIABLE, Spare, claim, release
from honestdocs.verification.transport import Transport

_IN_FLIGHT = 64


def real_surroundings(
    folder: Path, *, now: Callable[[], float], environ: Mapping[str, str]
) -> Surroundings:
    """Sockets, processes and files; relative paths start at ``folder``.

    Where the environment names a folder of spare servers, one of them is taken if it is ready.
    """
    taken: dict[str, Spare] = {}

    def use(service: Service) -> None:
        if service.name in taken:
            taken[service.name].used = True

    return Surroundings(
        now=now,
        environ=environ,
        read=lambda name: _read(folder, name),
        reach=lambda service: _reach(service, folder, environ),
        serve=lambda service, transport: _serve(service, folder, transport, environ, taken),
        use=use,
    )


def _read(folder: Path, name: str) -> str:
    path = folder / name
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigurationError(f"setup file {name}: cannot be read: {reason}") from error


def _reach(service: Service, folder: Path, environ: Mapping[str, str]) -> Reach:
    limits = Limits(
        total_timeout=service.timeout,
        connect_timeout=min(service.timeout, Limits().connect_timeout),
        max_in_flight=_IN_FLIGHT,
        max_per_host=max(service.concurrency, 1),
    )
    return Reach(
        limits=limits,
        verify=service.verify_tls,
        ca_file=str(folder / service.ca_file) if service.ca_file else "",
        environment=proxy_variables(environ),
    )


@contextmanager
def _serve(
    service: Service,
    folder: Path,
    transport: Transport,
    environ: Mapping[str, str],
    taken: dict[str, Spare],
) -> Iterator[str]:
    words = service.command
    command = tuple(shlex.split(words) if isinstance(words, str) else words)
    named = tuple(word.replace("{python}", sys.executable) for word in command)
    settings = ServerCommand(
        command=named,
        cwd=str(folder / service.cwd),
        env={**environ, **service.env},
        ready_path=service.ready or service.path + service.heartbeat or "/",
        ready_timeout=service.ready_timeout,
    )
    spare = claim(Path(environ[VARIABLE]), settings) if environ.get(VARIABLE) else None
    if spare is None:
        with serving(settings, transport) as server:
            yield server.origin
        return
    taken[service.name] = spare
    try:
        yield spare.origin
    finally:
        release(taken.pop(service.name))
