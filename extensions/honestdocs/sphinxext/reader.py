"""Reading the contract of a page out of its doctree.

Owns the walk that finds operations, blocks, labels and marks. It leaves the position of each
block on its node. Must not know how blocks are paired or what becomes of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeGuard, cast

from docutils import nodes
from sphinx import addnodes

from honestdocs.contract.errors import MarkError
from honestdocs.contract.example import Block, Mark
from honestdocs.contract.fieldlist import Arrows, RawField, parse_fields
from honestdocs.contract.label import calls_request, calls_response
from honestdocs.contract.mark import is_mark, parse_marks
from honestdocs.contract.operation import Operation, Parameter
from honestdocs.contract.outcome import Kind, Lie, Mismatch
from honestdocs.contract.page import Page
from honestdocs.contract.pairing import is_relevant
from honestdocs.sphinxext.fields import ATTRIBUTE, POSITION

if TYPE_CHECKING:
    from collections.abc import Callable

    from honestdocs.sphinxext.source import Sources

_LABEL = 120
_TERSE = 4
"""So many words without a stop are a label, however they are marked up."""
_NAMING = (nodes.paragraph, nodes.caption, nodes.rubric, nodes.term)
_BETWEEN = (nodes.comment, nodes.target, addnodes.index, nodes.substitution_definition)


@dataclass(frozen=True, slots=True)
class _Section:
    """Where in the outline of a page a block stands: ids from the outermost section on."""

    outline: tuple[str, ...] = ()
    heading: str = ""

    @property
    def id(self) -> str:
        return self.outline[-1] if self.outline else ""

    @property
    def label(self) -> str:
        """The heading, where it announces a request or a response."""
        announces = calls_request(self.heading) or calls_response(self.heading)
        return self.heading if announces else ""

    def below(self, node: nodes.section) -> _Section:
        """The section of a node inside this one."""
        title = next((c.astext() for c in node.children if isinstance(c, nodes.title)), "")
        ids = (str(node["ids"][0]),) if node["ids"] else self.outline[-1:]
        return _Section((*self.outline, *ids), " ".join(title.split()))


_TOP = _Section()


class Reader:
    """Reads one doctree. ``synopsis`` gives what a directive's options said, for a method and
    a template: the synopsis, and whether the operation is deprecated.
    """

    def __init__(
        self,
        name: str,
        sources: Sources,
        *,
        arrows: Arrows,
        synopsis: Callable[[str, str], tuple[str, bool]],
    ) -> None:
        self.name = name
        self.sources = sources
        self.arrows = arrows
        self.synopsis = synopsis
        self.operations: list[Operation] = []
        self.scopes: list[tuple[int, ...]] = []
        self.blocks: list[Block] = []
        self.flaws: list[Lie] = []
        self._language = ""
        self._marks: list[Mark] = []
        self._apart = True
        self._label = ""

    def read(self, document: nodes.document) -> Page:
        """The contract of the page."""
        self._walk(document, None, _TOP)
        return Page(
            name=self.name,
            operations=tuple(self.operations),
            scopes=tuple(self.scopes),
            blocks=tuple(self.blocks),
            flaws=tuple(self.flaws),
        )

    def _walk(self, parent: nodes.Element, scope: int | None, section: _Section) -> None:
        stacked: tuple[int, ...] = ()
        for node in parent.children:
            if isinstance(node, nodes.literal_block):
                self._read_block(node, scope, section)
            elif isinstance(node, addnodes.desc) and node.get("domain") == "http":
                self._apart = True
                stacked = self._read_operation(node, stacked, section)
                self._apart = True
                self._label = ""
                continue
            elif isinstance(node, nodes.comment):
                self._read_comment(node)
            elif isinstance(node, addnodes.highlightlang):
                self._language = str(node.get("lang", ""))
            elif isinstance(node, nodes.section):
                self._label = ""
                self._walk(node, scope, section.below(node))
            elif _is_text(node):
                self._note_label(node)
            elif isinstance(node, nodes.Element):
                self._walk(node, scope, section)
            if not isinstance(node, _BETWEEN):
                stacked = ()

    def _note_label(self, node: nodes.TextElement) -> None:
        self._apart = self._apart or not isinstance(node, nodes.caption)
        if not isinstance(node, _NAMING):
            return
        text = " ".join(node.astext().split())
        named = (
            text.endswith((":", ","))
            or any(isinstance(c, nodes.strong) for c in node.children)
            or (len(text.split()) <= _TERSE and text[-1:].isalnum())
        )
        is_label = len(text) <= _LABEL and (named or not isinstance(node, nodes.paragraph))
        self._label = text.rstrip(":,").strip() if is_label else ""

    def _read_comment(self, node: nodes.comment) -> None:
        text = node.astext()
        if not is_mark(text):
            return
        place = self.sources.above(*_origin(node), text.split("\n", 1)[0])
        try:
            self._marks.extend(parse_marks(text, place))
        except MarkError as error:
            mismatch = Mismatch(
                kind=Kind.PARSE,
                subject="mark",
                documented=text,
                observed="",
                place=error.place,
                fix=error.said,
            )
            self.flaws.append(Lie(mismatch=mismatch, message=error.said, warning=True, usage=True))

    def _read_block(self, node: nodes.literal_block, scope: int | None, section: _Section) -> None:
        text = node.astext()
        language = str(node.get("language", "") or self._language)
        if not is_relevant(language, text, in_operation=scope is not None):
            self._apart = True
            return
        included = str(node.get("source", ""))
        file, line = (included, 1) if included else _origin(node)
        node[POSITION] = len(self.blocks)
        self.blocks.append(
            Block(
                text=text,
                language=language,
                place=self.sources.block(file, line, text),
                index=len(self.blocks),
                scope=scope,
                section=section.id,
                heading=section.heading,
                outline=section.outline,
                label=self._label or section.label,
                marks=tuple(self._marks),
                adjacent=not self._apart,
            )
        )
        self._marks = []
        self._label = ""
        self._apart = False

    def _read_operation(
        self, node: addnodes.desc, stacked: tuple[int, ...], section: _Section
    ) -> tuple[int, ...]:
        """Reads a directive and its body; returns the operations that a directive stacked
        below it shares, which is none when it has a body of its own.
        """
        content = next((c for c in node.children if isinstance(c, addnodes.desc_content)), None)
        own = tuple(self._operations(node, content))
        if content is None or not content.children:
            self.scopes.append(own)
            return stacked + own
        shared = (*stacked, *own)
        self._share_parameters(stacked, content)
        self.scopes.append(shared)
        self._walk(content, len(self.scopes) - 1, section)
        return ()

    def _operations(
        self, node: addnodes.desc, content: addnodes.desc_content | None
    ) -> Iterator[int]:
        parameters = self._parameters(content)
        signatures = (c for c in node.children if isinstance(c, addnodes.desc_signature))
        for at, signature in enumerate(signatures):
            method, path = str(signature.get("method", "")), str(signature.get("path", ""))
            if not method:
                continue
            file, line = _origin(signature)
            synopsis, deprecated = self.synopsis(method, path)
            self.operations.append(
                Operation(
                    method=method.upper(),
                    path=path,
                    place=self.sources.place(file, (line or 0) + at),
                    page=self.name,
                    anchor=str(signature["ids"][0]) if signature["ids"] else "",
                    synopsis=synopsis or _written_synopsis(content),
                    deprecated=deprecated,
                    registered=not (node.get("no-index") or node.get("noindex")),
                    parameters=parameters,
                )
            )
            yield len(self.operations) - 1

    def _parameters(self, content: addnodes.desc_content | None) -> tuple[Parameter, ...]:
        noted: Sequence[tuple[str, str, int]]
        noted = content.get(ATTRIBUTE, ()) if content is not None else ()
        raw = (RawField(name, self.sources.place(file, line)) for name, file, line in noted)
        return parse_fields(raw, self.arrows)

    def _share_parameters(self, stacked: tuple[int, ...], content: addnodes.desc_content) -> None:
        parameters = self._parameters(content)
        for position in stacked:
            operation = self.operations[position]
            self.operations[position] = _with(operation, parameters)


def _is_text(node: nodes.Node) -> TypeGuard[nodes.TextElement]:
    """Whether a node is text and nothing else: Sphinx puts all that a field's body holds,
    blocks too, into one paragraph, and there into one inline node.
    """
    return isinstance(node, nodes.TextElement) and not any(
        not _is_text(child) if isinstance(child, nodes.inline) else _is_block(child)
        for child in node.children
    )


def _is_block(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Body) and not isinstance(node, nodes.Inline)


def _written_synopsis(content: addnodes.desc_content | None) -> str:
    """The synopsis written as a field, below a blank line, where no option was meant."""
    if content is None:
        return ""
    for field in content.findall(nodes.field):
        name = cast("nodes.field_name", field[0])
        if name.astext().strip().lower() == "synopsis":
            return " ".join(field[1].astext().split())
    return ""


def _with(operation: Operation, parameters: tuple[Parameter, ...]) -> Operation:
    return Operation(
        method=operation.method,
        path=operation.path,
        place=operation.place,
        page=operation.page,
        anchor=operation.anchor,
        synopsis=operation.synopsis,
        deprecated=operation.deprecated,
        registered=operation.registered,
        parameters=parameters,
    )


def _origin(node: nodes.Element) -> tuple[str, int | None]:
    """The source file and line of a node or of the nearest node above that knows."""
    current: nodes.Node | None = node
    while current is not None:
        if current.source and current.line is not None:
            return str(current.source), int(current.line)
        current = current.parent
    return str(node.source or ""), None
