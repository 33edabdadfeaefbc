"""The way from a page to a service: a documented request is sent, and its answer shown.

Owns the bounds of size, rate and time, and who may ask: only a page of this portal. The service's
place is fixed, its address held fast, no redirect followed, no credential added. Must not know
what is documented: ``attempt`` does.
"""

from __future__ import annotations

import asyncio
import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from honestdocs.contract.configuration import Service
from honestdocs.contract.preparation import join_path
from honestdocs.contract.transcript import render_transcript
from honestdocs.contract.wire import Answer, WireFault, WireRequest, WireResponse
from honestdocs.portal.allowance import Allowance
from honestdocs.portal.attempt import MOST_BODY, Attempt, RefusedError, admit, parse_attempt
from honestdocs.portal.center import Center
from honestdocs.portal.pinning import Pinning
from honestdocs.verification.errors import VerificationError
from honestdocs.verification.limits import Limits

MOST_SENT = 4 * MOST_BODY
"""Bytes of the JSON that describes an attempt."""

MOST_ANSWER = 256 * 1024
"""Bytes of an answer's body."""

_SECONDS = 10.0
_READING = 10.0
_AT_ONCE = 8
_LIMITS = Limits(
    connect_timeout=3.0,
    total_timeout=_SECONDS,
    max_body=MOST_ANSWER,
    max_header=32 * 1024,
    max_in_flight=1,
    max_per_host=1,
)


class Gateway:
    """Sends attempts to the services of a center."""

    def __init__(
        self,
        center: Center,
        *,
        pinning: Pinning | None = None,
        allowance: Allowance | None = None,
    ) -> None:
        self._center = center
        self._pinning = pinning or Pinning(time.monotonic)
        self._allowance = allowance or Allowance(burst=20, rate=0.5, now=time.monotonic)
        self._pool = ThreadPoolExecutor(_AT_ONCE, "gateway")
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def answer(self, request: Request) -> Response:
        """The answer to an attempt, as JSON."""
        try:
            check_origin(request)
            self._count(request)
            attempt = parse_attempt(await _read(request))
            service, _ = admit(attempt, self._center.board.snapshot)
            async with self._slots:
                loop = asyncio.get_running_loop()
                told = await loop.run_in_executor(self._pool, self._try, service, attempt)
        except RefusedError as error:
            return _json({"error": f"Not sent: {error}."}, error.status)
        return _json(told, 200 if "status" in told else 502)

    def _count(self, request: Request) -> None:
        wait = self._allowance.take(request.client.host if request.client else "")
        if wait:
            raise RefusedError(f"too many attempts; the next may come in {wait:.0f} seconds", 429)

    def _try(self, service: Service, attempt: Attempt) -> dict[str, object]:
        try:
            endpoint = self._center.kept.endpoint(service)
        except VerificationError as error:
            raise RefusedError(f"the service is not running: {error}", 502) from error
        reach = replace(
            self._center.around.reach(service),
            limits=_LIMITS,
            pinned=self._pinning.pins(endpoint.origin),
        )
        sent = WireRequest(
            method=attempt.method,
            url=endpoint.origin + join_path(endpoint.base, attempt.target),
            headers=attempt.headers,
            body=attempt.body,
        )
        answers: list[Answer] = []
        with reach.connect() as transport:
            transport.send(sent, answers.append)
            transport.run()
        return _told(attempt, sent, answers[0])


def check_origin(request: Request) -> None:
    """Refuses what no page of this portal has sent: another site cannot send JSON with the
    origin of this one (Fetch standard; RFC 6454, section 7). Raises RefusedError.
    """
    origin = request.headers.get("origin", "")
    host = request.headers.get("host", "")
    if not origin or urlsplit(origin).netloc.lower() != host.lower():
        raise RefusedError("only pages of this portal may try requests")
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise RefusedError("only pages of this portal may try requests")
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise RefusedError("an attempt is sent as application/json", 415)


async def _read(request: Request) -> object:
    """The JSON of a request, never more of it than allowed."""
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > MOST_SENT:
        raise RefusedError(f"an attempt has at most {MOST_SENT} bytes", 413)
    body = bytearray()
    try:
        async with asyncio.timeout(_READING):
            async for piece in request.stream():
                body += piece
                if len(body) > MOST_SENT:
                    raise RefusedError(f"an attempt has at most {MOST_SENT} bytes", 413)
    except (TimeoutError, ClientDisconnect) as error:
        raise RefusedError("the attempt did not arrive in time", 408) from error
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RefusedError("an attempt is a JSON object", 400) from error


def _told(attempt: Attempt, sent: WireRequest, answer: Answer) -> dict[str, object]:
    if isinstance(answer, WireFault):
        return {"error": answer.message, "seconds": round(answer.seconds, 4)}
    return {
        "status": answer.status,
        "reason": answer.reason,
        "headers": [list(pair) for pair in answer.headers],
        "seconds": round(answer.seconds, 4),
        "example": render_transcript(attempt.target, sent, answer),
        **_body(answer),
    }


def _body(answer: WireResponse) -> dict[str, object]:
    try:
        return {"body": answer.body.decode(), "binary": False}
    except UnicodeDecodeError:
        return {"body": base64.b64encode(answer.body).decode(), "binary": True}


def _json(value: dict[str, object], status: int) -> Response:
    return JSONResponse(value, status, headers={"Cache-Control": "no-store"})
