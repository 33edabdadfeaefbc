"""Debian's chromium, driven by Playwright: one browser a module, a fresh profile for each test.

Every page that a test opens is watched: a script that fails, a refused script or style, or a
request to anybody but the portal fails the test. Screenshots are kept in build/screenshots.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
SHOTS = Path(__file__).parents[2] / "build" / "screenshots"
Open: TypeAlias = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser; skipped with the reason where there is none, which fails in CI.

    Playwright keeps an event loop running for as long as it lives: in its thread nothing else can
    run one, so it must not outlive the module.
    """
    if not CHROMIUM.exists():
        said = "chromium is not installed: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield found
        found.close()


@pytest.fixture
def surf(browser: Browser) -> Iterator[Open]:
    """Opens a URL: ``surf(url, width=..., scheme="dark")``."""
    contexts = []
    faults: list[str] = []

    def open_(url: str, *, width: int = 1300, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        home = urlsplit(url).netloc
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on(
            "request",
            lambda request: (
                None
                if urlsplit(request.url).netloc == home or request.url.startswith("data:")
                else faults.append(f"third party: {request.url}")
            ),
        )
        page.on(
            "console",
            lambda said: (
                faults.append(said.text) if "Content Security Policy" in said.text else None
            ),
        )
        page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


def shoot(page: Page, name: str) -> None:
    """Keeps what a page looks like."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")
