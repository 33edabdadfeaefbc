"""Exchanges: a request of a page with all the examples that it can prove.

Owns the grouping of examples. Must not know how an exchange is run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from honestdocs.contract.example import Example, MarkVerb, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request of a page with all the examples that it can prove."""

    examples: tuple[Example, ...]

    @property
    def first(self) -> Example:
        """The example whose request is sent."""
        return self.examples[0]

    @property
    def request(self) -> Request | None:
        """The request that is sent, None where none is documented."""
        return self.examples[0].request

    @property
    def skip(self) -> str:
        """The author's reason not to run it, or why nothing can be sent; else empty."""
        for mark in self.first.marks:
            if mark.verb is MarkVerb.SKIP:
                return mark.argument
        if self.request is None:
            return "no documented request goes with this response"
        return ""


def exchanges(examples: Iterable[Example]) -> tuple[Exchange, ...]:
    """The exchanges of one page, in order."""
    groups: list[list[Example]] = []
    for example in examples:
        if example.alternative and groups:
            groups[-1].append(example)
        else:
            groups.append([example])
    return tuple(Exchange(examples=tuple(group)) for group in groups)


def by_page(examples: Iterable[Example]) -> dict[str, tuple[Example, ...]]:
    """Examples by their page, in order."""
    return {page: tuple(group) for page, group in groupby(examples, key=lambda e: e.page)}
