"""What is said of an answer that is no page.

Owns the phrases for people, and the state that belongs to them. Must not know what happens next.
"""

from __future__ import annotations

from honestdocs.contract.link import LinkState
from honestdocs.contract.wire import Fault, WireFault, WireResponse
from honestdocs.links.cache import Known

_FAILED = {
    Fault.UNRESOLVED: "its host has no address",
    Fault.REFUSED: "nothing answers there",
}


def status_line(answer: WireResponse) -> str:
    """Status and reason, as in ``404 Not Found``."""
    return f"{answer.status} {answer.reason or _phrase(answer.status)}".strip()


def _phrase(status: int) -> str:
    from http import HTTPStatus  # noqa: PLC0415 - most servers name the reason

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def refused(answer: WireResponse) -> Known:
    """An answer that there is nothing."""
    return Known(state=LinkState.BROKEN, status=answer.status, message=status_line(answer))


def failed(fault: WireFault, *, timeouts_are_broken: bool) -> Known:
    """An exchange without an answer."""
    late = fault.fault is Fault.TIMEOUT and not timeouts_are_broken
    state = LinkState.TIMEOUT if late else LinkState.BROKEN
    return Known(state=state, message=_FAILED.get(fault.fault, fault.message.rstrip(".")))


def restrained(answer: WireResponse, wait: float | None) -> Known:
    """A host that asks to wait too long, or again and again and for None tells how long."""
    asks = "asks to wait" if wait is None else f"asks to wait {wait:.0f} s"
    said = f"{status_line(answer)}: {asks}"
    return Known(state=LinkState.RATE_LIMITED, status=answer.status, message=said)


def broken(message: str) -> Known:
    """What is broken for a reason of its own."""
    return Known(state=LinkState.BROKEN, message=message)
