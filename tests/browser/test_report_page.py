"""The report as a page: whole in itself, readable by all, in light and in dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from browser.conftest import Open, shoot
from functional.command import FACT, honestdocs, page, write_tree
from servers.items import ItemServer, serving_items

LYING = FACT.replace("apples", "<b>pears</b> & more").replace("42", "41")
CARELESS = "This is teh page; see :doc:`nowhere`.  "


@pytest.fixture(scope="module")
def service() -> Iterator[ItemServer]:
    with serving_items() as server:
        yield server


@pytest.fixture
def report(tmp_path: Path, service: ItemServer) -> Path:
    """The page on a tree with a lie, a misspelled word, a lost link and an untidy line."""
    write_tree(tmp_path, {"docs/index": page("Facts", CARELESS, LYING)})
    words = ("--with", "all", "--html", "report.html", "--quiet", "--build-dir", "state")
    ended = honestdocs(tmp_path, "check", "docs", "--url", service.url, *words)
    assert ended.status == 1, ended.err
    return tmp_path / "report.html"


class Reader(HTMLParser):
    """Notes every address that a page names, and whether elements end as they began."""

    VOID = frozenset({"meta", "br", "img", "link", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.named: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        self.named += [value or "" for name, value in attrs if name in {"src", "href", "action"}]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_names_nothing_outside_itself_and_is_well_formed(report: Path) -> None:
    text = report.read_text("utf-8")
    reader = Reader()
    reader.feed(text)
    assert (reader.open, reader.named) == ([], [])
    assert not re.search(r"url\(|@import|<script|<link", text)
    assert "<b>pears</b>" not in text
    assert "&lt;b&gt;pears" in text


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1300, 380])
def test_the_page_is_accessible_and_tells_everything(
    report: Path, surf: Open, scheme: str, width: int
) -> None:
    shown = surf(report.as_uri(), width=width, scheme=scheme)
    assert shown.title() == "honestdocs: Lies"
    for heading in ("Lies", "Links", "Spelling", "Style", "Pages", "Services"):
        assert shown.get_by_role("heading", level=2).filter(has_text=heading).count() >= 1
    found = Axe().run(shown).response["violations"]
    assert found == [], [one["id"] for one in found]
    shoot(shown, f"report-{scheme}-{width}")
    assert shown.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
