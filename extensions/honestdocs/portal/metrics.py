"""The state of the portal and its services for Prometheus.

Owns the names of the metrics. They are made anew for each scrape from what the parts know, so
that nothing is counted twice. Must not know how they are scraped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from honestdocs.contract.outcome import Outcome, tally
from honestdocs.contract.service import Health
from honestdocs.portal.uptime import DOWN

if TYPE_CHECKING:
    from honestdocs.portal.center import Center


def render_metrics(center: Center) -> bytes:
    """The text of the exposition format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Present(center))
    return bytes(generate_latest(registry))


class _Present(Collector):
    def __init__(self, center: Center) -> None:
        self._center = center

    def collect(self) -> Iterator[Metric]:
        """All metrics."""
        yield from self._services()
        yield self._examples()
        yield from self._watching()

    def _services(self) -> Iterator[Metric]:
        up = GaugeMetricFamily(
            "honestdocs_service_up",
            "1 while the heartbeat finds the service serving",
            labels=["service"],
        )
        latency = GaugeMetricFamily(
            "honestdocs_service_latency_seconds", "What the last heartbeat took", labels=["service"]
        )
        seen = GaugeMetricFamily(
            "honestdocs_service_checked_timestamp_seconds", "When it was seen", labels=["service"]
        )
        for name, state in self._center.board.states.items():
            up.add_metric(
                [name], float(bool(state.checked_at) and Health(state.status) not in DOWN)
            )
            latency.add_metric([name], state.latency)
            seen.add_metric([name], state.checked_at)
        yield from (up, latency, seen)

    def _examples(self) -> Metric:
        board = self._center.board
        found = GaugeMetricFamily(
            "honestdocs_examples", "Examples by their outcome", labels=["service", "outcome"]
        )
        for name in board.services:
            pages = board.service_pages(name)
            counts = tally(result for page in pages for result in board.page_results(page))
            for outcome in Outcome:
                found.add_metric([name, str(outcome)], getattr(counts, outcome))
        return found

    def _watching(self) -> Iterator[Metric]:
        center = self._center
        counted = (
            ("honestdocs_heartbeats", "Heartbeats asked for", center.watcher.counts.beats),
            ("honestdocs_proofs", "Proofs carried out", center.watcher.counts.proofs),
            ("honestdocs_proof_faults", "Proofs that could not be", center.watcher.counts.faults),
        )
        for name, said, counts in counted:
            family = CounterMetricFamily(name, said, labels=["service"])
            for service in center.board.services:
                family.add_metric([service], counts.get(service, 0))
            yield family
        yield GaugeMetricFamily(
            "honestdocs_watching", "1 while the watcher lives", value=float(center.board.watching)
        )
        yield GaugeMetricFamily("honestdocs_readers", "Open event streams", value=len(center.feed))
        yield CounterMetricFamily("honestdocs_events", "Events sent", value=center.feed.sent)
