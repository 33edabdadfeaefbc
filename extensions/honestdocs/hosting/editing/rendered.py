"""The difference of two built pages, as a page: what came is in ``<ins>``, what went in ``<del>``.

Owns which blocks are taken for the same one changed, and where one that is gone is shown. Must
not know how a page was built.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from lxml import etree, html

from honestdocs.hosting.editing.blocks import blocks, clean, key, main_of, wrap_runs
from honestdocs.hosting.editing.words import Token, compare, fill, text_of, tokens, wrapped

_ALIKE = 0.4
"""Share of their words that two blocks have in common to be taken for one that was changed."""
_MOST_PAIRS = 10_000
_KEPT_RELS = ("stylesheet", "icon")
_LOOSE = {"li": "ul", "dt": "dl", "dd": "dl", "tr": "table", "td": "table", "th": "table"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A difference as a page; ``changes`` is how many blocks differ."""

    page: bytes
    changes: int


def rendered_difference(old: bytes, new: bytes, style: str) -> Rendered:
    """The text of the new page with what changed since the old one marked.

    ``style`` is the address of the style sheet of the marks. An empty page has nothing but its
    difference.
    """
    before, after = _text_of(old), _text_of(new)
    changes = _mark(before, after)
    return Rendered(page=_page(new or old, after, style), changes=changes)


def _text_of(page: bytes) -> html.HtmlElement:
    text = main_of(_parsed(page)) if page.strip() else html.Element("div")
    if text.getparent() is not None:
        text.tail = None
        text.getparent().remove(text)
    clean(text, text_only=True)
    wrap_runs(text)
    return text


def _parsed(page: bytes) -> html.HtmlElement:
    parser = html.HTMLParser(encoding="utf-8")
    parsed: html.HtmlElement = html.document_fromstring(page, parser=parser)
    return parsed


def _mark(before: html.HtmlElement, after: html.HtmlElement) -> int:
    old, new = list(blocks(before)), list(blocks(after))
    pairs = dict(_pairs(old, new))
    taken = set(pairs.values())
    gone = [at for at in range(len(old)) if at not in taken]
    keys = {at: key(old[at]) for at in taken}
    changes = len(gone)
    _put_back(old, new, gone, pairs, after)
    for at, block in enumerate(new):
        if at not in pairs:
            _wrap(block, "ins", "difference-added")
            changes += 1
        elif keys[pairs[at]] != key(block):
            _compare(old[pairs[at]], block)
            changes += 1
    return changes


def _pairs(
    old: Sequence[html.HtmlElement], new: Sequence[html.HtmlElement]
) -> Iterator[tuple[int, int]]:
    """The places of blocks that are the same or one changed: of the new one, and of the old."""
    keys = [key(block) for block in old], [key(block) for block in new]
    for code, i1, i2, j1, j2 in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if code == "equal":
            yield from zip(range(j1, j2), range(i1, i2), strict=True)
        elif code == "replace":
            yield from _alike(old, new, range(i1, i2), range(j1, j2))


def _alike(
    old: Sequence[html.HtmlElement], new: Sequence[html.HtmlElement], was: range, now: range
) -> Iterator[tuple[int, int]]:
    """Pairs in order with as much in common as can be."""
    if len(was) * len(now) > _MOST_PAIRS:
        same = zip(now, was, strict=False)
        yield from ((j, i) for j, i in same if old[i].tag == new[j].tag)
        return
    words = [_counted(old[i]) for i in was], [_counted(new[j]) for j in now]
    share = [[_share(one, other) for other in words[1]] for one in words[0]]
    best = [[0.0] * (len(now) + 1) for _ in range(len(was) + 1)]
    for i in reversed(range(len(was))):
        for j in reversed(range(len(now))):
            both = share[i][j] + best[i + 1][j + 1] if share[i][j] >= _ALIKE else 0.0
            best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(was) and j < len(now):
        if share[i][j] >= _ALIKE and best[i][j] == share[i][j] + best[i + 1][j + 1]:
            yield now[j], was[i]
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1


def _counted(block: html.HtmlElement) -> tuple[object, Counter[str], int]:
    """The kind of a block, its words, and how many they are."""
    words = Counter(re.findall(r"\w+", text_of(block)))
    return block.tag, words, words.total()


def _share(one: tuple[object, Counter[str], int], other: tuple[object, Counter[str], int]) -> float:
    if one[0] != other[0]:
        return 0.0
    whole = one[2] + other[2]
    if 2 * min(one[2], other[2]) < _ALIKE * whole:
        return 0.0
    return 2 * (one[1] & other[1]).total() / whole if whole else 1.0


def _compare(old: html.HtmlElement, new: html.HtmlElement) -> None:
    markup, words = compare(tokens(old), tokens(new))
    fill(new, markup)
    _name(new, "difference-changed" if words else "difference-markup")
    if not words:
        new.set("title", "Only the formatting or a link changed here")


def _wrap(block: html.HtmlElement, name: str, kind: str) -> None:
    """Marks a whole block."""
    runs: list[str] = []
    words: list[Token] = []
    for token in (*tokens(block), Token("")):
        if token.text:
            words.append(token)
            continue
        blank = not any(word.text.strip() for word in words)
        runs += [word.markup for word in words] if blank else [wrapped(name, words)]
        words = []
        runs.append(token.markup)
    fill(block, "".join(runs))
    _name(block, kind)


def _name(element: html.HtmlElement, kind: str) -> None:
    element.set("class", f"{element.get('class', '')} {kind}".strip())


def _put_back(
    old: Sequence[html.HtmlElement],
    new: Sequence[html.HtmlElement],
    gone: Sequence[int],
    pairs: dict[int, int],
    root: html.HtmlElement,
) -> None:
    """Shows the blocks that are gone where they stood: before the next one that is still there."""
    back = {was: now for now, was in pairs.items()}
    alive = {above for at in back for above in old[at].iterancestors()}
    shown: set[html.HtmlElement] = set()
    page = _Page(root=root)
    for at in gone:
        whole = _whole(old[at], alive)
        if whole in shown:
            continue
        shown.add(whole)
        later = next((new[back[n]] for n in range(at + 1, len(old)) if n in back), None)
        earlier = next((new[back[n]] for n in range(at - 1, -1, -1) if n in back), None)
        page.take(_lost(whole), whole.getparent(), later, earlier)


def _lost(whole: html.HtmlElement) -> html.HtmlElement:
    """A copy of what is gone, marked."""
    copy = deepcopy(whole)
    copy.tail = None
    for block in list(blocks(copy)) or [copy]:
        _wrap(block, "del", "difference-gone")
    for element in copy.iter():
        element.attrib.pop("id", None)
    return copy


def _whole(block: html.HtmlElement, alive: set[html.HtmlElement]) -> html.HtmlElement:
    """The outermost element around a block of which nothing is left."""
    found = block
    while (above := found.getparent()) is not None and above.getparent() is not None:
        if above in alive:
            break
        found = above
    return found


@dataclass(slots=True, kw_only=True)
class _Page:
    """The new text, which takes in what is gone; what stood side by side stays in order."""

    root: html.HtmlElement
    tails: dict[html.HtmlElement, html.HtmlElement] = field(default_factory=dict)

    def take(
        self,
        copy: html.HtmlElement,
        above: html.HtmlElement | None,
        later: html.HtmlElement | None,
        earlier: html.HtmlElement | None,
    ) -> None:
        """Puts a copy into an element of the kind of ``above``, else beside the nearest block."""
        kind = None if above is None or above.getparent() is None else _kind(above)
        for block, behind in ((later, False), (earlier, True)):
            anchor = None if block is None else self._within(block, kind)
            if anchor is not None:
                self._insert(anchor, copy, behind=behind)
                return
        loose = _LOOSE.get(str(copy.tag))
        if loose:
            wrapper = html.Element(loose)
            wrapper.append(copy)
            copy = wrapper
        near = earlier if earlier is not None else later
        if near is None:
            self.root.append(copy)
        else:
            self._insert(self._top(near), copy, behind=earlier is not None)

    def _insert(self, anchor: html.HtmlElement, copy: html.HtmlElement, *, behind: bool) -> None:
        beside = self.tails.get(anchor, anchor) if behind else anchor
        parent = beside.getparent()
        if parent is not None:
            parent.insert(parent.index(beside) + behind, copy)
            self.tails[anchor] = copy if behind else self.tails.get(anchor, anchor)

    def _within(self, block: html.HtmlElement, kind: object) -> html.HtmlElement | None:
        """The element around a block that stands in one of a kind; None is the whole text."""
        found: html.HtmlElement | None = block
        while found is not None and found is not self.root:
            above = found.getparent()
            if above is not None and (above is self.root if kind is None else _kind(above) == kind):
                return found
            found = above
        return None

    def _top(self, block: html.HtmlElement) -> html.HtmlElement:
        """The element around a block that may have anything beside it."""
        found = block
        while (above := found.getparent()) is not None and above is not self.root:
            if above.tag in ("section", "article", "main", "div") and found.tag not in _LOOSE:
                break
            found = above
        return found


def _kind(element: html.HtmlElement) -> tuple[str, str]:
    return str(element.tag), str(element.get("class", ""))


def _page(source: bytes, text: html.HtmlElement, style: str) -> bytes:
    head = html.Element("head")
    head.append(html.Element("meta", charset="utf-8"))
    title = html.Element("title")
    title.text = "Difference"
    head.append(title)
    view = html.Element("meta", name="viewport", content="width=device-width, initial-scale=1")
    head.append(view)
    for link in _parsed(source).iter("link") if source.strip() else ():
        if set(str(link.get("rel", "")).split()).intersection(_KEPT_RELS):
            link.tail = None
            head.append(deepcopy(link))
    head.append(html.Element("link", rel="stylesheet", href=style))
    page = html.Element("html", lang="en")
    body = html.Element("body")
    body.set("class", "difference")
    main = html.Element("main")
    main.append(text)
    body.append(main)
    page.extend([head, body])
    built: bytes = etree.tostring(page, encoding="utf-8", method="html")
    return b"<!DOCTYPE html>\n" + built
