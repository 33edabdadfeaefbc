"""Reading an API page: panes, tabs, copying, fields and their lines, themes, small screens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.pages.conftest import DESKTOP, PHONE, TABLET, Opener

STORAGE = "services/storage/collections.html"
OPERATION = "get--1.1-(username)-info-collections"
Shooter = Callable[[Page, str], None]


def boxes(page: Page) -> tuple[dict[str, float], dict[str, float]]:
    columns = page.locator(".hd-columns").first
    prose = columns.locator(".hd-prose").bounding_box()
    shown = columns.locator(".hd-exchanges").bounding_box()
    assert prose is not None
    assert shown is not None
    return dict(prose), dict(shown)


def go(page: Page, anchor: str = OPERATION) -> None:
    page.evaluate(
        "one => document.getElementById(one).scrollIntoView({behavior: 'instant'})", anchor
    )


def test_prose_stands_left_and_exchanges_right_on_a_wide_screen(visit: Opener) -> None:
    prose, shown = boxes(visit(STORAGE))
    assert shown["x"] >= prose["x"] + prose["width"]
    assert shown["y"] == pytest.approx(prose["y"], abs=2)


@pytest.mark.parametrize("size", [{"width": 1199, "height": 900}, TABLET, PHONE], ids=str)
def test_there_is_one_column_below_1200_pixels(visit: Opener, size: dict[str, int]) -> None:
    prose, shown = boxes(visit(STORAGE, size))
    assert shown["y"] >= prose["y"] + prose["height"]


@pytest.mark.parametrize(
    "path", ["index.html", STORAGE, "guide/settings.html", "status/index.html"]
)
def test_nothing_sticks_out_on_a_phone(visit: Opener, path: str) -> None:
    page = visit(path, PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_chosen_form_holds_for_all_requests_and_for_the_next_page(visit: Opener) -> None:
    page = visit(STORAGE)
    page.locator(".hd-tabs").first.get_by_label("curl").check()
    expect(page.locator('[data-hd-form="curl"]').first).to_be_visible()
    expect(page.locator('[data-hd-form="curl"]').last).to_be_visible()
    expect(page.locator('[data-hd-form="http"]').first).to_be_hidden()
    page.goto("services/registration.html")
    expect(page.locator('[data-hd-form="curl"]').first).to_be_visible()
    expect(page.locator(".hd-tabs").first.get_by_label("curl")).to_be_checked()


def test_form_and_theme_are_settled_before_anything_is_drawn(visit: Opener) -> None:
    page = visit(STORAGE)
    page.evaluate("localStorage.setItem('honestdocs-form', 'python')")
    page.evaluate("localStorage.setItem('theme', 'dark')")
    page.add_init_script(
        "new MutationObserver(() => { const at = document.querySelector('h1');"
        " if (at && !window.seen) window.seen = [document.documentElement.dataset.hdForm,"
        " document.body.dataset.theme]; }).observe(document, {childList: true, subtree: true})"
    )
    page.reload()
    assert page.evaluate("window.seen") == ["python", "dark"]


def test_tabs_are_switched_with_the_arrow_keys(visit: Opener) -> None:
    page = visit(STORAGE)
    page.locator(".hd-tabs input").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator('[data-hd-form="httpie"]').first).to_be_visible()


def test_without_scripts_every_form_can_be_read_all_the_same(visit: Opener) -> None:
    page = visit(STORAGE, java_script_enabled=False)
    expect(page.locator('[data-hd-form="http"]').first).to_be_visible()
    page.locator(".hd-tabs").first.get_by_label("Python").check()
    expect(page.locator('[data-hd-form="python"]').first).to_be_visible()
    expect(page.locator('[data-hd-form="http"]').first).to_be_hidden()


def test_a_block_is_copied_as_it_stands(visit: Opener) -> None:
    page = visit(STORAGE, permissions=["clipboard-read", "clipboard-write"])
    block = page.locator('.hd-columns [data-hd-form="http"] .highlight').first
    block.hover()
    block.get_by_role("button", name="Copy").click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("GET /1.1/")


def test_pointing_at_a_field_shows_the_lines_that_hold_it(visit: Opener) -> None:
    page = visit(STORAGE)
    columns = page.locator(".hd-columns").first
    field = columns.locator(".hd-prose li", has_text="bookmarks").first
    field.hover()
    expect(columns.locator(".hd-lit").first).to_have_text('"bookmarks"')
    page.locator("h1").hover()
    expect(columns.locator(".hd-lit")).to_have_count(0)
    field.focus()
    expect(columns.locator(".hd-lit").first).to_have_text('"bookmarks"')


def test_pointing_at_a_line_shows_its_field(visit: Opener) -> None:
    page = visit(STORAGE)
    columns = page.locator(".hd-columns").first
    columns.locator(".hd-exchanges .nt").first.hover()
    expect(columns.locator(".hd-lit-field")).to_contain_text("bookmarks")


def test_the_outline_says_where_the_reader_is(visit: Opener) -> None:
    page = visit(STORAGE)
    go(page)
    here = page.locator('.hd-outline [aria-current="location"]')
    expect(here).to_contain_text("/info/collections")


def test_a_page_that_is_not_there_suggests_others(visit: Opener, site: str) -> None:
    page = visit("index.html")
    page.route("**/services/storag.html", lambda route: route.continue_())
    answer = page.request.get(f"{site}services/storag.html")
    assert answer.status == 404
    page.goto("404.html")
    page.evaluate("history.replaceState(null, '', '/services/storag.html')")
    page.evaluate("suggest(document.querySelector('.hd-suggestions'))")
    expect(page.locator(".hd-suggestions a").first).to_have_text("Storage")


def test_an_old_address_leads_to_the_page(visit: Opener) -> None:
    page = visit("services/sync.html")
    page.wait_for_url("**/services/storage/index.html")


def test_paper_shows_the_message_and_no_controls(visit: Opener, shoot: Shooter) -> None:
    page = visit(STORAGE)
    page.locator(".hd-tabs").first.get_by_label("curl").check()
    page.emulate_media(media="print")
    expect(page.locator('[data-hd-form="http"]').first).to_be_visible()
    expect(page.locator(".hd-tabs").first).to_be_hidden()
    expect(page.locator(".sidebar-drawer")).to_be_hidden()
    shoot(page, "print")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "size"), [("desktop", DESKTOP), ("tablet", TABLET), ("phone", PHONE)]
)
def test_pictures_are_kept_for_people_to_look_at(
    visit: Opener, shoot: Shooter, theme: str, name: str, size: dict[str, int]
) -> None:
    page = visit(STORAGE, size, color_scheme=theme)
    shoot(page, f"storage-top-{name}-{theme}")
    go(page)
    shoot(page, f"storage-operation-{name}-{theme}")
    for path in ("index", "services/index", "guide/settings"):
        page.goto(f"{path}.html")
        shoot(page, f"{path.replace('/', '-')}-{name}-{theme}")
    assert page.title()
