"""What is still to be asked of whom, and when that may be done.

Owns the hosts, what waits for each, and which is to be looked at next. Must not know what is asked,
nor what an answer means; time comes from its caller.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable

from honestdocs.links.address import host_of
from honestdocs.links.host import Host
from honestdocs.links.node import Node
from honestdocs.links.policy import Policy


class Agenda:
    """Has addresses asked by ``ask``, each as soon as its host may be; ``clock`` counts seconds."""

    def __init__(
        self,
        policy: Policy,
        clock: Callable[[], float],
        ask: Callable[[Host[Node], Node], None],
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._ask = ask
        self._hosts: dict[str, Host[Node]] = {}
        self._due: list[tuple[float, int, Host[Node]]] = []
        self._number = 0

    def add(self, node: Node, *, first: bool = False) -> None:
        """Have an address asked, after or before all others of its host."""
        host = self.host(node.url)
        node.asked = True
        if first:
            host.waiting.appendleft(node)
        else:
            host.waiting.append(node)
        if not host.scheduled:
            ready = host.ready_at(self._clock())
            if ready is not None:
                self._come_back(host, ready)

    def host(self, url: str) -> Host[Node]:
        """Whom an address is asked of."""
        name = host_of(url)
        host = self._hosts.get(name)
        if host is None:
            policy = self._policy
            host = Host(rate=policy.rate, burst=policy.burst, most=policy.per_host)
            self._hosts[name] = host
        return host

    def begin(self) -> int:
        """How many addresses wait; each host is given its share of the work at once."""
        total = sum(len(host.waiting) for host in self._hosts.values())
        for host in self._hosts.values():
            host.share(len(host.waiting) / total)
        return total

    def send_due(self) -> float | None:
        """Ask what may be asked now; returns the seconds until something else may."""
        if not self._due:
            return None
        now = self._clock()
        while self._due and self._due[0][0] <= now:
            _, _, host = heapq.heappop(self._due)
            host.scheduled = False
            self._send_from(host, now)
        return max(self._due[0][0] - now, 0.0) if self._due else None

    def go_on(self, host: Host[Node]) -> None:
        """Ask more of a host that has answered."""
        if not host.scheduled:
            self._send_from(host, self._clock())

    def _send_from(self, host: Host[Node], now: float) -> None:
        """Ask what a host may be asked now, and come back when it may be asked more."""
        ready = host.ready_at(now)
        while ready is not None and ready <= now:
            self._ask(host, host.take())
            ready = host.ready_at(now)
        if ready is not None:
            self._come_back(host, ready)

    def _come_back(self, host: Host[Node], ready: float) -> None:
        host.scheduled = True
        self._number += 1
        heapq.heappush(self._due, (ready, self._number, host))
