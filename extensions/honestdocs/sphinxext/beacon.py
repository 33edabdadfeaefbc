"""Containers that tell scripts what they show.

Owns the node and its attributes in HTML, ``data-honestdocs-NAME``. Every other builder takes it
for an ordinary container. Must not know what is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator


class beacon(nodes.container):  # noqa: N801 - docutils names nodes in lower case
    """A container with ``data``, a mapping from names to texts."""


def visit_html(translator: HTML5Translator, node: beacon) -> None:
    """The opening tag with its attributes."""
    data: dict[str, str] = node.get("data", {})
    told = {f"data-honestdocs-{name}": text for name, text in data.items()}
    translator.body.append(translator.starttag(node, "div", CLASS="docutils container", **told))  # type: ignore[arg-type] # docutils names one of the attributes


def depart_html(translator: HTML5Translator, _node: beacon) -> None:
    """The closing tag."""
    translator.body.append("</div>\n")
