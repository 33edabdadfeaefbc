"""What a server that was just started is to know before readers try requests on it.

Owns the sending of a service's setup to it. What its requests are refused is left to the proofs,
which send the same and tell of it. Must not know how servers are started.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress

from honestdocs.contract.binding import Bindings
from honestdocs.contract.configuration import Service, expand
from honestdocs.contract.errors import ContractError
from honestdocs.contract.preparation import Target
from honestdocs.contract.setup import SetUp, set_up
from honestdocs.contract.setupfile import parse_setup
from honestdocs.contract.wire import Answer, WireRequest
from honestdocs.verification.prover import Surroundings
from honestdocs.verification.transport import Transport


def prepare_server(
    service: Service, origin: str, transport: Transport, around: Surroundings
) -> None:
    """Sends the requests of the service's setup file, in order, to the server at ``origin``."""
    if not service.setup:
        return
    with suppress(ContractError):  # each proof stumbles over the same, and says it where it counts
        steps = parse_setup(around.read(service.setup), service.setup, around.environ)
        target = Target(
            origin=origin,
            base=service.path.rstrip("/"),
            credentials=expand(service.credentials, around.environ, service.name),
            passwords=expand(service.passwords, around.environ, service.name),
        )
        _play(set_up(steps, target, Bindings()), transport)


def _play(sending: Generator[WireRequest, Answer, SetUp], transport: Transport) -> None:
    def after(answer: Answer) -> None:
        with suppress(StopIteration):
            transport.send(sending.send(answer), after)

    with suppress(StopIteration):
        transport.send(next(sending), after)
        transport.run()
