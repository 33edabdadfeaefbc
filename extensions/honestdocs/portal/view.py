"""Services, pages and examples as scripts and the interface are told of them.

Owns the shape of this JSON. Must not know when it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from honestdocs.contract.configuration import Service
from honestdocs.contract.outcome import Lie, Mismatch, Result
from honestdocs.contract.service import ServiceState
from honestdocs.contract.wording import (
    FLAKY,
    heartbeat_notice,
    outcome_notice,
    page_notice,
)

View: TypeAlias = dict[str, object]


def service_view(service: Service, state: ServiceState) -> View:
    """A service as it is."""
    notice = heartbeat_notice(state, service.title or service.name, now=state.checked_at)
    return {
        "name": service.name,
        "title": service.title or service.name,
        "owner": service.owner,
        "state": str(notice.outcome),
        "health": str(state.status),
        "badge": notice.badge,
        "text": notice.text,
        "message": state.message,
        "checks": [{"name": name, "status": status} for name, status in state.checks],
        "version": state.version,
        "latency": round(state.latency, 4),
        "checked_at": state.checked_at,
    }


def page_view(page: str, results: Sequence[Result]) -> View:
    """A page: how its examples ended."""
    now = max((result.checked_at for result in results), default=0.0)
    notice = page_notice(results, now=now)
    return {
        "page": page,
        "state": str(notice.outcome),
        "badge": notice.badge,
        "text": notice.text,
    }


def example_view(result: Result, lies: Iterable[Lie], service: Service | None) -> View:
    """An example: how it ended, and every difference."""
    told = tuple(lies)
    named = service.title or service.name if service is not None else ""
    notice = outcome_notice(result, lies=bool(told), service=named, now=result.checked_at)
    found = dict.fromkeys((*result.mismatches, *(lie.mismatch for lie in told)))
    return {
        "id": result.example,
        "state": str(notice.outcome),
        "badge": notice.badge,
        "text": notice.text,
        "flaky": FLAKY if result.flaky else "",
        "checked_at": result.checked_at,
        "mismatches": [_mismatch(each) for each in found],
    }


def _mismatch(found: Mismatch) -> Mapping[str, str]:
    return {
        "where": found.subject,
        "documented": found.documented,
        "observed": found.observed,
        "fix": found.fix,
    }
