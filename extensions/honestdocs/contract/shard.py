"""Shards: a tree parted by pages, so that several machines check a part each; links out of it are
parted by host.

Owns the parting, and what a part knows of the whole. The same tree with the same durations is
parted the same everywhere. Must not know who checks a part, nor where durations come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from honestdocs.contract.assembly import Contract
from honestdocs.contract.cause import RULES, digest, example_texts
from honestdocs.contract.errors import ContractError
from honestdocs.contract.finding import Ruling, is_asked_for, outcome_of
from honestdocs.contract.home import home_of, homes_of

_SHARD = re.compile(r"([1-9]\d{0,3})/([1-9]\d{0,3})")


class ShardError(ContractError):
    """A shard that there cannot be; the message says what was asked for and how it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One of ``count`` parts; ``index`` counts from 1."""

    index: int
    count: int

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a report covers when it is a shard's: ``pages``, of the ``whole`` tree's in order.

    ``tree`` is a digest of all that the whole tree claims. ``baseline`` is the file of accepted
    findings under which it was checked, empty for none. ``hosts`` are those that it asks for the
    links to them, wherever these stand; ``web`` is a digest of all addresses out of the whole
    tree, empty where no shard asks for any.
    """

    index: int
    count: int
    pages: tuple[str, ...]
    whole: tuple[str, ...]
    tree: str
    baseline: str = ""
    hosts: tuple[str, ...] = ()
    web: str = ""

    @property
    def statement(self) -> str:
        """One sentence for a person."""
        said = (
            f"this is shard {self.index} of {self.count}: "
            f"{len(self.pages)} of {len(self.whole)} pages"
        )
        asked = f"{len(self.hosts)} {'host' if len(self.hosts) == 1 else 'hosts'}"
        return f"{said}, and links to {asked}" if self.web else said

    def covers(self, page: str) -> bool:
        """Whether a page is this shard's; one that claims nothing, and is only read by other
        checks, is one shard's too.
        """
        if page in self.whole:
            return page in self.pages
        return int(digest(page), 16) % self.count == self.index - 1


def parse_shard(text: str) -> Shard:
    """The shard that a text such as ``3/8`` names; raises ShardError for any other."""
    found = _SHARD.fullmatch(text)
    if found is None:
        raise ShardError(f"{text!r} names no shard: write the third of eight as 3/8")
    index, count = int(found[1]), int(found[2])
    if index > count:
        raise ShardError(f"{text!r} names no shard: of {count} the last is {count}/{count}")
    return Shard(index=index, count=count)


def share(seconds: Mapping[str, float], count: int) -> tuple[tuple[str, ...], ...]:
    """Pages in ``count`` shares that take about as long each, every page in one of them.

    The longest page is given first, each to the share that has the least so far.
    """
    loads = [(0.0, 0, at) for at in range(count)]
    shares: list[list[str]] = [[] for _ in range(count)]
    for page in sorted(seconds, key=lambda name: (-seconds[name], name)):
        load, number, at = min(loads)
        shares[at].append(page)
        loads[at] = (load + seconds[page], number + 1, at)
    return tuple(tuple(sorted(pages)) for pages in shares)


def part_of(contract: Contract, shard: Shard, seconds: Mapping[str, float]) -> Part:
    """What a shard has of a tree whose pages take so many seconds each."""
    whole = pages_of(contract)
    shares = share({page: seconds.get(page, 0.0) for page in whole}, shard.count)
    return Part(
        index=shard.index,
        count=shard.count,
        pages=shares[shard.index - 1],
        whole=whole,
        tree=tree_digest(contract),
    )


def narrow(contract: Contract, pages: Iterable[str]) -> Contract:
    """What a contract says on some of its pages."""
    wanted = frozenset(pages)
    homes = homes_of(contract.operations, contract.examples)
    return replace(
        contract,
        operations=tuple(each for each in contract.operations if each.page in wanted),
        examples=tuple(each for each in contract.examples if each.page in wanted),
        lies=tuple(lie for lie in contract.lies if home_of(lie, homes) in wanted),
    )


def narrow_rulings(rulings: Iterable[Ruling], part: Part) -> Iterator[Ruling]:
    """What a shard tells of rulings on the whole tree: those on its pages, and on others what came
    of asking its hosts.
    """
    for ruling in rulings:
        if part.covers(ruling.page):
            yield ruling
            continue
        told = tuple(each for each in ruling.findings if is_asked_for(each.check, each.rule))
        if told:
            yield replace(ruling, findings=told, outcome=outcome_of(told))


def pages_of(contract: Contract) -> tuple[str, ...]:
    """The pages that claim anything, by name."""
    homes = homes_of(contract.operations, contract.examples)
    found = {operation.page for operation in contract.operations}
    found |= {example.page for example in contract.examples}
    found |= {home_of(lie, homes) for lie in contract.lies}
    return tuple(sorted(found))


def tree_digest(contract: Contract) -> str:
    """A digest of all that a tree claims, and where."""
    texts = [RULES]
    for operation in contract.operations:
        texts += [operation.page, operation.key, str(operation.place)]
    for example in contract.examples:
        texts += [example.id, str(example.place), *example_texts(example)]
    texts += [f"{lie.mismatch.place} {lie.message}" for lie in contract.lies]
    return digest(*texts)
