"""Two columns in an operation: what it is on the left, its exchanges on the right.

Owns which part of a description goes where. Must not know how columns look: on a narrow
screen they follow one another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docutils import nodes
from sphinx import addnodes

from honestdocs.sphinxext.beacon import beacon
from honestdocs.sphinxext.fields import POSITION
from honestdocs.sphinxext.reading.tabs import tabs

_LABEL = 160
"""A paragraph longer than that, in characters, is prose, however it ends."""


def arrange(doctree: nodes.document) -> None:
    """Puts the content of every HTTP operation that shows exchanges into columns."""
    for content in list(operation_contents(doctree)):
        prose, shown = split(content.children)
        if prose and shown:
            left = nodes.container(classes=["hd-prose"])
            right = nodes.container(classes=["hd-exchanges"])
            left += prose
            right += shown
            columns = nodes.container(classes=["hd-columns"])
            columns += [left, right]
            content.children = []
            content.append(columns)


def operation_contents(doctree: nodes.document) -> Iterator[addnodes.desc_content]:
    """The body of every HTTP operation."""
    for desc in doctree.findall(addnodes.desc):
        if desc.get("domain") == "http":
            yield from (c for c in desc.children if isinstance(c, addnodes.desc_content))


def split(children: Sequence[nodes.Node]) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """Prose and exchanges; the words that announce a block go with it."""
    prose: list[nodes.Node] = []
    shown: list[nodes.Node] = []
    for node in children:
        if not is_exchange(node):
            prose.append(node)
            continue
        start = len(prose)
        while start and announces(prose[start - 1]):
            start -= 1
        shown += [*prose[start:], node]
        del prose[start:]
    return prose, shown


def is_exchange(node: nodes.Node) -> bool:
    """Whether a node is a block of an example, or the mark below one."""
    if isinstance(node, (beacon, tabs)):
        return True
    if isinstance(node, nodes.container) and node.get("literal_block"):
        return any(is_exchange(child) for child in node.children)
    return isinstance(node, nodes.literal_block) and POSITION in node


def announces(node: nodes.Node) -> bool:
    """Whether a paragraph only says what comes next: it is short and ends with a colon, or
    it is a title of its own.
    """
    if isinstance(node, nodes.rubric):
        return True
    if not isinstance(node, nodes.paragraph):
        return False
    text = node.astext().rstrip()
    if len(text) > _LABEL:
        return False
    return text.endswith(":") or (len(node.children) == 1 and isinstance(node[0], nodes.strong))
