"""What a search can find on a page: a record for each section and each operation.

Owns the records, and the small HTML file that each becomes for the index. They are gathered
while a page is written, in whatever process writes it. Must not know how the index is made.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from honestdocs.contract.configuration import service_of
from honestdocs.contract.outcome import Outcome
from honestdocs.contract.wording import WORDS
from honestdocs.sphinxext.reading.outline import named

if TYPE_CHECKING:
    from honestdocs.contract.configuration import Service
    from honestdocs.contract.operation import Operation
    from honestdocs.sphinxext.verified import Verified

ROUTES = "routes.json"
_SHOWN_FIRST = (Outcome.FAILED, Outcome.ERROR, Outcome.PASSED, Outcome.SKIPPED)
_UNTOLD = (nodes.section, addnodes.desc, nodes.title, nodes.comment, nodes.system_message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Something to be found. ``words`` count more than ``text``; ``method`` is empty for a
    section, and so is ``state`` for an operation without examples.
    """

    anchor: str
    title: str
    page: str
    words: tuple[str, ...] = ()
    text: str
    service: str = ""
    method: str = ""
    path: str = ""
    state: str = ""


def records_of(doctree: nodes.document, docname: str, verified: Verified) -> tuple[Record, ...]:
    """The records of a page, in order."""
    owner = service_of(docname, verified.services)
    title = next((t.astext() for t in doctree.findall(nodes.title)), docname)
    page = verified.pages.get(docname)
    operations = {o.key: o for o in page.operations} if page is not None else {}
    states = _states(docname, verified)
    gatherer = _Gatherer(title, owner, operations, states)
    return tuple(gatherer.below(doctree))


def _states(docname: str, verified: Verified) -> dict[str, str]:
    """The word for the worst outcome of each operation's examples."""
    seen: dict[str, set[Outcome]] = {}
    for example in verified.examples.get(docname, ()):
        result = verified.proof.results.get(example.id)
        if result is not None and example.operation:
            seen.setdefault(example.operation, set()).add(result.outcome)
    return {
        key: next(WORDS[outcome][1] for outcome in _SHOWN_FIRST if outcome in found)
        for key, found in seen.items()
    }


@dataclass(frozen=True, slots=True)
class _Gatherer:
    page: str
    owner: Service | None
    operations: dict[str, Operation]
    states: dict[str, str]

    @property
    def service(self) -> str:
        return (self.owner.title or self.owner.name) if self.owner is not None else ""

    def below(self, parent: nodes.Element) -> Iterator[Record]:
        for node in parent.children:
            if isinstance(node, nodes.section):
                yield self.section(node)
                yield from self.below(node)
            elif isinstance(node, addnodes.desc) and node.get("domain") == "http":
                yield from self.descriptions(node)
            elif isinstance(node, nodes.Element) and not isinstance(node, nodes.literal_block):
                yield from self.below(node)

    def section(self, node: nodes.section) -> Record:
        title = next((c.astext() for c in node.children if isinstance(c, nodes.title)), self.page)
        return Record(
            anchor=str(node["ids"][0]) if node["ids"] else "",
            title=title,
            page=self.page,
            text=_text(node),
            service=self.service,
        )

    def descriptions(self, desc: addnodes.desc) -> Iterator[Record]:
        text = "\n".join(c.astext() for c in desc.children if isinstance(c, addnodes.desc_content))
        for signature in desc.findall(addnodes.desc_signature):
            method, path = named(signature)
            operation = self.operations.get(f"{method} {path}")
            if signature["ids"]:
                yield self.operation(str(signature["ids"][0]), method, path, operation, text)

    def operation(
        self, anchor: str, method: str, path: str, known: Operation | None, text: str
    ) -> Record:
        parts = [part for part in path.replace("(", "/").replace(")", "/").split("/") if part]
        fields = [parameter.name for parameter in known.parameters] if known is not None else []
        return Record(
            anchor=anchor,
            title=f"{method} {path}",
            page=self.page,
            words=tuple(dict.fromkeys((method, *parts, *fields))),
            text=text,
            service=self.service,
            method=method,
            path=path,
            state=self.states.get(f"{method} {path}", "No example"),
        )


def _text(node: nodes.Element) -> str:
    """The text of a section without the sections and operations inside it."""
    return "\n".join(c.astext() for c in node.children if not isinstance(c, _UNTOLD))


def save(folder: Path, docname: str, uri: str, records: Iterable[Record]) -> None:
    """Writes the records of a page, in place of those that it had."""
    home = folder / docname.replace("/", "~")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    routes: list[dict[str, str]] = []
    for number, record in enumerate(records):
        url = f"{uri}#{record.anchor}" if record.anchor else uri
        (home / f"{number:04}.html").write_text(_html(record, url), "utf-8")
        if record.method:
            route = {"method": record.method, "path": record.path, "url": url}
            routes.append({**route, "service": record.service, "state": record.state})
    (home / ROUTES).write_text(json.dumps(routes), "utf-8")


def _html(record: Record, url: str) -> str:
    kept = {"title": record.title, "page": record.page, "where": url, "method": record.method}
    kept["state"] = record.state
    metas = "".join(
        f'<meta data-pagefind-meta="{name}[content]" content="{escape(value)}">'
        for name, value in kept.items()
        if value
    )
    facets = {"service": record.service, "method": record.method, "state": record.state}
    filters = "".join(
        f'<meta data-pagefind-filter="{name}[content]" content="{escape(value)}">'
        for name, value in facets.items()
        if value
    )
    weight = 10 if record.method else 5
    return (
        f'<html lang="en"><head>{metas}{filters}</head><body data-pagefind-body>'
        f'<p data-pagefind-weight="{weight}">{escape(record.title)}</p>'
        f'<p data-pagefind-weight="4">{escape(" ".join(record.words))}</p>'
        f"<p>{escape(record.text)}</p></body></html>\n"
    )
