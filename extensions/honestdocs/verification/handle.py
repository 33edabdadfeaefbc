"""One pooled libcurl handle and the exchange that it is carrying out.

Owns how a request is put to libcurl and how its answer is taken back; options that are already
as wanted are not set again. Must not know the queue, nor the other handles.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import pycurl

from honestdocs.contract.wire import (
    Answer,
    Headers,
    WireFault,
    WireRequest,
    WireResponse,
)
from honestdocs.verification.curlcode import E_TOO_LARGE, E_WEIRD_SERVER_REPLY
from honestdocs.verification.framing import (
    ALWAYS_FRAMED,
    IDEMPOTENT,
    RequestError,
    check_method,
    known_lines,
)
from honestdocs.verification.head import SWITCHING, HeadReader, read_head
from honestdocs.verification.limits import Limits
from honestdocs.verification.route import Host

Then: TypeAlias = Callable[[Answer], None]
"""What is done with an answer, on the thread that runs the transport."""

_SUPPRESS_CONNECT_HEADERS = 265
"""An option of libcurl that pycurl has no name for."""

_OK: int = pycurl.E_OK
_DIED = frozenset({
    pycurl.E_GOT_NOTHING,
    pycurl.E_SEND_ERROR,
    pycurl.E_RECV_ERROR,
    pycurl.E_ABORTED_BY_CALLBACK,
})  # fmt: skip


class Settings(NamedTuple):
    """What all handles of a transport have in common."""

    limits: Limits
    verify: bool
    authorities: Callable[[], str | None]
    heads: HeadReader
    pinned: tuple[str, ...] = ()


_NOWHERE = Host(origin="", place="", secure=False)


class Handle:
    """A reusable easy handle: ``begin`` an exchange, let the multi handle run it, ``end`` it."""

    __slots__ = (
        "_attempts",
        "_body",
        "_complete",
        "_decodes",
        "_head",
        "_headers",
        "_method",
        "_retried",
        "_sends",
        "_settings",
        "_trusts",
        "_upgrades",
        "curl",
        "host",
        "then",
    )

    def __init__(self, settings: Settings) -> None:
        self.curl = pycurl.Curl()
        self.host = _NOWHERE
        self.then: Then = _ignore
        self._settings = settings
        self._head = bytearray()
        self._body = bytearray()
        self._complete = False
        self._attempts = 0
        self._retried = False
        self._method: str | None = None
        self._sends = False
        self._headers: Headers | None = None
        self._decodes = False
        self._upgrades = False
        self._trusts = False
        self._configure()

    def _configure(self) -> None:
        curl, settings = self.curl, self._settings
        curl.setopt(pycurl.NOSIGNAL, 1)
        curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
        curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS)
        curl.setopt(pycurl.PIPEWAIT, 1)
        curl.setopt(pycurl.PATH_AS_IS, 1)
        curl.setopt(_SUPPRESS_CONNECT_HEADERS, 1)
        curl.setopt(pycurl.CONNECTTIMEOUT_MS, _milliseconds(settings.limits.connect_timeout))
        curl.setopt(pycurl.TIMEOUT_MS, _milliseconds(settings.limits.total_timeout))
        curl.setopt(pycurl.SSL_VERIFYPEER, int(settings.verify))
        curl.setopt(pycurl.SSL_VERIFYHOST, 2 if settings.verify else 0)
        curl.setopt(pycurl.NOPROXY, "")
        if settings.pinned:
            curl.setopt(pycurl.RESOLVE, list(settings.pinned))
        curl.setopt(pycurl.WRITEFUNCTION, self._write)
        curl.setopt(pycurl.HEADERFUNCTION, self._head.extend)

    def begin(self, request: WireRequest, host: Host, target: str, then: Then) -> None:
        """Prepare an exchange; raises ``RequestError`` where the request cannot be sent."""
        self.then = then
        method, _, headers, body = request
        sends = bool(body) or method in ALWAYS_FRAMED
        try:
            if headers != self._headers:
                self._set_headers(headers)
            if method != self._method or sends != self._sends:
                self._set_method(method, sends=sends)
            if host is not self.host:
                self._set_host(host)
            if sends:
                self.curl.setopt(pycurl.POSTFIELDS, body or b"")
            self.curl.setopt(pycurl.REQUEST_TARGET, host.prefix + target)
        except pycurl.error as error:
            raise RequestError(f"The request to {host.place} cannot be put to libcurl.") from error

    def _set_headers(self, headers: Headers) -> None:
        lines, names = known_lines(headers)
        self._headers = None
        self.curl.setopt(pycurl.HTTPHEADER, lines)
        decodes, upgrades = "accept-encoding" in names, "upgrade" in names
        if decodes and not self._decodes:
            self.curl.setopt(pycurl.ACCEPT_ENCODING, "")
        elif self._decodes and not decodes:
            self.curl.unsetopt(pycurl.ACCEPT_ENCODING)
        self._headers, self._decodes = headers, decodes
        if upgrades != self._upgrades:
            self._upgrades = upgrades
            self._set_receiver()

    def _set_method(self, method: str, *, sends: bool) -> None:
        check_method(method)
        curl = self.curl
        bodiless = pycurl.NOBODY if method.upper() == "HEAD" else pycurl.HTTPGET
        self._method = None
        curl.setopt(pycurl.POST if sends else bodiless, 1)
        curl.setopt(pycurl.CUSTOMREQUEST, method)
        curl.setopt(pycurl.PREREQFUNCTION, None if method in IDEMPOTENT else self._before_sending)
        self._method, self._sends = method, sends
        self._set_receiver()

    def _set_receiver(self) -> None:
        """Choose what takes header lines: usually a C function, which costs least."""
        watches = self._upgrades or (self._sends and self._asks_head())
        receive = self._watch_head if watches else self._head.extend
        self.curl.setopt(pycurl.HEADERFUNCTION, receive)

    def _set_host(self, host: Host) -> None:
        self.curl.setopt(pycurl.URL, host.origin.encode())
        self.curl.setopt(pycurl.PROXY, host.proxy.encode())
        if host.secure and not self._trusts:
            self._trusts = True
            authorities = self._settings.authorities()
            if authorities is not None:
                self.curl.setopt(pycurl.CAINFO, authorities)
        self.host = host

    def _asks_head(self) -> bool:
        return self._method is not None and self._method.upper() == "HEAD"

    def _write(self, data: bytes) -> int:
        """Take a piece of the body; anything but its length makes libcurl stop."""
        if len(self._body) + len(data) > self._settings.limits.max_body:
            return 0
        self._body += data
        return len(data)

    def _watch_head(self, line: bytes) -> int:
        """Take a header line; end the exchange after a head that libcurl would wait behind.

        That is the answer to HEAD with a body, and 101, after which HTTP is over.
        """
        self._head += line
        if line.strip(b"\r\n"):
            return len(line)
        head = read_head(bytes(self._head))
        if head is not None and not head.interim:
            self._complete = head.status == SWITCHING or self._asks_head()
        return 0 if self._complete else len(line)

    def _before_sending(self, *_: object) -> int:
        """Let a request out once: libcurl alone would send it again up to five times."""
        self._attempts += 1
        verdict = pycurl.PREREQFUNC_OK if self._attempts == 1 else pycurl.PREREQFUNC_ABORT
        return int(verdict)

    def retries(self, code: int) -> bool:
        """Whether the exchange is to be run again, once, because a kept connection had died."""
        if self._retried or code not in _DIED or self._head:
            return False
        reused = self.curl.getinfo(pycurl.NUM_CONNECTS) == 0
        if not reused and self._attempts <= 1:
            return False
        self._retried = True
        self._attempts = 0
        self.curl.setopt(pycurl.FRESH_CONNECT, 1)
        return True

    def end(self, code: int = _OK, text: str = "") -> Answer:
        """The answer of the exchange; the handle is free again."""
        answer = self._respond() if code == _OK or self._complete else self._fail(code, text)
        self._clear()
        return answer

    def _respond(self) -> Answer:
        if len(self._head) > self._settings.limits.max_header:
            return self._fail(E_TOO_LARGE, "")
        head = self._settings.heads.read(bytes(self._head))
        if head is None:
            return self._fail(E_WEIRD_SERVER_REPLY, "")
        if not head.complete:
            return self._fail(pycurl.E_PARTIAL_FILE, "")
        self.host.answered = True
        seconds = self.curl.getinfo(pycurl.TOTAL_TIME)
        return WireResponse(head.status, head.reason, head.headers, bytes(self._body), seconds)

    def _fail(self, code: int, text: str) -> WireFault:
        from honestdocs.verification.diagnosis import Failure, diagnose  # noqa: PLC0415 - few fail

        ask = self.curl.getinfo
        failure = Failure(
            code=code,
            text=text,
            host=self.host,
            limits=self._settings.limits,
            raw_head=bytes(self._head),
            received=len(self._body),
            reached=ask(pycurl.CONNECT_TIME) > 0,
            certificate=ask(pycurl.SSL_VERIFYRESULT),
            system_error=ask(pycurl.OS_ERRNO),
        )
        fault, message = diagnose(failure)
        head = read_head(failure.raw_head)
        return WireFault(
            fault=fault,
            message=message,
            seconds=ask(pycurl.TOTAL_TIME),
            status=0 if head is None or head.interim else head.status,
        )

    def _clear(self) -> None:
        self._head.clear()
        self._body.clear()
        self._attempts = 0
        self._complete = False
        if self._retried:
            self.curl.setopt(pycurl.FRESH_CONNECT, 0)
            self._retried = False

    def close(self) -> None:
        """Give the handle back to libcurl; the multi handle must not hold it any more."""
        self.curl.close()


def _ignore(_: Answer) -> None:
    """Do nothing with an answer."""


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
