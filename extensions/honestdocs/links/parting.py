"""A part of a tree's links for one of several machines.

Owns the parting: links out of the tree by host, so that no host is asked by two machines and each
can be asked politely; those within it cost nothing. Must not know who checks a part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from honestdocs.contract.cause import digest
from honestdocs.contract.shard import Part, Shard, share
from honestdocs.links.address import SCHEMES, host_of, scheme_of, split_fragment
from honestdocs.links.index import LinkIndex

_PORTS = {"http": ":80", "https": ":443"}
"""What need not be said, and may be."""


def part_of(index: LinkIndex, shard: Shard) -> LinkIndex:
    """The links of one part: every link is in one, hosts have about as many addresses in each;
    links within the tree are all the first part's.
    """
    hosts = _hosts(index)
    ours, first = _share(hosts, shard.index, shard.count), shard.index == 1
    return replace(
        _narrow(index, hosts, ours),
        entries=index.entries if first else (),
        working=index.working if first else 0,
    )


def part_by_host(index: LinkIndex, part: Part) -> tuple[LinkIndex, Part]:
    """The links without those out of the tree that other shards ask for, and the part that says
    whom it asks.
    """
    hosts = _hosts(index)
    ours = _share(hosts, part.index, part.count)
    asked = tuple(sorted(host for host in ours if host))
    return _narrow(index, hosts, ours), replace(part, hosts=asked, web=digest(*sorted(hosts)))


def _hosts(index: LinkIndex) -> Mapping[str, str]:
    """Whom each target leads to."""
    return {target: _host(target) for target in index.targets}


def _host(target: str) -> str:
    """Who answers for a target, empty where nobody is asked. The scheme does not count: one
    machine answers for both, and mostly leads from one to the other.
    """
    if scheme_of(target) not in SCHEMES:
        return ""
    scheme, _, host = host_of(split_fragment(target)[0]).partition("://")
    return host.removesuffix(_PORTS[scheme])


def _share(hosts: Mapping[str, str], index: int, count: int) -> frozenset[str]:
    counts = Counter(hosts.values())
    return frozenset(share({host: float(n) for host, n in counts.items()}, count)[index - 1])


def _narrow(index: LinkIndex, hosts: Mapping[str, str], ours: Collection[str]) -> LinkIndex:
    targets = {target: rows for target, rows in index.targets.items() if hosts[target] in ours}
    return replace(index, targets=targets)
