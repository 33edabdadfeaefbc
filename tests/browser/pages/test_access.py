"""Whether everybody can read the pages, and how little a page asks for."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from browser.pages.conftest import DESKTOP, PHONE, Opener

PAGES = [  # one of each type; of the API pages the shortest, since axe looks at every node
    "index.html",
    "services/index.html",
    "services/blacklisting.html",
    "guide/settings.html",
    "http-routingtable.html",
    "genindex.html",
    "search.html",
    "404.html",
]
MOST_BYTES = 60 * 1024
MOST_REQUESTS = 20


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


@pytest.mark.parametrize(
    "path",
    ["services/keyexchange.html", "services/registration.html", "services/blacklisting.html"],
)
def test_an_api_page_keeps_within_its_budget(browser: Browser, site: str, path: str) -> None:
    context = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
    page = context.new_page()
    session = context.new_cdp_session(page)
    sizes: list[float] = []
    asked: list[str] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.send("Network.enable")
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}{path}", wait_until="networkidle")
    context.close()
    assert [url for url in asked if not url.startswith((site, "data:"))] == []
    assert len(asked) <= MOST_REQUESTS, asked
    assert sum(sizes) <= MOST_BYTES, sorted(sizes)
