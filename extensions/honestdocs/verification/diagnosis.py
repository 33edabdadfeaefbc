"""Why an exchange failed, in one sentence for a person.

Owns the translation of libcurl's errors. Must not know requests: neither their fields nor
their URLs can appear in a message, only hosts and ports.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from errno import ECONNREFUSED

import pycurl

from honestdocs.contract.wire import Fault
from honestdocs.verification.curlcode import (
    E_HTTP2_STREAM,
    E_PROXY,
    E_TOO_LARGE,
    E_WEIRD_SERVER_REPLY,
)
from honestdocs.verification.head import Head, read_head
from honestdocs.verification.limits import Limits
from honestdocs.verification.route import Host

_CERTIFICATES = {
    9: "is not valid yet",
    10: "has expired",
    18: "is self-signed",
    19: "comes from an authority that is not trusted here",
    20: "comes from an authority that is not trusted here",
    21: "comes from an authority that is not trusted here",
    23: "has been revoked",
}
"""What OpenSSL's verify results say about a certificate."""

_USERINFO = re.compile(r"//[^/@]*@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What is known of a failed exchange: libcurl's error and how far it had come."""

    code: int
    text: str
    host: Host
    limits: Limits
    raw_head: bytes
    received: int
    reached: bool
    certificate: int
    system_error: int

    @property
    def place(self) -> str:
        """Host and port."""
        return self.host.place

    @property
    def nearest(self) -> str:
        """What a connection is made to: the host, or the proxy on the way to it."""
        return f"The proxy {self.host.proxy_place}" if self.host.proxy else self.host.place

    @property
    def head(self) -> Head | None:
        """The head as far as it came."""
        return read_head(self.raw_head)


Diagnosis = tuple[Fault, str]


def diagnose(failure: Failure) -> Diagnosis:
    """The kind of a failure and the sentence that tells it."""
    return _RULES.get(failure.code, _unknown)(failure)


def _unknown(failure: Failure) -> Diagnosis:
    text = _USERINFO.sub("//", failure.text).strip().rstrip(".") or "no reason given"
    return Fault.OTHER, f"{failure.place} could not be asked: {text} (libcurl {failure.code})."


def _url(failure: Failure) -> Diagnosis:
    return Fault.OTHER, f"The URL of {failure.place} is not one that can be asked."


def _unresolved(failure: Failure) -> Diagnosis:
    return Fault.UNRESOLVED, f"The name of {failure.place} does not resolve to an address."


def _proxy(failure: Failure) -> Diagnosis:
    return Fault.OTHER, f"{failure.nearest} on the way to {failure.place} cannot be used."


def _unreachable(failure: Failure) -> Diagnosis:
    if failure.system_error == ECONNREFUSED:
        return Fault.REFUSED, f"{failure.nearest} refused the connection: nothing listens there."
    if not failure.system_error:
        return _proxy(failure) if failure.host.proxy else _unknown(failure)
    reason = os.strerror(failure.system_error)
    return Fault.OTHER, f"{failure.nearest} cannot be reached: {reason}."


def _timeout(failure: Failure) -> Diagnosis:
    total, connect = failure.limits.total_timeout, failure.limits.connect_timeout
    if failure.text.startswith(("Resolving", "Connection")):
        return Fault.TIMEOUT, _late_connection(failure, f"{min(total, connect):g} s")
    return Fault.TIMEOUT, _late_response(failure, f"{total:g} s")


def _late_connection(failure: Failure, limit: str) -> str:
    if failure.text.startswith("Resolving"):
        return f"The name of {failure.nearest} did not resolve in {limit}."
    if failure.reached:
        return f"{failure.place} did not finish the TLS handshake in {limit}."
    return f"{failure.nearest} accepted no connection in {limit}."


def _late_response(failure: Failure, limit: str) -> str:
    head = failure.head
    if head is None:
        return f"{failure.place} sent no response in {limit}."
    if not head.complete:
        return f"{failure.place} had not sent all of its header fields after {limit}."
    if head.interim:
        return f"{failure.place} sent an interim response but no final one in {limit}."
    return f"{failure.place} had not sent all of the body after {limit}: {_size(failure)}."


def _size(failure: Failure) -> str:
    return f"{failure.received} bytes had come"


def _disconnected(failure: Failure) -> Diagnosis:
    done = "reset" if "reset" in failure.text else "closed"
    return Fault.DISCONNECTED, f"{failure.place} {done} the connection {_moment(failure)}."


def _moment(failure: Failure) -> str:
    """When the connection was lost."""
    head = failure.head
    if head is None and (failure.host.secure or failure.host.answered):
        return "without a response"
    if head is None:
        return "without a response: it may be a port for https"
    if not head.complete:
        return "in the middle of its header fields"
    if head.interim:
        return "after an interim response"
    return f"in the middle of the body: {_size(failure)}"


def _received(failure: Failure) -> Diagnosis:
    """Failures while receiving: of the connection, of a proxy's tunnel, of the framing."""
    if "tunnel" in failure.text:
        return Fault.OTHER, f"{failure.nearest} opened no tunnel to {failure.place}."
    if "chunk" in failure.text:
        return Fault.MALFORMED, f"{failure.place} sent a chunk whose size cannot be read."
    return _disconnected(failure)


def _not_http(failure: Failure) -> Diagnosis:
    if "version in response" in failure.text:
        return Fault.MALFORMED, f"{failure.place} sent a status line that cannot be read."
    return Fault.MALFORMED, f"{failure.place} answered with something that is not HTTP."


def _malformed(failure: Failure) -> Diagnosis:
    wrong = "a response that cannot be read"
    for word, meaning in (
        ("Content-Length", "a Content-Length that is no length"),
        ("colon", "a header line without a colon"),
        ("byte in header", "a NUL among its header fields"),
    ):
        if word.lower() in failure.text.lower():
            wrong = meaning
    return Fault.MALFORMED, f"{failure.place} sent {wrong}."


def _http2(failure: Failure) -> Diagnosis:
    return Fault.MALFORMED, f"{failure.place} broke the HTTP/2 exchange off: {failure.text}."


def _coding(failure: Failure) -> Diagnosis:
    head = failure.head
    names = [v for n, v in (head.headers if head else ()) if n.lower() == "content-encoding"]
    coding = ", ".join(names) or "unknown"
    if "Unrecognized" in failure.text:
        message = f"{failure.place} sent a body in the coding {coding}, which is not known here."
        return Fault.OTHER, message
    return Fault.MALFORMED, f"{failure.place} sent a body that is not what {coding} looks like."


def _too_much_body(failure: Failure) -> Diagnosis:
    most = failure.limits.max_body
    message = f"{failure.place} sent a body of more than {most} bytes, the most that is read."
    return Fault.TOO_LARGE, message


def _too_much_head(failure: Failure) -> Diagnosis:
    head = failure.head
    if head is not None and head.interim:
        return Fault.TOO_LARGE, f"{failure.place} sent interim responses without an end."
    most = f"{failure.limits.max_header} bytes"
    if "Too many response headers" in failure.text:
        most = "5000 lines"
    message = f"{failure.place} sent header fields of more than {most}, the most that is read."
    return Fault.TOO_LARGE, message


def _handshake(failure: Failure) -> Diagnosis:
    if any(sign in failure.text for sign in ("wrong version", "packet length", "http request")):
        return Fault.TLS, f"{failure.place} does not speak TLS: it may be a port for http."
    if any(sign in failure.text for sign in ("SYSCALL", "eof", "reset")):
        return Fault.TLS, f"{failure.place} broke off the TLS handshake."
    reason = _USERINFO.sub("//", failure.text).rpartition("error:")[2].strip() or "no reason given"
    return Fault.TLS, f"{failure.place} did not agree on a TLS connection: {reason}."


def _certificate(failure: Failure) -> Diagnosis:
    if "name matches" in failure.text or "does not match" in failure.text:
        wrong = "is for another host"
    elif failure.certificate in _CERTIFICATES:
        wrong = _CERTIFICATES[failure.certificate]
    else:
        wrong = f"cannot be verified: {failure.text.rpartition('result:')[2].strip()}"
    return Fault.TLS, f"The TLS certificate of {failure.place} {wrong}."


def _authorities(failure: Failure) -> Diagnosis:
    message = f"The certificate authorities to check {failure.place} against cannot be read."
    return Fault.TLS, message


_RULES: dict[int, Callable[[Failure], Diagnosis]] = {
    pycurl.E_UNSUPPORTED_PROTOCOL: _not_http,
    pycurl.E_URL_MALFORMAT: _url,
    pycurl.E_COULDNT_RESOLVE_PROXY: _proxy,
    pycurl.E_COULDNT_RESOLVE_HOST: _unresolved,
    pycurl.E_COULDNT_CONNECT: _unreachable,
    E_WEIRD_SERVER_REPLY: _malformed,
    pycurl.E_HTTP2: _http2,
    E_HTTP2_STREAM: _http2,
    pycurl.E_PARTIAL_FILE: _disconnected,
    pycurl.E_WRITE_ERROR: _too_much_body,
    pycurl.E_OPERATION_TIMEDOUT: _timeout,
    pycurl.E_SSL_CONNECT_ERROR: _handshake,
    pycurl.E_GOT_NOTHING: _disconnected,
    pycurl.E_SEND_ERROR: _disconnected,
    pycurl.E_RECV_ERROR: _received,
    pycurl.E_ABORTED_BY_CALLBACK: _disconnected,
    pycurl.E_PEER_FAILED_VERIFICATION: _certificate,
    pycurl.E_BAD_CONTENT_ENCODING: _coding,
    pycurl.E_SSL_CACERT_BADFILE: _authorities,
    E_PROXY: _proxy,
    E_TOO_LARGE: _too_much_head,
}
