"""What a page says of its edition: that it is old or a draft, and which others there are.

Owns the note above the page and the way to the list of versions. Must not know how editions
come about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SCRIPT = "honestdocs-versions.js"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionNote:
    """The edition that is built: empty for the site itself, else as its address is.

    ``exists`` tells whether the site itself has a page of that address.
    """

    edition: str
    name: str
    exists: Callable[[str], bool]

    def connect(self, app: Sphinx) -> None:
        """Puts the note and the script on every page."""
        up = "../../" if self.edition else ""
        attributes: dict[str, Any] = {"data-up": up}
        app.add_js_file(SCRIPT, loading_method="defer", **attributes)
        if self.edition:
            app.connect("html-page-context", self._show)

    def _show(
        self, app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: object
    ) -> None:
        if "body" not in context:
            return
        uri = app.builder.get_target_uri(page)
        target = uri if self.exists(uri) else ""
        up = "../" * (page.count("/") + 2)
        where = f'<a href="{escape(up + target)}">The current documentation is here.</a>'
        kind = "a draft" if self.edition.startswith("previews/") else "version"
        said = f"This is {kind} {escape(self.name)}, not the current documentation."
        look = 'class="honestdocs-edition admonition warning" role="note"'
        context["body"] = f"<div {look}><p>{said} {where}</p></div>{context['body']}"
