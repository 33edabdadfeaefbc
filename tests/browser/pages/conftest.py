"""This project's own pages, as the portal serves them.

Owns building and serving the pages and what is demanded of every visit. The pages are built and
proven once for all tests.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from honestdocs.portal.application import make_application
from honestdocs.portal.site import Site
from portal.served import serving

ROOT = Path(__file__).parents[3]
SCREENSHOTS = ROOT / "build/screenshots"
SECONDS = 400
expect.set_options(timeout=30_000)
DESKTOP = {"width": 1440, "height": 1000}
TABLET = {"width": 820, "height": 1180}
PHONE = {"width": 390, "height": 844}

Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built pages; of workers that run side by side the first builds them for all."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    built = shared / "site"
    with (shared / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            _build(tmp_path_factory.mktemp("site")).rename(built)
    return built


def _build(home: Path) -> Path:
    for name in ("conf.py", "pyproject.toml"):
        shutil.copy(ROOT / name, home)
    for name in ("source", "reference", "changes", "extensions"):
        (home / name).symlink_to(ROOT / name)
    ended = subprocess.run(
        [sys.executable, "-m", "honestdocs", "build", "--output", "html"],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(ROOT / "extensions")},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return home / "html"


@pytest.fixture(scope="session")
def site(folder: Path) -> Iterator[str]:
    """The address of the pages, with a slash at its end."""
    with serving(make_application(Site(folder))) as served:
        yield f"{served.url}/"


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Opener]:
    """Opens pages, each in a browser of its own that has seen nothing yet, and demands that no
    script failed and nobody else was asked for anything.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def note(page: Page) -> None:
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("console", lambda m: faults.append(f"{m.text}") if m.type == "error" else None)
        page.on("request", lambda r: None if own(r.url) else faults.append(f"asked for {r.url}"))

    def own(url: str) -> bool:
        return url.startswith((site, "data:", "blob:"))

    def open_page(path: str, size: dict[str, int] = DESKTOP, **options: object) -> Page:
        context = browser.new_context(
            viewport=size,  # type: ignore[arg-type]
            base_url=site,
            reduced_motion="reduce",
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        note(page)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keeps a picture of a page in build/screenshots."""

    def keep(page: Page, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png")

    assert request.node
    return keep
