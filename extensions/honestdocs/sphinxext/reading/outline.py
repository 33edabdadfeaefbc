"""What stands on a page, in order: its sections and operations, for the side of the page.

Owns the outline and which of a theme's files a page can do without. Must not know how the
theme shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DEEPEST = 3
"""Sections below that level, counted from the title's 1, are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A section or an operation; ``method`` is empty for a section."""

    anchor: str
    text: str
    level: int = 2
    method: str = ""


def outline(doctree: nodes.document) -> tuple[Entry, ...]:
    """The sections and operations of a page, in order."""
    return tuple(_below(doctree, 0))


def _below(parent: nodes.Element, level: int) -> list[Entry]:
    found: list[Entry] = []
    for node in parent.children:
        if isinstance(node, nodes.section):
            found += _section(node, level + 1)
        elif isinstance(node, addnodes.desc) and node.get("domain") == "http":
            found += [
                _operation(s, level + 1)
                for s in node.children
                if isinstance(s, addnodes.desc_signature) and s["ids"]
            ]
    return found


def _section(node: nodes.section, level: int) -> list[Entry]:
    title = next((c for c in node.children if isinstance(c, nodes.title)), None)
    own: list[Entry] = []
    if title is not None and 1 < level <= DEEPEST and node["ids"]:
        own.append(Entry(anchor=str(node["ids"][0]), text=title.astext(), level=level))
    return own + _below(node, level)


def _operation(signature: addnodes.desc_signature, level: int) -> Entry:
    method, path = named(signature)
    return Entry(
        anchor=str(signature["ids"][0]),
        text=path,
        level=min(level, DEEPEST + 1),
        method=method,
    )


def named(signature: addnodes.desc_signature) -> tuple[str, str]:
    """Method and path of an operation's signature. Sphinx sets a comma between the type of a
    parameter and its name.
    """
    method, _, path = signature.astext().strip().partition(" ")
    return method.upper(), "".join(path.split()).replace(":,", ":")


def add_outline(
    _app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Sphinx's ``html-page-context``: ``honestdocs_outline`` on pages with operations, which
    then need no other table of contents.
    """
    if doctree is None:
        return
    entries = outline(doctree)
    if any(entry.method for entry in entries):
        context["honestdocs_outline"] = entries
        context["furo_hide_toc"] = True
