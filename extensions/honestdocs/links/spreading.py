"""Asking addresses by the workers of a crew, each host by one of them.

Owns the cutting of addresses into batches, which are plain data, and what comes back. A host is
never parted: only so can it be asked politely. Must not know pages.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from honestdocs.contract.link import LinkState
from honestdocs.contract.shard import share
from honestdocs.links.address import host_of
from honestdocs.links.cache import Cache, Known
from honestdocs.links.checker import Checker
from honestdocs.links.node import Node
from honestdocs.links.policy import Policy
from honestdocs.links.surroundings import Clock, Progress
from honestdocs.verification.reach import Reach, never
from honestdocs.verification.spreading import Crew, Lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Addresses of some hosts, with the fragments to look for and what is known of them."""

    wanted: Mapping[str, frozenset[str]] = field(repr=False)
    known: Mapping[str, Known] = field(repr=False)
    policy: Policy = field(repr=False)
    reach: Reach = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was found out: of the batch's addresses and of those that they redirect to, the
    anchors that may be meant, and how many requests it took.
    """

    found: Mapping[str, Known] = field(repr=False)
    nearest: Mapping[str, Mapping[str, str]] = field(repr=False)
    requests: int


def ask_batch(batch: Batch, stopped: Callable[[], bool] = never) -> Asked:
    """Asks the addresses of a batch in this process; raises ``Stopped`` when it is asked to end."""
    clock = Clock(monotonic=time.monotonic, now=time.time)
    with Cache(None, batch.policy) as cache, batch.reach.connect(stopped) as carrier:
        cache.save(batch.known.items())
        checker = Checker(batch.policy, carrier, clock)
        nodes = checker.check(batch.wanted, cache, again=True)
        return Asked(
            found=checker.met,
            nearest={url: node.nearest for url, node in nodes.items() if node.nearest},
            requests=checker.progress.requests,
        )


class Spread:
    """Finds out of addresses whether they lead anywhere, by workers."""

    def __init__(
        self, policy: Policy, reach: Reach, crew: Crew, clock: Clock, progress: Progress
    ) -> None:
        self._policy = policy
        self._reach = reach
        self._crew = crew
        self._clock = clock
        self.progress = progress

    def check(
        self, wanted: Mapping[str, Iterable[str]], cache: Cache, *, again: bool
    ) -> dict[str, Node]:
        """The nodes of all addresses, asked; ``wanted`` gives the fragments to look for.

        With ``again`` everything is asked, however fresh it is in the cache. Raises ExecutorError
        where there are no workers.
        """
        known = cache.load(wanted)
        nodes = {
            url: Node(url=url, wanted=set(fragments), known=known.get(url))
            for url, fragments in wanted.items()
        }
        now = self._clock.now()
        due: list[Node] = []
        for node in nodes.values():
            if not again and cache.answers(node.url, node.known, node.wanted, now):
                node.outcome, node.cached = node.known, True
            else:
                due.append(node)
        self.progress.total = len(due)
        if due:
            self._ask(due, nodes, cache)
        return nodes

    def _ask(self, due: Sequence[Node], nodes: Mapping[str, Node], cache: Cache) -> None:
        batches = self._batches(due)
        for batch, asked in self._crew.spread(ask_batch, batches, len(batches)):
            if isinstance(asked, Lost):
                for url in batch.wanted:
                    nodes[url].outcome = Known(state=LinkState.TIMEOUT, message=asked.reason)
            else:
                found = asked.found.items()
                cache.save((u, k) for u, k in found if u in batch.wanted or u not in nodes)
                self.progress.requests += asked.requests
                for url in batch.wanted:
                    nodes[url].outcome = asked.found.get(url)
                    nodes[url].nearest.update(asked.nearest.get(url, {}))
            self.progress.done += len(batch.wanted)
            self.progress.told(self.progress.done, self.progress.total)

    def _batches(self, due: Sequence[Node]) -> list[Batch]:
        """As many batches as workers, each with about as many addresses."""
        workers = self._crew.workers()
        hosts: dict[str, list[Node]] = {}
        for node in due:
            hosts.setdefault(host_of(node.url), []).append(node)
        shares = share({host: float(len(found)) for host, found in hosts.items()}, workers.width)
        each = max(1, self._reach.limits.max_in_flight // workers.width)
        reach = self._reach.portable() if workers.remote else self._reach
        reach = replace(reach, limits=replace(reach.limits, max_in_flight=each))
        return [
            self._batch([node for host in names for node in hosts[host]], reach)
            for names in shares
            if names
        ]

    def _batch(self, nodes: Sequence[Node], reach: Reach) -> Batch:
        return Batch(
            wanted={node.url: frozenset(node.wanted) for node in nodes},
            known={node.url: node.known for node in nodes if node.known is not None},
            policy=self._policy,
            reach=reach,
        )
