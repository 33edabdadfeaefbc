"""The soundness of an HTML page: balanced, without repeated ids, nothing of a value as markup.

Owns a small reader of HTML. Must not know what a page is about.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

_VOID = frozenset("area base br col embed hr img input link meta source track wbr param".split())


class Reader(HTMLParser):
    """Collects what is wrong with a page, its ids, its links and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, what it names and where it leads."""
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name == "href":
                self.links.append(value or "")
            elif name.startswith("on"):
                self.faults.append(f"a script in {tag} {name}")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close what is open."""
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        """Collect the text."""
        self.words.append(data)

    @property
    def text(self) -> str:
        """All text with its blanks evened out."""
        return " ".join("".join(self.words).split())


def read(html: str) -> Reader:
    """The page, read; its faults include tags left open and ids given twice."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    reader.faults += [f"<{tag}> is left open" for tag in reader.open]
    reader.faults += [f"two of id {one}" for one in set(reader.ids) if reader.ids.count(one) > 1]
    return reader


def main_part(html: str) -> str:
    """What stands between the navigation: the body of the page."""
    found = re.search(r'<div class="body" role="main">(.*?)<div class="clearer">', html, re.DOTALL)
    assert found is not None
    return found[1]
