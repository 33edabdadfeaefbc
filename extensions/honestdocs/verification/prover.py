"""Proving a contract: every service is asked for its heartbeat, then its pages are run.

Owns the order of a verification: plan, serve, ask, run, keep. Must not know Sphinx or how
outcomes are shown. The clock, the environment and the way to a transport are arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from honestdocs.contract.assembly import Contract
from honestdocs.contract.cause import anchored
from honestdocs.contract.configuration import Service, expand, service_of
from honestdocs.contract.example import Example
from honestdocs.contract.judgement import failing
from honestdocs.contract.lane import lanes
from honestdocs.contract.outcome import Lie, Mismatch, Outcome, Result
from honestdocs.contract.path import origin_of
from honestdocs.contract.preparation import Target, secrets_of, without_secrets
from honestdocs.contract.service import ServiceState
from honestdocs.contract.session import Script, by_page, exchanges
from honestdocs.contract.setupfile import SetupRequest, parse_setup
from honestdocs.verification.heartbeat import Endpoint, ask
from honestdocs.verification.plan import Options, PagePlan, last_known, plan_page
from honestdocs.verification.session import Job, Listener, run_lanes
from honestdocs.verification.store import Run, Store
from honestdocs.verification.transport import Transport

_LOCAL = frozenset(("localhost", "127.0.0.1", "::1", "0.0.0.0"))  # noqa: S104 - a name in text
_NO_SERVICE = "no service is declared for this page"
_OFFLINE = "never checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The outside world as arguments: clock, environment, files, servers and transports.

    ``serve`` starts a service's command and gives its origin; ``connect`` gives a transport
    with the service's limits; ``read`` gives the text of a setup file.
    """

    now: Callable[[], float]
    environ: Mapping[str, str]
    read: Callable[[str], str]
    connect: Callable[[Service], AbstractContextManager[Transport]]
    serve: Callable[[Service, Transport], AbstractContextManager[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Who is told while a verification runs."""

    begin: Callable[[int], None] = lambda _total: None
    page: Callable[[str, Sequence[Result]], None] = lambda _page, _results: None


@dataclass(slots=True, kw_only=True)
class Proof:
    """What a verification found: results by example, states by service, notes for people."""

    results: dict[str, Result] = field(default_factory=dict)
    services: list[ServiceState] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ran: int = 0
    reused: int = 0
    started: float = 0.0
    finished: float = 0.0


class Prover:
    """Proves contracts against declared services and keeps the outcomes in a store."""

    def __init__(
        self,
        services: Sequence[Service],
        store: Store,
        surroundings: Surroundings,
        *,
        options: Options | None = None,
        watcher: Watcher | None = None,
        changeset: str = "",
    ) -> None:
        self.services = tuple(services)
        self.store = store
        self.around = surroundings
        self.options = options or Options()
        self.watcher = watcher or Watcher()
        self.changeset = changeset

    def prove(self, contract: Contract) -> Proof:
        """Runs what has to run and returns the outcome of every example.

        Raises ConfigurationError, SetupError and ServerError for what a person must mend.
        """
        proof = Proof(started=self.around.now())
        latest = self.store.latest()
        lies = _failing_by_example(contract.lies)
        pages = by_page(contract.examples)
        self.watcher.begin(len(contract.examples))
        for service, names in _assign(pages, self.services):
            subject = _Subject(service, {name: pages[name] for name in names}, lies, contract)
            if service is None or not service.served or self.options.offline:
                self._keep_last(subject, latest, proof)
            else:
                self._prove_service(service, subject, latest, proof)
        proof.finished = self.around.now()
        self._save(contract, proof)
        return proof

    def _keep_last(
        self, subject: _Subject, latest: Mapping[str, Result], proof: Proof
    ) -> None:
        reason = _NO_SERVICE if subject.service is None else _OFFLINE
        for page, examples in subject.pages.items():
            results = last_known(examples, latest, reason)
            self._take(page, [subject.with_lies(result) for result in results], proof)
        if subject.service is not None:
            known = self.store.services().get(subject.service.name)
            proof.services.append(known or ServiceState(name=subject.service.name))

    def _prove_service(
        self, service: Service, subject: _Subject, latest: Mapping[str, Result], proof: Proof
    ) -> None:
        credentials = _credentials(service, self.around.environ)
        setups = self._setups(service, subject)
        with self.around.connect(service) as transport, self._endpoint(
            service, transport
        ) as endpoint:
            state = ask(service, endpoint, transport, self.around.now)
            proof.services.append(state)
            target = replace(credentials, origin=endpoint.origin, base=endpoint.base)
            plans = [
                plan_page(
                    page,
                    examples,
                    service=service,
                    version=state.version,
                    latest=latest,
                    options=self.options,
                    now=self.around.now(),
                )
                for page, examples in subject.pages.items()
            ]
            self._run(service, subject, plans, setups, target, state, transport, proof)

    @contextmanager
    def _endpoint(self, service: Service, transport: Transport) -> Iterator[Endpoint]:
        if service.url:
            parts = urlsplit(service.url)
            netloc = parts.netloc.rpartition("@")[2]
            base = parts.path.rstrip("/") or service.path.rstrip("/")
            yield Endpoint(origin=f"{parts.scheme}://{netloc}", base=base)
            return
        with self.around.serve(service, transport) as origin:
            yield Endpoint(origin=origin, base=service.path.rstrip("/"))

    def _setups(self, service: Service, subject: _Subject) -> dict[str, tuple[SetupRequest, ...]]:
        """The setup requests of each page, each file read once."""
        files: dict[str, tuple[SetupRequest, ...]] = {}
        found: dict[str, tuple[SetupRequest, ...]] = {}
        for page in subject.pages:
            names = [service.setup] if service.setup else []
            names += [f for pattern, f in service.page_setup.items() if _matches(page, pattern)]
            for name in names:
                if name not in files:
                    files[name] = parse_setup(self.around.read(name), name, self.around.environ)
            found[page] = tuple(step for name in names for step in files[name])
        return found

    def _run(  # noqa: PLR0913, PLR0917 - the facts of one service
        self,
        service: Service,
        subject: _Subject,
        plans: Sequence[PagePlan],
        setups: Mapping[str, tuple[SetupRequest, ...]],
        target: Target,
        state: ServiceState,
        transport: Transport,
        proof: Proof,
    ) -> None:
        by_name = {plan.page: plan for plan in plans}
        secrets = secrets_of(target)
        found: dict[str, list[Result]] = {}

        def take(page: str, results: Sequence[Result]) -> None:
            plan = by_name[page]
            clean = [_stamped(r, plan, service, state, secrets, self.around.now) for r in results]
            found[page] = clean
            self.watcher.page(page, clean)

        for plan in plans:
            proof.reused += len(plan.kept)
        due = [plan for plan in plans if plan.run]
        if not state.healthy:
            for plan in due:
                take(plan.page, _refused(plan, subject, state))
        else:
            jobs = {plan.page: subject.job(plan, target, setups[plan.page]) for plan in due}
            listener = Listener(
                results=take, note=lambda said: _note(proof, without_secrets(said, secrets))
            )
            grouped = lanes([(name, _requests(job)) for name, job in jobs.items()])
            order = [[jobs[name] for name in lane] for lane in grouped]
            run_lanes(order, transport, listener, service.concurrency)
            self._excuse(service, target, transport, found, proof)
        for plan in plans:
            self._finish(plan, subject, found.get(plan.page, []), proof)

    def _excuse(
        self,
        service: Service,
        target: Target,
        transport: Transport,
        found: dict[str, list[Result]],
        proof: Proof,
    ) -> None:
        """When answers were server errors and the service is ill now, nobody lied."""
        if not any(_server_error(r) for results in found.values() for r in results):
            return
        endpoint = Endpoint(origin=target.origin, base=target.base)
        state = ask(service, endpoint, transport, self.around.now)
        if state.healthy:
            return
        proof.services[-1] = state
        for page, results in found.items():
            found[page] = [_excused(r, state.message) if _server_error(r) else r for r in results]

    def _finish(
        self, plan: PagePlan, subject: _Subject, results: Sequence[Result], proof: Proof
    ) -> None:
        for result in results:
            proof.results[result.example] = result
            proof.ran += result.outcome is not Outcome.SKIPPED
        for kept in plan.kept:
            proof.results[kept.example] = kept
        for example in plan.examples:
            if example.id not in proof.results:
                reason = next(
                    (x.skip for x in exchanges(plan.examples) if example in x.examples), ""
                )
                skipped = Result(
                    example=example.id, outcome=Outcome.SKIPPED, reason=reason or _OFFLINE
                )
                proof.results[example.id] = subject.with_lies(skipped)

    def _take(self, page: str, results: Sequence[Result], proof: Proof) -> None:
        for result in results:
            proof.results[result.example] = result
        self.watcher.page(page, results)

    def _save(self, contract: Contract, proof: Proof) -> None:
        """Keeps the run if anything was asked; places become relative to their examples."""
        if not any(state.checked_at >= proof.started for state in proof.services):
            return
        places = {example.id: example.place for example in contract.examples}
        fresh = [
            anchored(result, places[name])
            for name, result in proof.results.items()
            if result.checked_at >= proof.started
        ]
        run = Run(
            started=proof.started,
            finished=proof.finished,
            docs_changeset=self.changeset,
            services=tuple(proof.services),
        )
        self.store.save(run, fresh)
        self.store.prune(known=places)


class _Subject:
    """The pages of one service with what else is known of their examples."""

    def __init__(
        self,
        service: Service | None,
        pages: Mapping[str, tuple[Example, ...]],
        lies: Mapping[str, tuple[Lie, ...]],
        contract: Contract,
    ) -> None:
        self.service = service
        self.pages = pages
        self.lies = lies
        self.contract = contract
        self.hosts = frozenset(_hosts(pages))
        self.foreign = frozenset(_foreign(pages, self.hosts))

    def job(self, plan: PagePlan, target: Target, setup: tuple[SetupRequest, ...]) -> Job:
        """The page of a plan, ready to run."""
        origins = (target.origin, *(f"http://{host}" for host in sorted(self.hosts)))
        script = Script(
            page=plan.page,
            exchanges=plan.run,
            lies=self.lies,
            target=target,
            origins=origins,
            foreign=self.foreign,
        )
        return Job(script=script, setup=setup)

    def with_lies(self, result: Result) -> Result:
        """A result that was not run: its static lies fail it all the same."""
        lies = self.lies.get(result.example, ())
        if not lies or result.outcome is not Outcome.SKIPPED:
            return result
        mismatches: tuple[Mismatch, ...] = tuple(lie.mismatch for lie in lies)
        return replace(result, outcome=Outcome.FAILED, mismatches=mismatches)


def _failing_by_example(lies: Sequence[Lie]) -> dict[str, tuple[Lie, ...]]:
    found: dict[str, list[Lie]] = {}
    for lie in failing(lies):
        if lie.example:
            found.setdefault(lie.example, []).append(lie)
    return {name: tuple(group) for name, group in found.items()}


def _assign(
    pages: Mapping[str, object], services: Sequence[Service]
) -> list[tuple[Service | None, list[str]]]:
    """Services with the names of their pages, in the order of declaration."""
    groups: dict[str, list[str]] = {service.name: [] for service in services}
    orphans: list[str] = []
    for page in pages:
        service = service_of(page, services)
        (groups[service.name] if service is not None else orphans).append(page)
    assigned: list[tuple[Service | None, list[str]]] = [(s, groups[s.name]) for s in services]
    return [*assigned, (None, orphans)] if orphans else assigned


def _credentials(service: Service, environ: Mapping[str, str]) -> Target:
    where = f"service {service.name!r}"
    return Target(
        origin="",
        credentials=expand(service.credentials, environ, f"{where}: credentials"),
        passwords=expand(service.passwords, environ, f"{where}: passwords"),
    )


def _matches(page: str, pattern: str) -> bool:
    return Service(name="", pages=(pattern,)).owns(page)


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


def _foreign(
    pages: Mapping[str, tuple[Example, ...]], hosts: frozenset[str]
) -> Iterator[str]:
    """Examples whose command goes elsewhere: no documented operation, no host of the service."""
    for examples in pages.values():
        for example in examples:
            if not example.from_command or example.operation or example.request is None:
                continue
            host = origin_of(example.request.target).partition("://")[2]
            name = host.rpartition("@")[2].partition(":")[0]
            if host and host not in hosts and name not in _LOCAL and not name.endswith("example"):
                yield example.id


def _requests(job: Job) -> list:  # type: ignore[type-arg] # requests of the page and its setup
    sent = [x.first.request for x in job.script.exchanges if x.first.request is not None]
    return [*sent, *(step.request for step in job.setup)]


def _refused(plan: PagePlan, subject: _Subject, state: ServiceState) -> list[Result]:
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


def _stamped(  # noqa: PLR0913, PLR0917 - the facts of one result
    result: Result,
    plan: PagePlan,
    service: Service,
    state: ServiceState,
    secrets: tuple[str, ...],
    now: Callable[[], float],
) -> Result:
    clean = _redacted(result, secrets) if secrets else result
    return replace(
        clean,
        cause=plan.causes[result.example],
        service=service.name,
        server_version=state.version,
        checked_at=now(),
    )


def _redacted(result: Result, secrets: tuple[str, ...]) -> Result:
    return replace(
        result,
        reason=without_secrets(result.reason, secrets),
        mismatches=tuple(
            replace(
                m,
                documented=without_secrets(m.documented, secrets),
                observed=without_secrets(m.observed, secrets),
                fix=without_secrets(m.fix, secrets),
            )
            for m in result.mismatches
        ),
    )


def _server_error(result: Result) -> bool:
    return result.outcome is Outcome.FAILED and (result.status or 0) >= 500  # noqa: PLR2004 - RFC 9110


def _excused(result: Result, message: str) -> Result:
    return replace(result, outcome=Outcome.ERROR, mismatches=(), reason=message)


def _note(proof: Proof, said: str) -> None:
    if said not in proof.notes:
        proof.notes.append(said)
