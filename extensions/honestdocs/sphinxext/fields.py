"""Raw field names of HTTP operations, taken before httpdomain turns them into labels.

Owns the handler of Sphinx's ``object-description-transform`` event. It notes the names as the
author wrote them on the description's content, and spells arrows so that the installed
release of httpdomain renders what the author meant. Must not know what fields claim.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, cast

from docutils import nodes

from honestdocs.contract.fieldlist import Arrows, has_arrow, plain_spelling

if TYPE_CHECKING:
    from sphinx import addnodes
    from sphinx.application import Sphinx

ATTRIBUTE = "honestdocs_fields"
POSITION = "honestdocs_block"
"""The attribute that keeps a block's position on its node."""
ARROWS = "honestdocs_arrows"
"""Where the environment keeps the arrows' meaning of the tree."""


def installed_arrows() -> Arrows:
    """What the installed release of sphinxcontrib-httpdomain renders for ``<``."""
    try:
        release = version("sphinxcontrib-httpdomain")
    except PackageNotFoundError:
        return Arrows.REQUEST
    numbers = tuple(int(part) for part in release.split(".")[:2] if part.isdigit())
    return Arrows.RESPONSE if numbers >= (2, 1) else Arrows.REQUEST


def note_fields(app: Sphinx, domain: str, _objtype: str, content: addnodes.desc_content) -> None:
    """Keeps every field's name, source and line on ``content``; replaces arrows."""
    if domain != "http":
        return
    arrows = cast("Arrows", getattr(app.env, ARROWS, None) or installed_arrows())
    noted: list[tuple[str, str, int]] = []
    for field_list in content.findall(nodes.field_list):
        for field in field_list.children:
            if isinstance(field, nodes.field):
                name = cast("nodes.field_name", field[0])
                noted.append((name.astext(), field.source or "", field.line or 0))
                _spell(name, arrows)
    if noted:
        content[ATTRIBUTE] = tuple(noted)


def _spell(name: nodes.field_name, arrows: Arrows) -> None:
    text = name.astext()
    if has_arrow(text):
        plain = plain_spelling(text, arrows)
        name.children = []
        name += nodes.Text(plain)
        name.rawsource = plain
