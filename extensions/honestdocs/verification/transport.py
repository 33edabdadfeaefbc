"""Sending requests and receiving their answers, many at once.

Owns the queue, the pool of handles and the loop over libcurl's multi interface.
Must not know what is sent or why, nor what an answer means.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache, partial
from types import TracebackType
from typing import Protocol, Self

import pycurl

from honestdocs.contract.wire import Answer, Fault, WireFault, WireRequest
from honestdocs.verification.framing import RequestError, split_url
from honestdocs.verification.handle import Handle, Settings, Then
from honestdocs.verification.head import HeadReader
from honestdocs.verification.limits import Limits
from honestdocs.verification.route import Host, find_authorities, read_host, read_proxies

__all__ = ["CurlTransport", "Limits", "Stopped", "Then", "Transport"]

_LONGEST_WAIT = 1.0
_OK: int = pycurl.E_OK
_MOST_HOSTS = 4096


class Stopped(Exception):  # noqa: N818 - it is no error: somebody asked for the end
    """The run was given up because somebody asked for it."""


class Transport(Protocol):
    """Something that carries requests to their servers and the answers back."""

    def send(self, request: WireRequest, then: Then) -> None:
        """Queue a request; ``then`` is called with its answer while the transport runs."""

    def run(self, due: Callable[[], float | None] = lambda: None) -> None:
        """Work until nothing is queued, in flight or ``due``; callbacks may send more."""

    def close(self) -> None:
        """Let go of every connection; what is in flight is given up without an answer."""


class CurlTransport:
    """A transport over libcurl: HTTP/1.1, and HTTP/2 where TLS negotiates it.

    It follows no redirects, keeps no cookies and adds no header fields but ``Host`` and
    ``Content-Length``. ``ca_file`` replaces the system's certificate authorities; proxies are
    those of ``environment`` (by default the process's), never for this machine itself. A run
    is given up within a second once ``stopped`` says so. For hosts in ``pinned``
    (``HOST:PORT:ADDRESS``) the DNS is not asked.
    """

    def __init__(  # noqa: PLR0913 - all that sending depends on
        self,
        limits: Limits | None = None,
        *,
        verify: bool = True,
        ca_file: str | None = None,
        environment: Mapping[str, str] | None = None,
        stopped: Callable[[], bool] = lambda: False,
        pinned: tuple[str, ...] = (),
    ) -> None:
        self._limits = limits or Limits()
        self._proxies = read_proxies(os.environ if environment is None else environment)
        self._settings = Settings(
            limits=self._limits,
            verify=verify,
            authorities=cache(partial(find_authorities, ca_file)),
            heads=HeadReader(),
            pinned=pinned,
        )
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, 2 * self._limits.max_in_flight)
        self._hosts: dict[str, Host] = {}
        self._handles: dict[pycurl.Curl, Handle] = {}
        self._free: deque[Handle] = deque()
        self._queue: deque[tuple[WireRequest, Then]] = deque()
        self._answered: deque[tuple[Then, Answer]] = deque()
        self._in_flight = 0
        self._running = False
        self._closed = False
        self._stopped = stopped

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def send(self, request: WireRequest, then: Then) -> None:
        """Queue a request; ``then`` is called with its answer while ``run`` is at work."""
        self._queue.append((request, then))

    def run(self, due: Callable[[], float | None] = lambda: None) -> None:
        """Work until nothing is queued or in flight; callbacks may send more.

        ``due`` is asked again and again: it may send what has become due, and returns the seconds
        until more will be, None when nothing will. An exception of a callback ends the run and is
        raised; another run goes on with the rest. Raises ``RuntimeError`` when called by a
        callback or after ``close``, ``Stopped`` when it is asked to end.
        """
        if self._closed:
            raise RuntimeError("the transport is closed")
        if self._running:
            raise RuntimeError("the transport is already running")
        self._running = True
        try:
            while True:
                pause = due()
                if not (self._queue or self._in_flight or self._answered):
                    if pause is None:
                        return
                    time.sleep(min(pause, _LONGEST_WAIT))
                if self._stopped():
                    raise Stopped
                self._start()
                self._advance(_LONGEST_WAIT if pause is None else pause)
                self._deliver()
        finally:
            self._running = False

    def _start(self) -> None:
        """Put queued requests in flight as far as the limits allow."""
        while self._queue and self._in_flight < self._limits.max_in_flight:
            job = self._queue.popleft()
            request, then = job
            try:
                origin, target = split_url(request.url)
                host = self._hosts.get(origin) or self._meet(origin)
                if host.in_flight >= self._limits.max_per_host:
                    host.waiting.append(job)
                    continue
                self._launch(request, host, target, then)
            except RequestError as refused:
                fault = WireFault(fault=Fault.OTHER, message=str(refused))
                self._answered.append((then, fault))

    def _meet(self, origin: str) -> Host:
        if len(self._hosts) >= _MOST_HOSTS and not self._in_flight:
            self._hosts.clear()
        host = self._hosts[origin] = read_host(origin, self._proxies)
        return host

    def _launch(self, request: WireRequest, host: Host, target: str, then: Then) -> None:
        if self._free:
            handle = self._free.popleft()  # it likely served the same host
        else:
            handle = Handle(self._settings)
            self._handles[handle.curl] = handle
        try:
            handle.begin(request, host, target or _whole(request.method), then)
        except RequestError:
            self._free.append(handle)
            raise
        self._multi.add_handle(handle.curl)
        host.in_flight += 1
        self._in_flight += 1

    def _advance(self, pause: float) -> None:
        """Let libcurl work, and wait for the network, or a pause, where it has nothing to tell."""
        if not self._in_flight:
            return
        self._multi.perform()
        _, fine, failed = self._multi.info_read()
        for curl in fine:
            self._finish(self._handles[curl], _OK, "")
        for curl, code, text in failed:
            self._finish(self._handles[curl], code, text)
        if not self._answered:
            self._wait(min(pause, _LONGEST_WAIT))

    def _finish(self, handle: Handle, code: int, text: str) -> None:
        self._multi.remove_handle(handle.curl)
        if code != _OK and handle.retries(code):
            self._multi.add_handle(handle.curl)
            return
        self._answered.append((handle.then, handle.end(code, text)))
        self._free.append(handle)
        self._in_flight -= 1
        host = handle.host
        host.in_flight -= 1
        if host.waiting:
            self._queue.appendleft(host.waiting.popleft())

    def _wait(self, longest: float) -> None:
        timeout = self._multi.timeout()
        seconds = longest if timeout < 0 else min(timeout / 1000, longest)
        if self._multi.select(seconds) == 0 and not any(self._multi.fdset()):
            time.sleep(min(seconds, 0.005))

    def _deliver(self) -> None:
        while self._answered:
            then, answer = self._answered.popleft()
            then(answer)

    def close(self) -> None:
        """Let go of every connection; what is queued or in flight gets no answer."""
        self._closed = True
        self._queue.clear()
        self._answered.clear()
        for curl in self._handles:
            with suppress(pycurl.error):
                self._multi.remove_handle(curl)
            curl.close()
        self._handles.clear()
        self._free.clear()
        self._multi.close()


def _whole(method: str) -> str:
    return "*" if method == "OPTIONS" else "/"
