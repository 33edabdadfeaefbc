"""Editing a hosted page in a real browser: from the link below a page to the published change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from browser.conftest import Open, shoot
from functional.command import FACT, page
from hosting.editor import Edit, Reader
from hosting.hosted import CONF, PAGES, Hosted, add_user, host, serving
from servers.items import serving_items

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "correct-horse-battery"
PATH = "source/second.rst"
SECONDS = 60_000
GOOD = page("Second", FACT, "It comes after :ref:`first`.")
LIE = GOOD.replace('"answer": 42', '"answer": 41')
LINE = 1 + LIE.splitlines().index('          "answer": 41,')
THEME = 'html_theme = "furo"\n'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hosted, str]]:
    folder = tmp_path_factory.mktemp("host")
    with serving_items() as items:
        services = {"items": {"url": items.url, "pages": ["second"]}}
        hosted = host(folder, PAGES, conf=f"{CONF}{THEME}honestdocs_services = {services!r}\n")
        for name in ("alice", "bob"):
            assert add_user(hosted, name, PASSWORD).status == 0
        with serving(hosted, "--plain-push") as url:
            yield hosted, url


def sign_in(surf: Open, url: str, path: str = "second.html", **options: object) -> Page:
    """From a page to its editor."""
    seen = surf(f"{url}/{path}", **options)
    seen.get_by_role("link", name="Edit this page").click()
    seen.get_by_label("Name").fill("alice")
    seen.get_by_label("Password").fill(PASSWORD)
    seen.get_by_role("button", name="Sign in").click()
    expect(seen.get_by_label("Source", exact=True)).to_be_visible()
    return seen


def press(seen: Page, name: str) -> None:
    """Presses a button and waits for what comes of it."""
    with seen.expect_navigation(timeout=SECONDS):
        seen.get_by_role("button", name=name, exact=True).click()


def write(seen: Page, text: str, message: str = "Tell the fact") -> None:
    seen.get_by_label("Source", exact=True).fill(text)
    seen.get_by_label("What the change does").fill(message)


def test_a_lie_is_shown_and_refused_and_its_correction_is_published(
    served: tuple[Hosted, str], surf: Open
) -> None:
    hosted, url = served
    seen = sign_in(surf, url)
    write(seen, LIE)
    press(seen, "Preview")
    expect(seen.get_by_role("heading", name="1 finding")).to_be_visible()
    expect(seen.locator(".findings")).to_contain_text("documented 41, observed 42")
    mark = seen.locator(".gutter span.lie")
    expect(mark).to_have_count(1)
    frame = seen.frame_locator("iframe")
    expect(frame.locator(".honestdocs-mark.honestdocs-failed")).to_contain_text(
        "41", timeout=SECONDS
    )
    seen.get_by_role("link", name=f"line {LINE}").click()
    area = seen.get_by_label("Source", exact=True)
    expect(area).to_be_focused()
    picked = area.evaluate("a => a.value.slice(a.selectionStart, a.selectionEnd)")
    assert picked.strip() == '"answer": 41,'
    shoot(seen, "edit-lie")
    before = hosted.tip()
    press(seen, "Commit")
    expect(seen.get_by_role("alert")).to_contain_text(f"{PATH}:{LINE}: /answer: documented 41")
    expect(area).to_have_value(LIE)
    assert hosted.tip() == before
    shoot(seen, "edit-refused")
    write(seen, GOOD)
    press(seen, "Preview")
    expect(seen.get_by_role("heading", name="Nothing is wrong")).to_be_visible()
    expect(seen.frame_locator("iframe").locator(".honestdocs-passed").first).to_be_visible()
    press(seen, "Differences")
    expect(seen.locator(".rows .added").first).to_be_visible()
    changed = seen.frame_locator("iframe[title='Differences of the page']")
    expect(changed.locator("ins").first).to_be_visible()
    shoot(seen, "edit-difference")
    press(seen, "Commit")
    expect(seen.get_by_role("status").first).to_contain_text("proven and published in")
    assert hosted.ask("log", "-r", "tip", "-T", "{author}") == "alice"
    seen.get_by_role("link", name="The page").click()
    expect(seen.locator(".honestdocs-passed").first).to_be_visible()
    expect(seen.get_by_text("/fact").first).to_be_visible()


def test_a_newer_change_is_merged_or_marked_and_settled_in_the_browser(
    served: tuple[Hosted, str], surf: Open
) -> None:
    hosted, url = served
    seen = sign_in(surf, url, "first.html")
    bob = Reader(url=url)
    bob.sign_in("bob", PASSWORD)
    theirs = Edit.open(bob, "source/first.rst")
    assert theirs.act("commit", theirs.source.replace("to read", "to hear")).status == 303
    area = seen.get_by_label("Source", exact=True)
    write(seen, theirs.source.replace("to read", "to see"), "See")
    press(seen, "Commit")
    expect(seen.get_by_role("alert")).to_contain_text("bob changed this page meanwhile")
    text = area.input_value()
    assert "<<<<<<< yours\nSomething to see.\n=======\nSomething to hear.\n>>>>>>> bob" in text
    shoot(seen, "edit-conflict")
    write(seen, theirs.source.replace("to read", "to hear and see"), "Hear and see")
    press(seen, "Commit")
    expect(seen.get_by_role("status").first).to_contain_text("in your name")
    assert "Something to hear and see." in hosted.page("first")


def test_what_was_typed_is_still_there_when_one_comes_back(
    served: tuple[Hosted, str], surf: Open
) -> None:
    seen = sign_in(surf, served[1], "index.html")
    write(seen, "Start\n=====\n\nHalf a sent")
    seen.wait_for_timeout(500)
    seen.goto(f"{served[1]}/index.html")
    seen.get_by_role("link", name="Edit this page").click()
    expect(seen.locator("#draft")).to_contain_text("A draft of")
    seen.get_by_role("button", name="Go on with it").click()
    expect(seen.get_by_label("Source", exact=True)).to_have_value("Start\n=====\n\nHalf a sent")
    shoot(seen, "edit-draft")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1300, 375])
def test_axe_finds_nothing_and_nothing_sticks_out(
    served: tuple[Hosted, str], surf: Open, scheme: str, width: int
) -> None:
    hosted, url = served
    asked = surf(f"{url}/edit/-/login?to={PATH}", scheme=scheme, width=width)
    look(asked, f"edit-sign-in-{scheme}-{width}", width)
    seen = sign_in(surf, url, scheme=scheme, width=width)
    look(seen, f"edit-open-{scheme}-{width}", width)
    write(seen, LIE.replace("It comes", "It really comes") + "\nSee :ref:`nope`.\n")
    press(seen, "Differences")
    expect(seen.frame_locator("iframe").last.locator("body")).to_be_visible()
    look(seen, f"edit-differences-{scheme}-{width}", width)
    between = surf(f"{url}/edit/-/difference/{PATH}?to={hosted.tip()}", scheme=scheme, width=width)
    look(between, f"edit-between-{scheme}-{width}", width)


def look(seen: Page, name: str, width: int) -> None:
    """Nothing of a page is out of reach."""
    found = Axe().run(seen)
    assert found.violations_count == 0, found.generate_report()
    assert seen.evaluate("document.documentElement.scrollWidth") <= width
    seen.screenshot(path=f"build/screenshots/{name}-whole.png", full_page=True)
