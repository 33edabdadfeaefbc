"""The head of a page: how it describes itself, and which files it asks for.

Owns both. Must not know what the files do beyond which pages need them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LONGEST = 200
"""Characters of a description."""
_UNUSED = ("documentation_options.js", "doctools.js", "sphinx_highlight.js")
"""What only Sphinx's own search needs, which has its page."""
_DESIGN = ("sphinx-design", "design-tabs")


def describe(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Gives a page its first paragraph as the description that others show of it."""
    first = next((p for p in doctree.findall(nodes.paragraph) if _is_prose(p)), None)
    if first is not None:
        text = " ".join(first.astext().split())
        cut = text if len(text) <= LONGEST else text[: text.rfind(" ", 0, LONGEST)] + " ..."
        app.env.metadata.setdefault(docname, {}).setdefault("og:description", cut)


def _is_prose(paragraph: nodes.paragraph) -> bool:
    return isinstance(paragraph.parent, (nodes.section, nodes.document))


def lighten(
    _app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Sphinx's ``html-page-context``: leaves out files that the page has no use for."""
    if doctree is None:
        return
    spare = _UNUSED if "sd-" in context.get("body", "") else (*_UNUSED, *_DESIGN)
    for kind in ("script_files", "css_files"):
        context[kind] = [
            file
            for file in context.get(kind, ())
            if not any(part in str(getattr(file, "filename", file)) for part in spare)
        ]
