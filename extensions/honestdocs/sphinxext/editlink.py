"""The way from a hosted page to its source in the editor.

Owns the line below a page that leads there. Must not know whether anybody may edit.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from sphinx.application import Sphinx


@dataclass(frozen=True, slots=True, kw_only=True)
class EditLink:
    """The line below the pages of the tree ``root``; ``base`` is the editor's address."""

    root: Path
    base: str

    def connect(self, app: Sphinx) -> None:
        """Puts the line on every page that has a source."""
        app.connect("html-page-context", self._show)

    def address(self, source: Path, page: str) -> str:
        """Where the source of a page is edited."""
        path = os.path.relpath(os.path.realpath(source), os.path.realpath(self.root))
        return f"{self.base}/{quote(path)}?page={quote(page, safe='')}"

    def _show(
        self, app: Sphinx, page: str, _template: str, context: dict[str, Any], tree: object
    ) -> None:
        if "body" not in context or tree is None:
            return
        address = escape(self.address(Path(app.env.doc2path(page)), page))
        line = f'<p class="honestdocs-edit"><a href="{address}">Edit this page</a></p>'
        context["body"] = f"{context['body']}{line}"
