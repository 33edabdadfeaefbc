"""The catalog: for each service who answers for it, how it is, and how much of it is proven.

Owns an entry of the catalog, as ordinary nodes. Must not know how the facts were found out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from docutils import nodes

from honestdocs.contract.configuration import service_of
from honestdocs.contract.outcome import tally
from honestdocs.contract.retirement import retirements
from honestdocs.contract.service import ServiceState
from honestdocs.contract.wording import heartbeat_notice
from honestdocs.sphinxext.marks import lined_box

if TYPE_CHECKING:
    from honestdocs.contract.configuration import Service
    from honestdocs.sphinxext.verified import Verified

Link = Callable[[str, str, str], nodes.Node]
_WEB = ("http://", "https://")


def entry(service: Service, verified: Verified, link: Link, status: str = "") -> nodes.container:
    """A service: its name, its state, and what is known of it; ``status`` is the address of its
    status page, empty where it has none.
    """
    name = service.title or service.name
    own = [p for p in verified.pages if service_of(p, verified.services) is service]
    pages = sorted(own, key=lambda page: page.rpartition("/")[2] != "index")
    box = nodes.container(classes=["honestdocs-entry"])
    box += nodes.paragraph("", "", _title(name, pages, link), classes=["honestdocs-entry-title"])
    state = verified.state(service.name) or ServiceState(name=service.name)
    notice = heartbeat_notice(state, name, now=verified.at)
    box += lined_box("heartbeat", notice, {"service": service.name})
    facts = nodes.field_list()
    told = _facts(service, state, pages, verified, link)
    if status:
        told.append(
            ("Status", [nodes.reference("", "now and before", internal=True, refuri=status)])
        )
    for word, value in told:
        if value:
            body = nodes.field_body("", nodes.paragraph("", "", *value))
            facts += nodes.field("", nodes.field_name("", word), body)
    box += facts
    return box


def _title(name: str, pages: list[str], link: Link) -> nodes.Node:
    return link(pages[0], "", name) if pages else nodes.Text(name)


def _facts(
    service: Service, state: ServiceState, pages: list[str], verified: Verified, link: Link
) -> list[tuple[str, list[nodes.Node]]]:
    further = [_linked(to, title, link) for title, to in service.links.items()]
    return [
        ("Owner", [nodes.Text(service.owner)] if service.owner else []),
        ("Contact", [_contact(service.contact, link)] if service.contact else []),
        ("Version", [nodes.Text(state.version)] if state.version else []),
        ("Operations", [nodes.Text(_operations(service, verified))]),
        ("Examples", [nodes.Text(_examples(pages, verified))]),
        ("Going away", _joined(_gone(service, verified, link))),
        ("Pages", _joined([link(page, "", "") for page in pages])),
        ("Links", _joined(further)),
    ]


def _operations(service: Service, verified: Verified) -> str:
    own = [
        each
        for each in verified.coverage
        if service_of(each.operation.page, verified.services) is service
    ]
    proven = sum(each.proven > 0 for each in own)
    return f"{len(own)} documented, {proven} proven by examples" if own else "none documented"


def _examples(pages: list[str], verified: Verified) -> str:
    counts = tally([result for page in pages for result in verified.page_results(page)])
    said = f"{counts.passed} of {counts.total} proven"
    if counts.failed:
        said += f", {counts.failed} {'lies' if counts.failed == 1 else 'lie'}"
    if counts.error:
        said += f", {counts.error} could not be checked"
    return said


def _gone(service: Service, verified: Verified, link: Link) -> list[nodes.Node]:
    found = retirements(
        verified.contract.operations, verified.contract.examples, verified.proof.results
    )
    return [
        link(one.operation.page, one.operation.anchor, one.operation.key)
        for one in found
        if service_of(one.operation.page, verified.services) is service
    ]


def _joined(parts: list[nodes.Node]) -> list[nodes.Node]:
    joined: list[nodes.Node] = []
    for part in parts:
        joined += [nodes.Text(", "), part] if joined else [part]
    return joined


def _contact(text: str, link: Link) -> nodes.Node:
    if "@" in text and not text.startswith(_WEB):
        return nodes.reference("", text, refuri=f"mailto:{text}")
    return _linked(text, "", link)


def _linked(to: str, title: str, link: Link) -> nodes.Node:
    """A link to a URL or to a page of the tree, which may name a place on it; else the text."""
    if to.startswith(_WEB):
        return nodes.reference("", title or to, refuri=to)
    page, _, anchor = to.partition("#")
    return link(page, anchor, title)
