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
from honestdocs.contract.blame import Blame, blame
from honestdocs.contract.configuration import Service, expand, service_of
from honestdocs.contract.example import Example, Request
from honestdocs.contract.exchange import by_page
from honestdocs.contract.lane import lanes
from honestdocs.contract.outcome import Outcome, Result
from honestdocs.contract.preparation import Target, secrets_of
from honestdocs.contract.secrecy import Secrets
from honestdocs.contract.service import ServiceState
from honestdocs.verification.batch import redacted
from honestdocs.verification.executor import Choice
from honestdocs.verification.heartbeat import Endpoint, ask
from honestdocs.verification.keeping import keep
from honestdocs.verification.plan import Options, PagePlan, last_known, plan_page
from honestdocs.verification.preparing import PageSetup, read_setups
from honestdocs.verification.reach import Reach
from honestdocs.verification.runner import Runner
from honestdocs.verification.session import Job, Listener
from honestdocs.verification.spreading import Crew
from honestdocs.verification.store import Run, Store
from honestdocs.verification.subject import Subject, failing_by_example, refused
from honestdocs.verification.transport import Transport

_NO_SERVICE = "no service is declared for this page"
_OFFLINE = "never checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The outside world as arguments: clock, environment, files, servers and transports.

    ``serve`` starts a service's command and gives its origin; ``reach`` tells how it
    is reached; ``read`` gives the text of a setup file. ``use`` is told of a service whose
    server is about to be changed by examples.
    """

    now: Callable[[], float]
    environ: Mapping[str, str]
    read: Callable[[str], str]
    reach: Callable[[Service], Reach]
    serve: Callable[[Service, Transport], AbstractContextManager[str]]
    use: Callable[[Service], None] = lambda _service: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Who is told while a verification runs."""

    begin: Callable[[int], None] = lambda _total: None
    page: Callable[[str, Sequence[Result]], None] = lambda _page, _results: None


@dataclass(slots=True, kw_only=True)
class Proof:
    """What a verification found: results by example, since when the failed ones fail, states by
    service, notes for people.
    """

    results: dict[str, Result] = field(default_factory=dict)
    blames: dict[str, Blame] = field(default_factory=dict)
    services: list[ServiceState] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ran: int = 0
    reused: int = 0
    started: float = 0.0
    finished: float = 0.0


class Prover:
    """Proves contracts against declared services and keeps the outcomes in a store.

    ``others`` are the examples of the same tree that are left to other machines, None where
    there are none.
    """

    def __init__(  # noqa: PLR0913 - all that a verification depends on
        self,
        services: Sequence[Service],
        store: Store,
        surroundings: Surroundings,
        *,
        options: Options | None = None,
        watcher: Watcher | None = None,
        changeset: str = "",
        executor: Choice | None = None,
        others: Sequence[Example] | None = None,
    ) -> None:
        self.services = tuple(services)
        self.store = store
        self.around = surroundings
        self.options = options or Options()
        self.watcher = watcher or Watcher()
        self.changeset = changeset
        self.crew = Crew(executor or Choice())
        self.others = others

    def prove(self, contract: Contract) -> Proof:
        """Runs what has to run and returns the outcome of every example.

        Raises ConfigurationError, SetupError, ServerError and ExecutorError for what a person
        must mend.
        """
        proof = Proof(started=self.around.now())
        latest = self.store.latest()
        lies = failing_by_example(contract.lies)
        pages = by_page(contract.examples)
        self.watcher.begin(len(contract.examples))
        with self.crew:
            for service, names in _assign(pages, self.services):
                subject = Subject(service, {name: pages[name] for name in names}, lies)
                if service is None or not service.served or not self.options.asks(service.name):
                    self._keep_last(subject, latest, proof)
                else:
                    self._prove_service(service, subject, latest, proof)
        proof.finished = self.around.now()
        self._save(contract, latest, proof)
        proof.blames.update(self._blames(proof))
        return proof

    def _blames(self, proof: Proof) -> Iterator[tuple[str, Blame]]:
        """Since when each failed example fails, as far as the history goes."""
        for name, result in proof.results.items():
            if result.outcome is Outcome.FAILED:
                found = blame(self.store.sightings(name))
                if found is not None:
                    yield name, found

    def _keep_last(self, subject: Subject, latest: Mapping[str, Result], proof: Proof) -> None:
        nobody = subject.service is None and not self.options.offline
        reason = _NO_SERVICE if nobody else _OFFLINE
        for page, examples in subject.pages.items():
            results = last_known(examples, latest, reason)
            self._take(page, [subject.with_lies(result) for result in results], proof)
        if subject.service is not None:
            known = self.store.services().get(subject.service.name)
            proof.services.append(known or ServiceState(name=subject.service.name))

    def _prove_service(
        self, service: Service, subject: Subject, latest: Mapping[str, Result], proof: Proof
    ) -> None:
        credentials = _credentials(service, self.around.environ)
        setups = read_setups(service, subject.pages, self.around.read, self.around.environ)
        reach = self.around.reach(service)
        with (
            reach.connect() as transport,
            self._endpoint(service, transport) as endpoint,
        ):
            state = ask(service, endpoint, transport, self.around.now)
            proof.services.append(state)
            target = replace(credentials, origin=endpoint.origin, base=endpoint.base)
            plans = [
                plan_page(
                    page,
                    examples,
                    service=service,
                    setup=setups[page].text,
                    version=state.version,
                    latest=latest,
                    options=self.options,
                    now=self.around.now(),
                    foreign=subject.foreign,
                )
                for page, examples in subject.pages.items()
            ]
            runner = Runner(
                service=service,
                subject=subject,
                latest=latest,
                reach=reach,
                transport=transport,
                crew=self.crew,
            )
            self._run(runner, plans, setups, target, state, proof)

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

    def _run(  # noqa: PLR0913, PLR0917 - the facts of one service
        self,
        runner: Runner,
        plans: Sequence[PagePlan],
        setups: Mapping[str, PageSetup],
        target: Target,
        state: ServiceState,
        proof: Proof,
    ) -> None:
        subject = runner.subject
        by_name = {plan.page: plan for plan in plans}
        secrets = Secrets((*secrets_of(target), *(s for p in setups.values() for s in p.secrets)))
        found: dict[str, list[Result]] = {}

        def take(page: str, results: Sequence[Result]) -> None:
            plan = by_name[page]
            clean = [
                _stamped(r, plan, state, at=self.around.now(), changeset=self.changeset)
                for r in results
            ]
            found[page] = clean
            self.watcher.page(page, clean)

        for plan in plans:
            proof.reused += len(plan.kept)
        due = [plan for plan in plans if plan.run]
        if due:
            self.around.use(runner.service)
        if not state.healthy:
            for plan in due:
                left = refused(plan, subject, state)
                take(plan.page, [redacted(result, secrets) for result in left])
        else:
            jobs = {plan.page: subject.job(plan, target, setups[plan.page]) for plan in due}
            grouped = lanes([(name, _requests(job)) for name, job in jobs.items()])
            order = [tuple(jobs[name] for name in lane) for lane in grouped]
            listener = Listener(results=take, note=lambda said: _note(proof, said))
            runner.run(order, listener, secrets)
            self._excuse(runner, target, found, proof)
        for plan in plans:
            self._finish(plan, subject, found.get(plan.page, []), proof)

    def _excuse(
        self,
        runner: Runner,
        target: Target,
        found: dict[str, list[Result]],
        proof: Proof,
    ) -> None:
        """When answers were server errors and the service is ill now, nobody lied."""
        if not any(_server_error(r) for results in found.values() for r in results):
            return
        endpoint = Endpoint(origin=target.origin, base=target.base)
        state = ask(runner.service, endpoint, runner.transport, self.around.now)
        if state.healthy:
            return
        proof.services[-1] = state
        for page, results in found.items():
            found[page] = [_excused(r, state.message) if _server_error(r) else r for r in results]

    def _finish(
        self, plan: PagePlan, subject: Subject, results: Sequence[Result], proof: Proof
    ) -> None:
        for result in results:
            proof.results[result.example] = result
            proof.ran += result.outcome is not Outcome.SKIPPED
        for kept in plan.kept:
            proof.results[kept.example] = kept
        for skipped in plan.skipped:
            proof.results[skipped.example] = subject.with_lies(skipped)

    def _take(self, page: str, results: Sequence[Result], proof: Proof) -> None:
        for result in results:
            proof.results[result.example] = result
        self.watcher.page(page, results)

    def _save(self, contract: Contract, latest: Mapping[str, Result], proof: Proof) -> None:
        """Keeps the run if anything was asked. What was run again with nothing changed may turn
        out to be flaky.
        """
        if not any(state.checked_at >= proof.started for state in proof.services):
            return
        run = Run(
            started=proof.started,
            finished=proof.finished,
            docs_changeset=self.changeset,
            services=tuple(proof.services),
        )
        fresh = [r for r in proof.results.values() if r.checked_at >= proof.started]
        alternating = keep(
            self.store, run, fresh, contract.examples, latest=latest, others=self.others
        )
        for name, flaky in alternating.items():
            proof.results[name] = replace(proof.results[name], flaky=flaky)


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


def _requests(job: Job) -> list[Request]:
    """All requests that a page sends, its setup's included."""
    steps = [*job.setup, *(step for part in job.script.sections.values() for step in part)]
    sent = [x.request for x in job.script.exchanges if x.request is not None]
    return [*sent, *(step.request for step in steps)]


def _stamped(
    result: Result, plan: PagePlan, state: ServiceState, *, at: float, changeset: str
) -> Result:
    return result.stamped(
        cause=plan.causes[result.example],
        service=state.name,
        server_version=state.version,
        changeset=changeset,
        checked_at=at,
    )


def _server_error(result: Result) -> bool:
    return result.outcome is Outcome.FAILED and (result.status or 0) >= 500  # noqa: PLR2004 - RFC 9110


def _excused(result: Result, message: str) -> Result:
    return replace(result, outcome=Outcome.ERROR, mismatches=(), reason=message)


def _note(proof: Proof, said: str) -> None:
    if said not in proof.notes:
        proof.notes.append(said)
