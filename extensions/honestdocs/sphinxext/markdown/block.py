"""A resolved document tree as blocks of Markdown.

Owns headings, lists, code, quotations, operations and what else stands on lines of its own.
What it does not know it takes for its content. Must not know files or Sphinx's builders.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from docutils import nodes
from sphinx.locale import admonitionlabels

from honestdocs.sphinxext.markdown.grid import table
from honestdocs.sphinxext.markdown.inline import (
    Address,
    anchor,
    chosen,
    escape,
    escape_start,
    inline,
    inline_node,
)
from honestdocs.sphinxext.reading.outline import named

_DEEPEST = 6
"""Levels of headings that Markdown knows."""
_RUN = re.compile(r"`{3,}")
_NO_SLUG = re.compile(r"[^\w\- ]")
_UNTOLD = frozenset(
    {
        *("comment", "index", "raw", "system_message", "substitution_definition", "pending"),
        *("highlightlang", "tabular_col_spec", "colspec", "meta", "toctree", "glossary_entry"),
    }
)


@dataclass(slots=True)
class Writer:
    """Writes the blocks of one page; ``address`` is where its links lead."""

    address: Address
    _slugs: set[str] = field(default_factory=set)
    _level: int = 0

    def write(self, doctree: nodes.document) -> str:
        """The page, with a line end at its end."""
        return "\n\n".join(self.blocks(doctree.children)) + "\n"

    def blocks(self, children: Iterable[nodes.Node]) -> list[str]:
        """The blocks of some nodes, in order."""
        found: list[str] = []
        for child in children:
            name = child.__class__.__name__
            if name in _UNTOLD or not isinstance(child, nodes.Element):
                continue
            found += self._places(child, name)
            make = _MAKERS.get(name)
            if make is not None:
                found += make(self, child)
            elif isinstance(child, (nodes.Inline, nodes.image)):
                found += [text] if (text := inline_node(child, self.address)) else []
            elif isinstance(child, nodes.TextElement):
                found += self.paragraph(child)
            else:
                found += self.blocks(child.children)
        return found

    def text(self, node: nodes.Element) -> str:
        """A node on one line."""
        return inline(node, self.address)

    def _places(self, node: nodes.Element, name: str) -> list[str]:
        """Anchors of a node that is linked to by a name of its own; headings see to theirs."""
        if name in _NAMED or not node["ids"]:
            return []
        names = chosen(node["ids"])
        return ["".join(map(anchor, names))] if names else []

    def heading(self, text: str, names: Sequence[str]) -> list[str]:
        """A heading one below the current level, after anchors for the names that readers of
        Markdown would not give it of themselves.
        """
        slug = _NO_SLUG.sub("", text.lower()).strip().replace(" ", "-")
        own = slug if slug not in self._slugs else ""
        self._slugs.add(slug)
        wanted = [name for name in chosen(names) or names[:1] if name != own]
        line = f"{'#' * min(self._level, _DEEPEST)} {text}"
        return ["".join(map(anchor, wanted)), line] if wanted else [line]

    def section(self, node: nodes.Element) -> list[str]:
        """A heading and what stands below it."""
        self._level += 1
        title = next((c for c in node.children if isinstance(c, nodes.title)), None)
        found = self.heading(self.text(title), node["ids"]) if title is not None else []
        found += self.blocks(child for child in node.children if child is not title)
        self._level -= 1
        return found

    def description(self, node: nodes.Element) -> list[str]:
        """An operation, or another object: its signatures as headings, then its content."""
        self._level += 1
        found: list[str] = []
        for child in node.children:
            name = child.__class__.__name__
            if name == "desc_signature" and isinstance(child, nodes.Element):
                found += self.heading(_signature(child, str(node.get("domain"))), child["ids"])
            elif isinstance(child, nodes.Element):
                found += self.blocks(child.children)
        self._level -= 1
        return found

    def paragraph(self, node: nodes.Element) -> list[str]:
        """A line of text; nothing for a node that says nothing."""
        text = self.text(node)
        return [escape_start(text)] if text else []

    def contents(self, node: nodes.Element) -> list[str]:
        """A line of a table of contents, or the whole of it, which Sphinx calls the same."""
        return self.blocks(node.children) if node.get("toctree") else self.paragraph(node)

    def title(self, node: nodes.Element) -> list[str]:
        """The title of something that is no section."""
        text = self.text(node)
        return [f"**{text}**"] if text else []

    def code(self, node: nodes.Element) -> list[str]:
        """A fenced block with its language, the fence longer than any in it."""
        text = node.astext().rstrip("\n")
        longest = max((len(run) for run in _RUN.findall(text)), default=2)
        fence = "`" * (longest + 1)
        language = str(node.get("language", ""))
        language = "" if language in ("none", "default") else language
        return [f"{fence}{language}\n{text}\n{fence}"]

    def bullets(self, node: nodes.Element) -> list[str]:
        """A list without an order."""
        return self._list(node, ("- " for _ in node.children))

    def numbers(self, node: nodes.Element) -> list[str]:
        """A list in order."""
        first = int(node.get("start", 1))
        return self._list(node, (f"{first + at}. " for at in range(len(node.children))))

    def _list(self, node: nodes.Element, marks: Iterable[str]) -> list[str]:
        items = []
        for mark, item in zip(marks, node.children, strict=False):
            if isinstance(item, nodes.Element):
                items.append(_indented(mark, _tight(self.blocks(item.children))))
        apart = "\n\n" if any("\n\n" in item for item in items) else "\n"
        return [apart.join(items)] if items else []

    def definitions(self, node: nodes.Element) -> list[str]:
        """Terms and what they mean, an item each."""
        return self._list(node, ("- " for _ in node.children))

    def term(self, node: nodes.Element) -> list[str]:
        """A term of a definition."""
        return [f"{''.join(map(anchor, chosen(node['ids'])))}**{self.text(node)}**"]

    def fields(self, node: nodes.Element) -> list[str]:
        """Fields: on a line each where they are short, otherwise with a title each."""
        pairs = [(self.text(_part(f, 0)), self.blocks(_part(f, 1).children)) for f in _fields(node)]
        if all(len(body) <= 1 and not _is_listed(body) for _, body in pairs):
            lines = [f"- {name}: {body[0] if body else ''}".rstrip() for name, body in pairs]
            return ["\n".join(lines)] if lines else []
        return [part for name, body in pairs for part in (f"**{name}**", *body)]

    def quote(self, node: nodes.Element) -> list[str]:
        """A quotation."""
        return _quoted(self.blocks(node.children))

    def mark(self, node: nodes.Element) -> list[str]:
        """What was found out about an example, a page or a service."""
        return _quoted(self.blocks(node.children))

    def admonition(self, node: nodes.Element) -> list[str]:
        """A quotation that begins with the word for its kind."""
        children = list(node.children)
        label = str(admonitionlabels.get(node.__class__.__name__, ""))
        if children and isinstance(children[0], nodes.title):
            label = self.text(children.pop(0))  # type: ignore[arg-type] # a title is an element
        return _quoted([*([f"**{label}**"] if label else ()), *self.blocks(children)])

    def lines(self, node: nodes.Element) -> list[str]:
        """Lines that stay lines."""
        texts = [self.text(line) for line in node.findall(nodes.line)]
        return ["\\\n".join(texts)]

    def table(self, node: nodes.Element) -> list[str]:
        """A table after its caption."""
        caption = next((c for c in node.children if isinstance(c, nodes.title)), None)
        found = self.title(caption) if caption is not None else []
        return [*found, *table(node, lambda entry: self.blocks(entry.children))]

    def footnote(self, node: nodes.Element) -> list[str]:
        """A footnote or citation."""
        label = next((c.astext() for c in node.children if isinstance(c, nodes.label)), "")
        rest = [child for child in node.children if not isinstance(child, nodes.label)]
        return [_indented(f"[^{label}]: ", "\n\n".join(self.blocks(rest)), by=4)]

    def rule(self, _node: nodes.Element) -> list[str]:
        """A transition."""
        return ["---"]

    def math(self, node: nodes.Element) -> list[str]:
        """A formula."""
        return [f"$$\n{node.astext().strip()}\n$$"]


def _signature(node: nodes.Element, domain: str) -> str:
    if domain == "http":
        return escape(" ".join(named(node)))  # type: ignore[arg-type] # it is a signature
    return escape(" ".join(node.astext().split()))


def _fields(node: nodes.Element) -> list[nodes.Element]:
    return [child for child in node.children if isinstance(child, nodes.field)]


def _part(node: nodes.Element, at: int) -> nodes.Element:
    part = node.children[at]
    assert isinstance(part, nodes.Element)  # noqa: S101 - a field has a name and a body
    return part


def _is_listed(body: list[str]) -> bool:
    return any(part.startswith(("- ", "1. ", "```", "> ", "| ")) for part in body)


def _tight(blocks: list[str]) -> str:
    """Blocks of a list's item: a list directly below a line is part of it."""
    whole = ""
    for block in blocks:
        apart = "\n" if block.startswith(("- ", "1. ")) else "\n\n"
        whole += f"{apart}{block}" if whole else block
    return whole


def _indented(mark: str, text: str, by: int = 0) -> str:
    lines = text.split("\n")
    space = " " * (by or len(mark))
    return "\n".join([mark + lines[0], *(f"{space}{line}" if line else "" for line in lines[1:])])


def _quoted(blocks: list[str]) -> list[str]:
    lines = "\n\n".join(blocks).split("\n")
    return ["\n".join(f"> {line}" if line else ">" for line in lines)] if blocks else []


_ADMONITIONS = (
    "admonition attention caution danger error hint important note seealso tip warning topic "
    "sidebar todo_node"
).split()
_NAMED = frozenset({"section", "desc_signature", "term", "footnote", "citation"})
_MAKERS: dict[str, Callable[[Writer, nodes.Element], list[str]]] = {
    "section": Writer.section,
    "desc": Writer.description,
    "title": Writer.title,
    "compact_paragraph": Writer.contents,
    "rubric": Writer.title,
    "caption": Writer.title,
    "literal_block": Writer.code,
    "doctest_block": Writer.code,
    "bullet_list": Writer.bullets,
    "enumerated_list": Writer.numbers,
    "definition_list": Writer.definitions,
    "term": Writer.term,
    "field_list": Writer.fields,
    "docinfo": Writer.fields,
    "block_quote": Writer.quote,
    "beacon": Writer.mark,
    "line_block": Writer.lines,
    "table": Writer.table,
    "footnote": Writer.footnote,
    "citation": Writer.footnote,
    "transition": Writer.rule,
    "math_block": Writer.math,
    **dict.fromkeys(_ADMONITIONS, Writer.admonition),
}
