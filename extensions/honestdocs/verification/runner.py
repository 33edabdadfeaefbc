"""The running of a service's pages: here, over one transport, or by the workers of a crew.

Owns the choice, and how much is done at once. Must not know what becomes of results.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from honestdocs.contract.configuration import Service
from honestdocs.contract.outcome import Outcome, Result
from honestdocs.contract.secrecy import Secrets
from honestdocs.verification.batch import Batch, Lane, Ran, cut, hiding, run_batch
from honestdocs.verification.duration import durations
from honestdocs.verification.reach import Reach
from honestdocs.verification.session import Listener, run_lanes, unchecked
from honestdocs.verification.spreading import Crew, Lost
from honestdocs.verification.subject import Subject
from honestdocs.verification.transport import Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """Runs pages of one service. ``latest`` are the last results, which tell how long pages
    take; ``transport`` is what this process uses itself.
    """

    service: Service
    subject: Subject
    latest: Mapping[str, Result]
    reach: Reach
    transport: Transport
    crew: Crew

    def run(self, lanes: Sequence[Lane], listener: Listener, secrets: Secrets) -> None:
        """Runs all pages and returns when every result was told, without secrets.

        No more pages are run side by side than the service's ``concurrency``, wherever they
        are run. Raises ExecutorError where there are no workers.
        """
        hidden = hiding(listener, secrets)
        if self.crew.inline:
            run_lanes(lanes, self.transport, hidden, self.service.concurrency)
            return
        if not lanes:
            return
        batches = self._batches(lanes, secrets)
        unreached = False
        for batch, ran in self.crew.spread(run_batch, batches, self.service.concurrency):
            if isinstance(ran, Lost):
                for job in batch.jobs:
                    hidden.results(job.script.page, unchecked(job.script, ran.reason))
            else:
                _tell(ran, listener)
                unreached = unreached or _holds_error(ran)
        if unreached and self.service.command and self.crew.workers().remote:
            listener.note(
                f"service {self.service.name} was started on this machine: workers on others "
                "cannot reach it; for those, start it where all can, and give its url"
            )

    def _batches(self, lanes: Sequence[Lane], secrets: Secrets) -> list[Batch]:
        workers = self.crew.workers()
        reach = self.reach.portable() if workers.remote else self.reach
        seconds = durations(self.subject.pages, self.latest)
        each = max(1, self.service.concurrency // workers.width)
        return [
            Batch(lanes=group, reach=reach, concurrency=each, secrets=secrets)
            for group in cut(lanes, seconds)
        ]


def _holds_error(ran: Ran) -> bool:
    return any(result.outcome is Outcome.ERROR for _, results in ran.pages for result in results)


def _tell(ran: Ran, listener: Listener) -> None:
    for note in ran.notes:
        listener.note(note)
    for page, results in ran.pages:
        listener.results(page, results)
