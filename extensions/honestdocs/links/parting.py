"""A part of a tree's links for one of several machines.

Owns the parting: links out of the tree by host, so that no host is asked by two machines and each
can be asked politely; those within it, which cost nothing, are all the first part's. Must not know
who checks a part.
"""

from __future__ import annotations

from dataclasses import replace

from honestdocs.contract.shard import Shard, share
from honestdocs.links.address import SCHEMES, host_of, scheme_of
from honestdocs.links.index import LinkIndex


def part_of(index: LinkIndex, shard: Shard) -> LinkIndex:
    """The links of one part: every link is in one, hosts have about as many addresses in each."""
    hosts = {target: _host(target) for target in index.targets}
    counts: dict[str, float] = {}
    for host in hosts.values():
        counts[host] = counts.get(host, 0.0) + 1.0
    ours = frozenset(share(counts, shard.count)[shard.index - 1])
    first = shard.index == 1
    return replace(
        index,
        targets={target: rows for target, rows in index.targets.items() if hosts[target] in ours},
        entries=index.entries if first else (),
        working=index.working if first else 0,
    )


def _host(target: str) -> str:
    """Whom a target leads to; one that nobody is asked for leads to nobody."""
    return host_of(target) if scheme_of(target) in SCHEMES else ""
