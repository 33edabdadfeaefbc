"""Whether everybody can read the pages, and how little a page asks for."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext

from browser.pages.conftest import DESKTOP, PHONE, Opener

PAGES = [  # one of each type, and all of the largest specification
    "index.html",
    "services/index.html",
    "services/blacklisting.html",
    "services/storage/index.html",
    "services/storage/concepts.html",
    "services/storage/collections.html",
    "services/storage/reading.html",
    "services/storage/writing.html",
    "services/storage/record.html",
    "services/storage/errors.html",
    "status/index.html",
    "status/storage.html",
    "project/changelog.html",
    "guide/settings.html",
    "http-routingtable.html",
    "genindex.html",
    "search.html",
    "404.html",
]
MOST_BYTES = 60 * 1024
MOST_REQUESTS = 20
TABS = 8


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit: Opener, path: str, theme: str) -> None:
    page = visit(path, color_scheme=theme)
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_search(visit: Opener, theme: str) -> None:
    page = visit("index.html", color_scheme=theme)
    page.keyboard.press("Control+k")
    page.keyboard.type("412")
    page.get_by_role("group", name="Operations").wait_for()
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()


def test_axe_finds_nothing_on_a_phone(visit: Opener) -> None:
    found = Axe().run(visit("services/blacklisting.html", PHONE))
    assert not found.response["violations"], found.generate_report()


def test_every_page_keeps_within_the_budget(browser: Browser, site: str, folder: Path) -> None:
    context = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
    tabs = [Tab(context) for _ in range(TABS)]
    pages = _pages(folder)
    over: dict[str, tuple[int, float]] = {}
    for begin in range(0, len(pages), TABS):
        visits = list(zip(tabs, pages[begin : begin + TABS], strict=False))
        for tab, path in visits:
            tab.begin(f"{site}{path}")
        for tab, path in visits:
            tab.page.wait_for_load_state("networkidle")
            assert [url for url in tab.asked if not url.startswith((site, "data:"))] == [], path
            assert tab.sizes, path
            if len(tab.asked) > MOST_REQUESTS or sum(tab.sizes) > MOST_BYTES:
                over[path] = (len(tab.asked), sum(tab.sizes))
    context.close()
    assert over == {}


class Tab:
    """A tab without cache that notes what its page asks for: waiting for one page is idle time."""

    def __init__(self, context: BrowserContext) -> None:
        self.sizes: list[float] = []
        self.asked: list[str] = []
        self.page = context.new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        session = context.new_cdp_session(self.page)
        session.on("Network.loadingFinished", lambda e: self.sizes.append(e["encodedDataLength"]))
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def begin(self, url: str) -> None:
        self.sizes.clear()
        self.asked.clear()
        self.page.goto(url, wait_until="commit")


def _pages(folder: Path) -> list[str]:
    """All pages but those that only lead to another one."""
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*.html"))
        if 'http-equiv="refresh"' not in path.read_text("utf-8")
    ]
