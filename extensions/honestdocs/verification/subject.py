"""What is proven of one service: its pages, with what else is known of their examples.

Owns the hosts that its pages name, the commands that go elsewhere, and the static lies of
examples that nobody ran. Must not know how examples are run or outcomes are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from honestdocs.contract.configuration import Service
from honestdocs.contract.example import Example
from honestdocs.contract.judgement import failing
from honestdocs.contract.outcome import Lie, Mismatch, Outcome, Result
from honestdocs.contract.path import origin_of
from honestdocs.contract.preparation import Target
from honestdocs.contract.service import ServiceState
from honestdocs.contract.session import Script
from honestdocs.verification.plan import PagePlan
from honestdocs.verification.preparing import PageSetup
from honestdocs.verification.session import Job

_LOCAL = frozenset(("localhost", "127.0.0.1", "::1", "0.0.0.0"))  # noqa: S104 - a name in text


class Subject:
    """The pages of one service with what else is known of their examples."""

    def __init__(
        self,
        service: Service | None,
        pages: Mapping[str, tuple[Example, ...]],
        lies: Mapping[str, tuple[Lie, ...]],
    ) -> None:
        self.service = service
        self.pages = pages
        self.lies = lies
        self.hosts = frozenset(_hosts(pages))
        self.foreign = frozenset(_foreign(pages, self.hosts))

    def job(self, plan: PagePlan, target: Target, setup: PageSetup) -> Job:
        """The page of a plan, ready to run."""
        names = [example.id for exchange in plan.run for example in exchange.examples]
        origins = (target.origin, *(f"http://{host}" for host in sorted(self.hosts)))
        script = Script(
            page=plan.page,
            exchanges=plan.run,
            lies={name: self.lies[name] for name in names if name in self.lies},
            target=target,
            origins=origins,
            foreign=self.foreign.intersection(names),
            sections=setup.sections,
        )
        return Job(script=script, setup=setup.steps)

    def with_lies(self, result: Result) -> Result:
        """A result that was not run: its static lies fail it all the same."""
        lies = self.lies.get(result.example, ())
        if not lies or result.outcome is not Outcome.SKIPPED:
            return result
        mismatches: tuple[Mismatch, ...] = tuple(lie.mismatch for lie in lies)
        return replace(result, outcome=Outcome.FAILED, mismatches=mismatches)


def refused(plan: PagePlan, subject: Subject, state: ServiceState) -> list[Result]:
    """The results of a page whose service is not fit to be asked: nobody lied but the page."""
    results: list[Result] = []
    for exchange in plan.run:
        for example in exchange.examples:
            outcome = Outcome.SKIPPED if exchange.skip else Outcome.ERROR
            reason = exchange.skip or state.message
            result = Result(example=example.id, outcome=outcome, reason=reason)
            lies = tuple(lie.mismatch for lie in subject.lies.get(example.id, ()))
            failed = lies and not exchange.skip
            results.append(
                replace(result, outcome=Outcome.FAILED, mismatches=lies) if failed else result
            )
    return results


def failing_by_example(lies: Sequence[Lie]) -> dict[str, tuple[Lie, ...]]:
    """The static lies that fail an example, by its id."""
    found: dict[str, list[Lie]] = {}
    for lie in failing(lies):
        if lie.example:
            found.setdefault(lie.example, []).append(lie)
    return {name: tuple(group) for name, group in found.items()}


def _hosts(pages: Mapping[str, tuple[Example, ...]]) -> Iterator[str]:
    """The hosts that documented messages name as the service's."""
    for examples in pages.values():
        for example in examples:
            if example.request is not None and not example.from_command:
                host = example.request.header("Host")
                if host:
                    yield host
                origin = origin_of(example.request.target)
                if origin:
                    yield origin.partition("://")[2]


def _foreign(pages: Mapping[str, tuple[Example, ...]], hosts: frozenset[str]) -> Iterator[str]:
    """Examples whose command goes elsewhere: no documented operation, no host of the service."""
    for examples in pages.values():
        for example in examples:
            if not example.from_command or example.operation or example.request is None:
                continue
            host = origin_of(example.request.target).partition("://")[2]
            name = host.rpartition("@")[2].partition(":")[0]
            if host and host not in hosts and name not in _LOCAL and not name.endswith("example"):
                yield example.id
