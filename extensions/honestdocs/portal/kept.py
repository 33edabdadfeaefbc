"""The servers of services that a command starts, kept running for as long as the portal is.

Owns their start, their place and their end; one that has died is started again when it is next
asked for. Must not know what they are asked.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

from honestdocs.contract.configuration import Service
from honestdocs.portal.stage import prepare_server
from honestdocs.verification.errors import VerificationError
from honestdocs.verification.heartbeat import Endpoint
from honestdocs.verification.prover import Surroundings
from honestdocs.verification.transport import Transport


class Kept:
    """The places of services. Any thread may ask; one service is started by one at a time."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._running: dict[str, tuple[Service, str, ExitStack]] = {}
        self._closed = False

    def endpoint(self, service: Service) -> Endpoint:
        """Where a service is reached. Raises ServerError where its command cannot be run."""
        if service.url:
            parts = urlsplit(service.url)
            base = parts.path.rstrip("/") or service.path.rstrip("/")
            return Endpoint(origin=f"{parts.scheme}://{parts.netloc}", base=base)
        with self._lock:
            lock = self._locks.setdefault(service.name, threading.Lock())
        with lock:
            known = self._running.get(service.name)
            if known is not None and known[0] == service:
                return Endpoint(origin=known[1], base=service.path.rstrip("/"))
            self._stop(service.name)
            return Endpoint(origin=self._start(service), base=service.path.rstrip("/"))

    def _start(self, service: Service) -> str:
        if self._closed:
            raise VerificationError(f"{service.name} is not started: the portal is ending")
        with ExitStack() as stack:
            transport = stack.enter_context(self._around.reach(service).connect())
            origin = stack.enter_context(self._around.serve(service, transport))
            prepare_server(service, origin, transport, self._around)
            self._running[service.name] = (service, origin, stack.pop_all())
        return origin

    def drop(self, name: str) -> None:
        """Ends a server that does not answer, so that it is started anew when asked for."""
        with self._lock:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            self._stop(name)

    def _stop(self, name: str) -> None:
        known = self._running.pop(name, None)
        if known is not None:
            known[2].close()

    def close(self) -> None:
        """Ends all servers, and starts none any more."""
        self._closed = True
        for name in tuple(self._running):
            self.drop(name)

    @contextmanager
    def fresh(self, service: Service, transport: Transport, *, healthy: bool) -> Iterator[str]:
        """A server of its own for one proof, so that nothing is there but what its pages made.

        While the kept one does not serve, it is that one, which then tells why.
        """
        if not healthy:
            yield self.endpoint(service).origin
            return
        with self._around.serve(service, transport) as origin:
            yield origin
