"""The heartbeat and version of a service, as Dockerflow has them.

Owns ``/__heartbeat__`` and ``/__version__``: where they are looked for and how their answers
are read. Must not know examples.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from honestdocs.contract.configuration import Service
from honestdocs.contract.service import Health, ServiceState
from honestdocs.contract.wire import Answer, WireFault, WireRequest, WireResponse
from honestdocs.verification.transport import Transport

_SICK = frozenset(("error", "critical", "fail", "failed", "failing", "down", "unhealthy"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a service is reached: its origin and base path."""

    origin: str
    base: str = ""

    @property
    def url(self) -> str:
        """Both together."""
        return self.origin + self.base


def ask(
    service: Service, endpoint: Endpoint, transport: Transport, now: Callable[[], float]
) -> ServiceState:
    """The state of a service now.

    Each path is looked for below the base path, then at the origin. A service without a
    heartbeat (404) counts as healthy with status ``unknown``: it can be reached.
    """
    heartbeat = _get(service.heartbeat, endpoint, transport)
    if isinstance(heartbeat, WireFault):
        return _state(service, endpoint, now(), message=heartbeat.message)
    version = ""
    if service.version:
        answer = _get(service.version, endpoint, transport)
        version = read_version(answer) if isinstance(answer, WireResponse) else ""
    return _judge(service, endpoint, heartbeat, version, now())


def _get(path: str, endpoint: Endpoint, transport: Transport) -> Answer:
    """The answer below the base path, or at the origin where the first is a 404."""
    urls = dict.fromkeys((endpoint.url + (path or "/"), endpoint.origin + (path or "/")))
    answer: Answer | None = None
    for url in urls:
        answer = _exchange(WireRequest(method="GET", url=url), transport)
        if isinstance(answer, WireFault) or answer.status < 300:  # noqa: PLR2004 - RFC 9110
            return answer
        if answer.status not in (301, 302, 307, 308, 401, 403, 404, 405):
            return answer
    assert answer is not None  # noqa: S101 - there is at least one URL
    return answer


def _exchange(request: WireRequest, transport: Transport) -> Answer:
    answers: list[Answer] = []
    transport.send(request, answers.append)
    transport.run()
    return answers[0]


def _state(  # noqa: PLR0913 - the parts of a state
    service: Service,
    endpoint: Endpoint,
    at: float,
    *,
    healthy: bool = False,
    status: Health = Health.UNREACHABLE,
    message: str = "",
    checks: tuple[tuple[str, str], ...] = (),
    version: str = "",
    latency: float = 0.0,
) -> ServiceState:
    return ServiceState(
        name=service.name,
        url="" if service.command else endpoint.url,
        title=service.title or service.name,
        owner=service.owner,
        healthy=healthy,
        status=status,
        message=message,
        checks=checks,
        version=version,
        latency=latency,
        checked_at=at,
    )


def _judge(
    service: Service, endpoint: Endpoint, answer: WireResponse, version: str, at: float
) -> ServiceState:
    said, checks = _read(answer)
    status, message = _health(service, answer, said, checks)
    return _state(
        service,
        endpoint,
        at,
        healthy=status is not Health.ERROR,
        status=status,
        message=message,
        checks=checks,
        version=version,
        latency=answer.seconds,
    )


def _health(
    service: Service, answer: WireResponse, said: str, checks: tuple[tuple[str, str], ...]
) -> tuple[Health, str]:
    if answer.status >= 500 or said in _SICK:  # noqa: PLR2004 - RFC 9110, section 15.6
        bad = ", ".join(f"{name}: {state}" for name, state in checks if state != "ok")
        detail = f" ({bad})" if bad else ""
        word = f"answers {answer.status}" if answer.status >= 300 else f"says {said}"  # noqa: PLR2004
        return Health.ERROR, f"the heartbeat {service.heartbeat} {word}{detail}"
    if answer.status >= 300:  # noqa: PLR2004 - RFC 9110, section 15.4
        return Health.UNKNOWN, f"no heartbeat at {service.heartbeat} ({answer.status})"
    if said == "warning":
        bad = ", ".join(f"{name}: {state}" for name, state in checks if state != "ok")
        return Health.WARNING, f"the heartbeat warns{': ' + bad if bad else ''}"
    return Health.OK, ""


def _read(answer: WireResponse) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The overall status and the single checks of a heartbeat's JSON, as far as it has them."""
    try:
        value = json.loads(answer.body)
    except ValueError:
        return "", ()
    if not isinstance(value, dict):
        return "", ()
    said = str(value.get("status", "")).lower()
    checks = value.get("checks", {key: v for key, v in value.items() if isinstance(v, bool)})
    if not isinstance(checks, dict):
        return said, ()
    return said, tuple((str(name), _word(state)) for name, state in checks.items())


def _word(state: object) -> str:
    if isinstance(state, bool):
        return "ok" if state else "error"
    if isinstance(state, dict):
        return str(state.get("status", "unknown"))
    return str(state)


def read_version(answer: WireResponse) -> str:
    """What a service says of its version: ``1.4.0 (2f9c1a)``; empty where it says nothing.

    The text in brackets is the build, or else the first characters of the commit, so that
    two builds of one release are told apart.
    """
    if answer.status != 200:  # noqa: PLR2004 - RFC 9110, section 15.3.1
        return ""
    try:
        value = json.loads(answer.body)
    except ValueError:
        text = answer.body.decode("utf-8", "replace").strip()
        return text if len(text) <= 60 and "<" not in text else ""  # noqa: PLR2004 - a word or two
    if not isinstance(value, dict):
        return str(value)[:60]
    release = str(value.get("version") or value.get("name") or "")
    build = str(value.get("build") or "").rpartition("/")[2] or str(value.get("commit") or "")
    return f"{release} ({build[:12]})" if build and build != release else release
