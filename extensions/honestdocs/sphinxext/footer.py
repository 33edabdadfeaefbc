"""What pages show of their history, as ordinary nodes.

Owns the words of the lines below a page and of the list of recent changes. Must not know where
the history comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from docutils import nodes

from honestdocs.hosting.page import Entry, PageHistory, spell_age
from honestdocs.sphinxext.addresses import Addresses

Recent: TypeAlias = Sequence[tuple[Entry, Sequence[str]]]
"""Changesets with the pages that each touched, newest first."""
_SHOWN = 8
_WORDS = {
    "difference": "What changed",
    "log": "History",
    "annotate": "Line by line",
    "edit": "Edit this page",
}


def page_footer(
    page: PageHistory, name: str, *, head: Entry, addresses: Addresses
) -> nodes.container:
    """Who changed a page, when, and where to see more; ages are seen from the tree's ``head``.

    So the same tree says the same, whenever it is built.
    """
    box = nodes.container(classes=["honestdocs-history"])
    line = nodes.paragraph(classes=["honestdocs-line"])
    line += nodes.Text(f"Last changed on {page.last.day} by {page.last.name} in ")
    line += _changeset(page.last, addresses)
    old = spell_age(head.at - page.last.at)
    line += nodes.Text(f", {old} before the newest change here" if old else "")
    line += nodes.Text(f": {page.last.summary}" if page.last.summary else ".")
    box += line
    box += nodes.paragraph("", _people(page), classes=["honestdocs-people"])
    links = _links(page, name, head.node, addresses)
    if links.children:
        box += links
    return box


def _people(page: PageHistory) -> str:
    many = "1 change" if page.changes == 1 else f"{page.changes} changes"
    names = [name for name, _ in page.people]
    told = ", ".join(names[:_SHOWN])
    rest = len(names) - _SHOWN
    more = f" and {rest} more" if rest > 0 else ""
    return f"{many} since {page.first.day} by {told}{more}."


def _links(page: PageHistory, name: str, node: str, addresses: Addresses) -> nodes.paragraph:
    line = nodes.paragraph(classes=["honestdocs-links"])
    for kind, word in _WORDS.items():
        seen = page.last.node if kind == "difference" else node
        address = addresses.of(kind, node=seen, path=page.path, page=name)
        if address:
            line += [nodes.Text(" · ")] if line.children else []
            line += nodes.reference("", word, refuri=address, internal=False)
    return line


def _changeset(entry: Entry, addresses: Addresses) -> nodes.Node:
    address = addresses.of("changeset", node=entry.node)
    if not address:
        return nodes.literal("", entry.short)
    return nodes.reference("", "", nodes.literal("", entry.short), refuri=address, internal=False)


def change_list(
    recent: Recent, link: Callable[[str], nodes.Node], addresses: Addresses
) -> nodes.bullet_list:
    """The recent changes, an entry each; ``link`` makes the reference to a page."""
    whole = nodes.bullet_list(classes=["honestdocs-changes"])
    for entry, pages in recent:
        line = nodes.paragraph()
        line += nodes.Text(f"{entry.day}, {entry.name}: {entry.summary or 'no summary'} (")
        line += [_changeset(entry, addresses), nodes.Text(") ")]
        for at, page in enumerate(pages[:_SHOWN]):
            line += [nodes.Text(", " if at else "on "), link(page)]
        if len(pages) > _SHOWN:
            line += nodes.Text(f" and {len(pages) - _SHOWN} more pages")
        item = nodes.list_item()
        item += line
        whole += item
    return whole


def feed_line(uri: str) -> nodes.paragraph:
    """Where to subscribe to the changes."""
    line = nodes.paragraph("", "Subscribe: ")
    line += nodes.reference("", "Atom feed of these changes", internal=True, refuri=uri)
    return line
