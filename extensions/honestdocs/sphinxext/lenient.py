"""Reading trees that others wrote, without their extensions.

Owns what stands in for an unknown directive or role: a container whose content is read, and
plain text. Must not know what the content means.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive, DirectiveError, directives, roles
from docutils.parsers.rst.states import Inliner
from docutils.utils import Reporter
from sphinx.util.docutils import SphinxDirective

from honestdocs.contract.command import is_command
from honestdocs.contract.document import looks_like_json
from honestdocs.contract.message import is_message
from honestdocs.sphinxext.encoding import forgiving
from honestdocs.sphinxext.panels import NAMES


class AnyOptions(dict[str, Any]):
    """An option specification that accepts every option as text."""

    def __missing__(self, _name: str) -> object:
        return directives.unchanged


class UnknownDirective(SphinxDirective):
    """Reads the content of a directive that nobody here defines.

    Content that is an HTTP message, a command or JSON becomes a literal block, and so does
    that of a directive for code which names its language; all other content is read as
    reStructuredText.
    """

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[Any] = AnyOptions(class_=directives.unchanged)

    def run(self) -> list[nodes.Node]:
        """The content, in a container named after the directive."""
        text = "\n".join(self.content)
        included = [block for block in map(self._included, ("request", "response")) if block]
        if included:
            return included
        language = self._language(text)
        if language:
            literal = nodes.literal_block(text, text, language=language)
            literal.source, literal.line = self.state_machine.get_source_and_line(
                self.content_offset + 1
            )
            return [literal]
        container = nodes.container(classes=[nodes.make_id(self.name)])
        self.set_source_info(container)
        container += self.parse_content_to_nodes(allow_section_headings=True)
        return [container]

    def _language(self, text: str) -> str:
        """The language of content that stands for itself, empty for reStructuredText."""
        if is_message(text) or self.name == "http:example":
            return "http"
        if is_command(text):
            return "console"
        if looks_like_json(text):
            return "json"
        words = self.arguments[0].split() if self.arguments else []
        return words[0].lower() if words and "code" in self.name else ""

    def _included(self, option: str) -> nodes.Node | None:
        """The message in the file that an option names, if there is one."""
        if option not in self.options:
            return None
        _, path = self.env.relfn2path(str(self.options[option]))
        self.env.note_dependency(path)
        try:
            text = Path(path).read_text("utf-8").strip("\n")
        except (OSError, UnicodeDecodeError):
            return None
        return nodes.literal_block(text, text, language="http", source=path)


def unknown_role(
    _name: str,
    rawtext: str,
    text: str,
    _lineno: int,
    _inliner: Inliner,
    _options: dict[str, Any] | None = None,
    _content: list[str] | None = None,
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """The text of a role that nobody here defines."""
    return [nodes.inline(rawtext, text)], []


_INCLUDING = ("include", "literalinclude")


def _insisting(including: type[Directive]) -> type[Directive]:
    """A directive whose page is read again as long as the file that it names is missing: the
    file may come, and until then every run has to tell.
    """

    class Insisting(including):  # type: ignore[misc, valid-type] # the class is an argument
        def run(self) -> list[nodes.Node]:
            env = self.state.document.settings.env
            try:
                found: list[nodes.Node] = super().run()
            except DirectiveError:
                env.note_reread()
                raise
            if any(isinstance(node, nodes.system_message) for node in found):
                env.note_reread()
            return found

    return Insisting


@contextmanager
def lenient() -> Iterator[None]:
    """While it lasts, every directive and role is known to docutils, and the names of our panels
    mean whatever they mean to others.
    """
    find_directive, find_role = directives.directive, roles.role

    def directive(
        name: str, language: ModuleType, document: nodes.document
    ) -> tuple[type[Directive], list[nodes.system_message]]:
        found, _ = find_directive(name, language, document)
        if name in _INCLUDING and found:
            return _insisting(found), []
        return (found if found and name not in NAMES else UnknownDirective), []

    def role(
        name: str, language: ModuleType, line: int, reporter: Reporter
    ) -> tuple[Any, list[Any]]:
        found, _ = find_role(name, language, line, reporter)
        return (found or unknown_role), []

    directives.directive = directive  # type: ignore[assignment] # never None here
    roles.role = role  # type: ignore[assignment] # as above
    try:
        with forgiving():
            yield
    finally:
        directives.directive, roles.role = find_directive, find_role
