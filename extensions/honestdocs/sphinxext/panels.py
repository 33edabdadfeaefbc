"""Directives that show the state of services: heartbeat, outcomes, operations.

Owns their nodes: a panel is a placeholder while reading, and is filled when its page is
written. Must not know how the state was found out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from honestdocs.contract.configuration import service_of
from honestdocs.contract.coverage import OperationCoverage
from honestdocs.contract.outcome import Outcome, tally
from honestdocs.contract.service import ServiceState
from honestdocs.contract.wording import WORDS, heartbeat_notice, moment
from honestdocs.sphinxext.beacon import beacon
from honestdocs.sphinxext.marks import lined_box, table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from honestdocs.contract.configuration import Service
    from honestdocs.sphinxext.verified import Verified

NAMES = ("heartbeat", "outcomes", "operations", "catalog")
"""The directives; each is the ``kind`` of its panel."""


class panel(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes in lower case
    """A placeholder with ``kind`` and ``service``."""


class PanelDirective(SphinxDirective):
    """``.. heartbeat:: SERVICE`` and its like."""

    required_arguments = 0
    optional_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], str]]] = {}

    def run(self) -> list[nodes.Node]:
        """The placeholder; an unknown service is told by the collector, with its place."""
        node = panel(kind=self.name, service=self.arguments[0].strip() if self.arguments else "")
        self.set_source_info(node)
        return [node]


def fill(
    node: panel,
    verified: Verified,
    link: Callable[[str, str, str], nodes.Node],
    status: Callable[[str], str],
) -> list[nodes.Element]:
    """What stands in a panel's place; ``link`` makes a reference from page, anchor and text, and
    ``status`` gives the address of a service's status page.
    """
    wanted = [s for s in verified.services if node["service"] in ("", s.name)]
    if node["kind"] == "heartbeat":
        return [_heartbeat(service, verified) for service in wanted]
    if node["kind"] == "catalog":
        from honestdocs.sphinxext.catalog import entry

        return [entry(service, verified, link, status(service.name)) for service in wanted]
    if node["kind"] == "outcomes":
        return [_outcomes(verified, wanted, link)]
    return [_operations(service, verified, link) for service in wanted]


def _heartbeat(service: Service, verified: Verified) -> beacon:
    state = verified.state(service.name) or ServiceState(name=service.name)
    notice = heartbeat_notice(state, service.title or service.name, now=verified.at)
    box = lined_box("heartbeat", notice, {"service": service.name})
    box["ids"] = [f"heartbeat-{nodes.make_id(service.name)}"]
    if state.message:
        box += nodes.paragraph("", f"{state.message}.", classes=["honestdocs-reason"])
    if state.checks:
        box += _checks(state)
    return box


def _checks(state: ServiceState) -> nodes.paragraph:
    line = nodes.paragraph(classes=["honestdocs-checks"])
    for name, status in state.checks:
        word = "ok" if status == "ok" else status
        line += nodes.inline("", f"{name}: {word}", classes=["honestdocs-check"])
        line += nodes.Text(" ")
    return line


def _outcomes(
    verified: Verified,
    wanted: Sequence[Service],
    link: Callable[[str, str, str], nodes.Node],
) -> nodes.table:
    rows: list[list[str | nodes.Node]] = []
    for page in verified.pages:
        results = verified.page_results(page)
        owner = service_of(page, verified.services)
        if not results or owner not in wanted:
            continue
        counts = tally(results)
        checked = max((result.checked_at for result in results), default=0.0)
        rows.append(
            [
                link(page, "", ""),
                *(str(n) for n in (counts.passed, counts.failed, counts.error, counts.skipped)),
                moment(checked) if checked else "never",
            ]
        )
    head = ("Page", "Proven", "Lies", "Not checked", "Skipped", "Last checked")
    return table(head, rows)


def _operations(
    service: Service,
    verified: Verified,
    link: Callable[[str, str, str], nodes.Node],
) -> nodes.table:
    rows: list[list[str | nodes.Node]] = []
    for coverage in verified.coverage:
        operation = coverage.operation
        if service_of(operation.page, verified.services) is not service:
            continue
        rows.append(
            [
                link(operation.page, operation.anchor, operation.key),
                operation.synopsis,
                _proven(coverage),
                _gaps(coverage),
            ]
        )
    return table(("Operation", "Purpose", "Examples proven", "Claims without evidence"), rows)


def _proven(coverage: OperationCoverage) -> nodes.inline:
    whole = coverage.examples > 0 and coverage.proven == coverage.examples
    icon = WORDS[Outcome.PASSED if whole else Outcome.SKIPPED][0]
    classes = ["honestdocs-count", "honestdocs-passed" if whole else "honestdocs-skipped"]
    return nodes.inline("", f"{icon} {coverage.proven} of {coverage.examples}", classes=classes)


def _gaps(coverage: OperationCoverage) -> str:
    parts = (
        ("status never seen", coverage.unseen_statuses),
        ("field never seen", coverage.unseen_members),
        ("header never seen", coverage.unseen_headers),
        ("status not documented", coverage.undocumented_statuses),
        ("field not documented", coverage.undocumented_members),
        ("header not documented", coverage.undocumented_headers),
    )
    told = [f"{word}: {', '.join(names)}" for word, names in parts if names]
    return "; ".join(told) or "none"
