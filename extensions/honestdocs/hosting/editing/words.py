"""The difference of two pieces of inline HTML, word by word.

Owns what a word is, and putting ``<ins>`` and ``<del>`` around them: the elements are those of the
new piece, and a word that is gone stands as text where it was. Must not know blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape

from lxml import etree, html

_WORD = re.compile(r"\w+|[^\S\n]+|\n|[^\w\s]")
_VOID = frozenset(("img", "br", "wbr", "hr", "input"))
_MOST = 1500
"""Words that are compared one by one; beyond that whole rows are first."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or a tag; ``text`` is what of it is compared, empty for a tag that shows nothing."""

    markup: str
    text: str = ""


def tokens(element: html.HtmlElement) -> list[Token]:
    """What is inside an element, in order."""
    return [*_words(element.text), *(t for child in element for t in _element(child))]


def _element(child: html.HtmlElement) -> Iterator[Token]:
    if isinstance(child.tag, str):
        given = "".join(f' {name}="{escape(value)}"' for name, value in child.items())
        opening = f"<{child.tag}{given}>"
        if child.tag in _VOID:
            yield Token(opening, f"{child.tag} {child.get('src', '')}".strip())
        else:
            yield Token(opening)
            yield from tokens(child)
            yield Token(f"</{child.tag}>")
    yield from _words(child.tail)


def _words(text: str | None) -> Iterator[Token]:
    for word in _WORD.findall(text or ""):
        yield Token(escape(word, quote=False), word)


def compare(old: list[Token], new: list[Token]) -> tuple[str, bool]:
    """The new piece with what changed marked; whether any word did."""
    was = [token for token in old if token.text]
    now = [token for token in new if token.text]
    added: set[int] = set()
    gone: dict[int, list[Token]] = {}
    for i1, i2, j1, j2 in _changes([t.text for t in was], [t.text for t in now]):
        added.update(range(j1, j2))
        if i1 < i2:
            gone.setdefault(j1, []).extend(was[i1:i2])
    return "".join(_marked(new, added, gone)), bool(added or gone)


def _changes(was: list[str], now: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """The places that differ; of long pieces the rows that differ, and in those the words."""
    if max(len(was), len(now)) <= _MOST:
        for code, i1, i2, j1, j2 in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
            if code != "equal":
                yield i1, i2, j1, j2
        return
    rows_was, rows_now = _rows(was), _rows(now)
    texts = ["".join(was[a:b]) for a, b in rows_was], ["".join(now[a:b]) for a, b in rows_now]
    for code, i1, i2, j1, j2 in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if code == "equal":
            continue
        a1, a2 = _span(rows_was, i1, i2, len(was))
        b1, b2 = _span(rows_now, j1, j2, len(now))
        if max(a2 - a1, b2 - b1) > _MOST:
            yield a1, a2, b1, b2
            continue
        for x1, x2, y1, y2 in _changes(was[a1:a2], now[b1:b2]):
            yield a1 + x1, a1 + x2, b1 + y1, b1 + y2


def _rows(words: list[str]) -> list[tuple[int, int]]:
    ends = [at + 1 for at, word in enumerate(words) if word in ("\n", ".")]
    ends = ends if ends and ends[-1] == len(words) else [*ends, len(words)]
    return list(zip([0, *ends[:-1]], ends, strict=True))


def _span(rows: list[tuple[int, int]], first: int, last: int, end: int) -> tuple[int, int]:
    start = rows[first][0] if first < len(rows) else end
    return start, rows[last - 1][1] if last > first else start


def _marked(new: Iterable[Token], added: set[int], gone: dict[int, list[Token]]) -> Iterator[str]:
    at, inside = 0, False
    for token in new:
        if not token.text:
            yield "</ins>" if inside else ""
            inside = False
            yield token.markup
            continue
        if at in gone:
            yield "</ins>" if inside else ""
            inside = False
            yield wrapped("del", gone[at])
        if (at in added) != inside:
            inside = at in added
            yield "<ins>" if inside else "</ins>"
        yield token.markup
        at += 1
    yield "</ins>" if inside else ""
    yield wrapped("del", gone[at]) if at in gone else ""


def wrapped(name: str, words: Iterable[Token]) -> str:
    """Words in an element."""
    return f"<{name}>{''.join(word.markup for word in words)}</{name}>"


def fill(element: html.HtmlElement, markup: str) -> None:
    """Replaces what is inside an element."""
    for child in list(element):
        element.remove(child)
    element.text = None
    piece = html.fragment_fromstring(markup, create_parent="div")
    element.text = piece.text
    element.extend(list(piece))


def text_of(element: html.HtmlElement) -> str:
    """The text of an element without what is around it."""
    return str(etree.tostring(element, method="text", encoding="unicode", with_tail=False))
