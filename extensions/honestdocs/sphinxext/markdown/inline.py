"""The inside of a paragraph as Markdown.

Owns emphasis, code, links, images and the escaping of text. Must not know blocks or files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial

from docutils import nodes

Address = Callable[[str], str]
"""From where a link leads in HTML to where it leads in Markdown."""

_SPECIAL = re.compile(r"[\\`*_<\[&|]")
_ESCAPED = re.compile(
    r"[\\`*\[]"  # always
    r"|(?<!\w)_|_(?!\w)"  # not inside of words
    r"|<(?=[A-Za-z/!?])"  # only what would be a tag
    r"|&(?=#?\w+;)"  # only what would be an entity
)
_FIRST = re.compile(r"(?:[#>+-]|=+$|~~~)|(\d+)[.)](?=\s|$)")
_MADE = re.compile(r"(id|index-)\d+$")
_TICKS = re.compile(r"`+")
_UNTOLD = frozenset({"comment", "index", "raw", "system_message", "substitution_definition"})


def escape(text: str) -> str:
    """Text that Markdown takes as text."""
    return _ESCAPED.sub(r"\\\g<0>", text) if _SPECIAL.search(text) else text


def escape_start(line: str) -> str:
    """A paragraph that begins no list, heading or quotation."""
    found = _FIRST.match(line)
    if found is None or line.startswith("**"):
        return line
    return f"{found[1]}\\{line[len(found[1]) :]}" if found[1] else f"\\{line}"


def code(text: str) -> str:
    """Text set as code, whatever it holds (CommonMark 6.1)."""
    text = " ".join(text.split())
    runs = {len(run) for run in _TICKS.findall(text)}
    mark = next("`" * size for size in range(1, len(runs) + 2) if size not in runs)
    inner = f" {text} " if text.startswith("`") or text.endswith("`") else text
    return f"{mark}{inner}{mark}" if text else ""


def chosen(names: Iterable[str]) -> list[str]:
    """Those of some names that docutils has not made up: nobody links to the others by choice."""
    return [name for name in names if not _MADE.match(name)]


def anchor(name: str) -> str:
    """A place that links can lead to."""
    return f'<a id="{name}"></a>'


def inline(node: nodes.Element, address: Address) -> str:
    """The content of a node on one line."""
    return " ".join(_children(node, address).split())


def inline_node(node: nodes.Element, address: Address) -> str:
    """A node itself on one line, such as a link or an image."""
    return " ".join(_one(node, address).split())


def _children(node: nodes.Element, address: Address) -> str:
    return "".join([_one(child, address) for child in node.children])


def _one(node: nodes.Node, address: Address) -> str:
    if isinstance(node, nodes.Text):
        return escape(str(node))
    name = node.__class__.__name__
    if name in _UNTOLD or not isinstance(node, nodes.Element):
        return ""
    make = _MAKERS.get(name)
    if make is not None:
        return make(node, address)
    return _children(node, address)


def _surround(node: nodes.Element, address: Address, mark: str) -> str:
    inner = _children(node, address)
    text = inner.strip()
    if not text:
        return inner
    before = inner[: len(inner) - len(inner.lstrip())]
    after = inner[len(inner.rstrip()) :]
    return f"{before}{mark}{text}{mark}{after}"


def _plain_or_badge(node: nodes.Element, address: Address) -> str:
    return _surround(node, address, "**" if "honestdocs-badge" in node["classes"] else "")


def _reference(node: nodes.Element, address: Address) -> str:
    text = _children(node, address)
    to = f"#{node['refid']}" if "refid" in node else address(str(node.get("refuri", "")))
    if not to or not text.strip():
        return text
    if to in (text, f"mailto:{text}") and ":" in to:
        return f"<{to}>"
    return f"[{text.strip()}]({_target(to)})"


def _target(uri: str) -> str:
    """An address as a link's destination: angle brackets hold what brackets would end."""
    return f"<{uri}>" if any(char in uri for char in " ()") else uri


def _image(node: nodes.Element, address: Address) -> str:
    told = escape(" ".join(str(node.get("alt", "")).split()))
    return f"![{told}]({_target(address(str(node['uri'])))})"


def _footnote(node: nodes.Element, _address: Address) -> str:
    return f"[^{node.astext()}]"


def _math(node: nodes.Element, _address: Address) -> str:
    return f"${node.astext()}$"


def _place(node: nodes.Element, address: Address) -> str:
    """What a name stands for; the name of a link that gives it its address is no place."""
    named = [] if "refuri" in node or "refid" in node else chosen(node["ids"])
    return "".join(map(anchor, named)) + _children(node, address)


def _literal(node: nodes.Element, _address: Address) -> str:
    return code(node.astext())


_MAKERS: dict[str, Callable[[nodes.Element, Address], str]] = {
    "reference": _reference,
    "number_reference": _reference,
    "image": _image,
    "footnote_reference": _footnote,
    "citation_reference": _footnote,
    "math": _math,
    "target": _place,
    "inline": _plain_or_badge,
    **dict.fromkeys(("literal", "literal_strong", "desc_name", "desc_addname"), _literal),
    "strong": partial(_surround, mark="**"),
    **dict.fromkeys(
        ("emphasis", "literal_emphasis", "title_reference"), partial(_surround, mark="*")
    ),
}
