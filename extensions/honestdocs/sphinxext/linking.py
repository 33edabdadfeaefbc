"""Links of the tree, noted by every build that reads it.

Owns when they are noted, and the builder that does nothing else. Must not know how a link is read
or judged.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util.logging import suppress_logging

from honestdocs.sphinxext.builder import VerifyBuilder

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from honestdocs.links.index import LinkIndex


class LinksBuilder(VerifyBuilder):
    """Reads the tree and notes its links; nothing is run and nothing is written."""

    name = "links"
    reads_only = True
    quiet = True
    links: LinkIndex | None = None

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:  # noqa: ARG002 - Sphinx's signature
        """The address of a page as an HTML build would have it."""
        return docname + suffix_of(self._app)


class Indexer:
    """Writes the index of links after a build has read something."""

    def __init__(self) -> None:
        self._read = True

    def begin(self, _app: Sphinx, _env: BuildEnvironment, docnames: list[str]) -> None:
        """Sphinx's ``env-before-read-docs``."""
        self._read = bool(docnames)

    def note(self, app: Sphinx, _env: BuildEnvironment) -> list[str]:
        """Sphinx's ``env-updated``: no page has to be written again for it."""
        from honestdocs.links.index import is_kept, save

        reads_only = isinstance(app.builder, LinksBuilder)
        folder = Path(app.doctreedir)
        known = not self._read and is_kept(folder)
        if not reads_only and (known or app.builder.format != "html"):
            return []
        index = _index(app)
        if isinstance(app.builder, LinksBuilder):
            app.builder.links = index
        save(index, folder)
        return []


def _index(app: Sphinx) -> LinkIndex:
    from honestdocs.links.index import SECRET_VALUES, VALUES, LinkIndex, gather
    from honestdocs.links.internal import judged

    with suppress_logging():
        gathered = gather(judged(app))
    found = {name: getattr(app.config, name, None) for name in (*VALUES, *SECRET_VALUES)}
    values = {name: _plain(value) for name, value in found.items()}
    values = {name: value for name, value in values.items() if value is not None}
    return LinkIndex(
        srcdir=str(app.srcdir),
        entries=gathered.entries,
        targets=gathered.targets,
        working=gathered.working,
        values=values,
        suffix=suffix_of(app),
        base=str(app.config.html_baseurl or ""),
    )


def _plain(value: object) -> object:
    """A value of a configuration as JSON can hold it; None for what Sphinx marks unset ones by."""
    if isinstance(value, re.Pattern):
        return value.pattern
    if isinstance(value, dict):
        return {str(_plain(key)): _plain(each) for key, each in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(str(each) for each in value)
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value if isinstance(value, (bool, int, float, str)) else None


def suffix_of(app: Sphinx) -> str:
    """What ends the address of a page."""
    return str(app.config.html_link_suffix or app.config.html_file_suffix or ".html")
