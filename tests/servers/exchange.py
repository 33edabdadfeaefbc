"""One request and its answer, for tests that look at nothing else.

Owns sending a request, how long is waited for it, and saying which kind of answer is expected. Must
not know any server.
"""

from __future__ import annotations

from honestdocs.contract.wire import (
    Answer,
    Headers,
    WireFault,
    WireRequest,
    WireResponse,
)
from honestdocs.verification.limits import Limits
from honestdocs.verification.transport import Transport

LIMITS = Limits(connect_timeout=0.3, total_timeout=0.4, max_body=200_000, max_header=50_000)
PATIENT = Limits(connect_timeout=5, total_timeout=20)
DIRECT: dict[str, str] = {}


def ask(
    transport: Transport,
    url: str,
    method: str = "GET",
    *,
    headers: Headers = (),
    body: bytes | None = None,
) -> Answer:
    """The one answer to one request."""
    answers: list[Answer] = []
    request = WireRequest(method=method, url=url, headers=headers, body=body)
    transport.send(request, answers.append)
    transport.run()
    assert len(answers) == 1
    return answers[0]


def response(answer: Answer) -> WireResponse:
    """The answer, which has to be a response."""
    assert isinstance(answer, WireResponse), answer
    return answer


def fault(answer: Answer) -> WireFault:
    """The answer, which has to be a fault."""
    assert isinstance(answer, WireFault), answer
    return answer


def echoed(answer: Answer) -> bytes:
    """The request that was sent, as an echoing server received it."""
    return response(answer).body
