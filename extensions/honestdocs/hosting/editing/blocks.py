"""The blocks of built HTML: what a reader sees as one paragraph, heading, cell or listing.

Owns finding them and telling whether two are the same. Must not know what becomes of a difference.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree, html

from honestdocs.hosting.editing.words import text_of

_BLOCK = frozenset(
    """
    address article aside blockquote body caption center dd details div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section summary
    table tbody td tfoot th thead tr ul
    """.split()
)
_SEEN = ("img", "svg", "input", "object", "video", "audio", "iframe")
"""What is something to see without a text."""
_DROPPED = ("script", "style", "noscript", "template", "form", "object", "iframe", "embed", "base")
_OURS = frozenset(("honestdocs", "honestdocs-history", "honestdocs-edit", "honestdocs-edition"))
"""Boxes that tell of a page how it was proven or who changed it, and are no part of its text."""


def main_of(page: html.HtmlElement) -> html.HtmlElement:
    """The element that holds the text of a page, whatever the theme."""
    for way in ("//*[@role='main']", "//main", "//div[contains(@class, 'body')]", "//body"):
        for found in page.xpath(way):
            element: html.HtmlElement = found
            return element
    return page


def clean(root: html.HtmlElement, *, text_only: bool = False) -> None:
    """Takes out whatever runs or asks for something; ``text_only`` also what is not the text."""
    for element in list(root.iter()):
        comment = not isinstance(element.tag, str)
        ours = text_only and (_is_ours(element) or _is_anchor(element))
        if element is not root and (comment or element.tag in _DROPPED or ours):
            element.drop_tree()
            continue
        for name in [name for name in element.keys() if name.startswith("on")]:  # noqa: SIM118 - no mapping
            del element.attrib[name]
        for name in ("href", "src", "action", "formaction"):
            if str(element.get(name, "")).strip().lower().startswith(("javascript:", "data:text")):
                del element.attrib[name]


def _is_ours(element: html.HtmlElement) -> bool:
    return bool(_OURS.intersection(str(element.get("class", "")).split()))


def _is_anchor(element: html.HtmlElement) -> bool:
    return "headerlink" in str(element.get("class", "")).split()


def wrap_runs(root: html.HtmlElement) -> None:
    """Puts text that stands beside blocks into blocks of its own, so that none is overlooked."""
    for element in list(root.iter()):
        if isinstance(element.tag, str) and _holds_blocks(element) and _is_mixed(element):
            _wrap(element)


def _holds_blocks(element: html.HtmlElement) -> bool:
    return any(child.tag in _BLOCK for child in element)


def _is_mixed(element: html.HtmlElement) -> bool:
    tails = (child.tail for child in element)
    loose = any((text or "").strip() for text in (element.text, *tails))
    return loose or any(child.tag not in _BLOCK and _shows(child) for child in element)


def _wrap(element: html.HtmlElement) -> None:
    run = _run(element.text)
    element.text = None
    children = list(element)
    at = 0
    for child in children:
        if child.tag in _BLOCK:
            at = _put(element, run, at) + 1
            run, child.tail = _run(child.tail), None
        else:
            run.append(child)
    _put(element, run, at)


def _run(text: str | None) -> html.HtmlElement:
    run = html.Element("div")
    run.text = text
    return run


def _put(element: html.HtmlElement, run: html.HtmlElement, at: int) -> int:
    """Puts a run in its place where it holds anything; returns the place behind it."""
    if len(run) or (run.text or "").strip():
        element.insert(at, run)
        return at + 1
    return at


def blocks(root: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The innermost blocks that show something, in order."""
    for element in root.iter():
        inner = isinstance(element.tag, str) and element.tag in _BLOCK
        inner = inner and not any(below.tag in _BLOCK for below in element.iterdescendants())
        if inner and _shows(element):
            yield element


def _shows(element: html.HtmlElement) -> bool:
    if not isinstance(element.tag, str):
        return False
    return bool(text_of(element).strip()) or any(True for _ in element.iter(*_SEEN))


def key(block: html.HtmlElement) -> tuple[str, str]:
    """What makes two blocks the same: their kind, text and markup, but for their anchors."""
    copy = html.fromstring(etree.tostring(block, encoding="unicode", with_tail=False))
    for element in copy.iter():
        element.attrib.pop("id", None)
    return str(block.tag), etree.tostring(copy, encoding="unicode")
