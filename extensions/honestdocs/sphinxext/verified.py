"""A verified tree, as the writers see it.

Owns what a page can ask for: its examples, their outcomes and lies, the states of services.
Must not know how outcomes came about or look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from honestdocs.contract.assembly import Contract
from honestdocs.contract.configuration import Service
from honestdocs.contract.coverage import OperationCoverage
from honestdocs.contract.example import Example
from honestdocs.contract.exchange import by_page
from honestdocs.contract.judgement import standing
from honestdocs.contract.outcome import Lie, Result
from honestdocs.contract.page import Page
from honestdocs.contract.service import ServiceState
from honestdocs.contract.shard import Part

if TYPE_CHECKING:
    from honestdocs.verification.prover import Proof


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What a verification found; ``at`` is when, in seconds since the epoch. ``part`` says
    which part of the tree it is about, None for all of it.

    It has no slots, so that what every page asks for is worked out once.
    """

    contract: Contract
    proof: Proof
    services: tuple[Service, ...] = ()
    coverage: tuple[OperationCoverage, ...] = ()
    changeset: str = ""
    at: float = 0.0
    pages: Mapping[str, Page] = field(default_factory=dict)
    part: Part | None = None

    @cached_property
    def lies(self) -> tuple[Lie, ...]:
        """The static lies that the outcomes do not tell already."""
        return standing(self.contract.lies, self.proof.results)

    @cached_property
    def lies_by_example(self) -> Mapping[str, tuple[Lie, ...]]:
        """The static lies of each example, warnings left out."""
        found: dict[str, list[Lie]] = {}
        for lie in self.lies:
            if lie.example and not lie.warning:
                found.setdefault(lie.example, []).append(lie)
        return {name: tuple(lies) for name, lies in found.items()}

    @cached_property
    def examples(self) -> Mapping[str, tuple[Example, ...]]:
        """The examples of each page, in order."""
        return by_page(self.contract.examples)

    def state(self, service: str) -> ServiceState | None:
        """The last known state of a service."""
        return next((s for s in self.proof.services if s.name == service), None)

    def page_results(self, page: str) -> tuple[Result, ...]:
        """The results of a page's examples, in order."""
        found = (self.proof.results.get(example.id) for example in self.examples.get(page, ()))
        return tuple(result for result in found if result is not None)
