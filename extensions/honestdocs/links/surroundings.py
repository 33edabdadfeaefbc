"""What a check of links is given from outside: time, a carrier of requests, an ear for progress.

Owns their forms. Must not know what is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, Self

from honestdocs.contract.wire import Answer, WireRequest
from honestdocs.links.cache import Cache
from honestdocs.links.node import Node


class Carrier(Protocol):
    """What carries requests: a transport that asks what is due."""

    def send(self, request: WireRequest, then: Callable[[Answer], None]) -> None:
        """Queue a request."""

    def run(self, due: Callable[[], float | None]) -> None:
        """Work until nothing is in flight and nothing will be due."""


class Late:
    """A carrier that connects when there is something to carry: often there is not."""

    def __init__(self, connect: Callable[[], AbstractContextManager[Carrier]]) -> None:
        self._connect = connect
        self._stack = ExitStack()
        self._carrier: Carrier | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def send(self, request: WireRequest, then: Callable[[Answer], None]) -> None:
        """Queue a request."""
        self._there().send(request, then)

    def run(self, due: Callable[[], float | None]) -> None:
        """Work until nothing is in flight and nothing will be due."""
        self._there().run(due)

    def _there(self) -> Carrier:
        if self._carrier is None:
            self._carrier = self._stack.enter_context(self._connect())
        return self._carrier


class Clock(NamedTuple):
    """``monotonic`` counts seconds; ``now`` is in seconds since the epoch."""

    monotonic: Callable[[], float]
    now: Callable[[], float]


@dataclass(slots=True, kw_only=True, eq=False)  # nobody compares it
class Progress:
    """What a check has done so far; ``told`` is called after every address."""

    total: int = 0
    done: int = 0
    requests: int = 0
    told: Callable[[int, int], None] = field(default=lambda _done, _total: None)


class Asker(Protocol):
    """Who finds out of addresses whether they lead anywhere."""

    @property
    def progress(self) -> Progress:
        """How far it is."""

    def check(
        self, wanted: Mapping[str, Iterable[str]], cache: Cache, *, again: bool
    ) -> dict[str, Node]:
        """The nodes of all addresses, asked; ``wanted`` gives the fragments to look for."""
