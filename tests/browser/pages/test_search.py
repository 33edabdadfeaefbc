"""The search as a reader uses it: keyboard only, by what HTTP is made of."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.pages.conftest import PHONE, Opener


def find(page: Page, query: str) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type(query)


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("412", "/1.1/(username)/storage/(collection)/(id)"),
        ("X-Weave-Timestamp", "/1.1/(username)/info/collections"),
        ("PUT storage", "/1.1/(username)/storage/(collection)"),
        ("sortindex", "/1.1/(username)/storage/(collection)"),
        ("put /1.1/ann/storage/tabs", "/1.1/(username)/storage/(collection)"),
        ("Precondition Failed", "/1.1/(username)/storage/(collection)"),
    ],
)
def test_what_http_is_made_of_finds_the_operation(visit: Opener, query: str, path: str) -> None:
    page = visit("index.html")
    find(page, query)
    group = page.get_by_role("group", name="Operations")
    expect(group.get_by_text(path, exact=True).first).to_be_visible()


def test_the_keyboard_alone_leads_to_the_operation(visit: Opener) -> None:
    page = visit("guide/index.html")
    find(page, "GET quota")
    first = page.locator('.hd-hits a[aria-selected="true"]')
    expect(first).to_contain_text("/info/quota")
    page.keyboard.press("ArrowDown")
    expect(first).not_to_contain_text("/info/quota")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/services/storage/collections.html#get--1.1-(username)-info-quota")


def test_a_misspelt_route_is_answered_with_the_one_that_was_meant(visit: Opener) -> None:
    page = visit("index.html")
    find(page, "GET /1.1/ann/info/colections")
    meant = page.get_by_role("group", name="Did you mean").get_by_role("option")
    expect(meant.first).to_contain_text("/1.1/(username)/info/collections")


def test_facets_narrow_what_is_found(visit: Opener) -> None:
    page = visit("index.html")
    find(page, "timestamp")
    page.get_by_label("Only this method").select_option("DELETE")
    shown = page.locator(".hd-hits a .hd-method")
    expect(shown.first).to_have_text("DELETE")
    assert set(shown.all_text_contents()) == {"DELETE"}
    page.get_by_label("Only this service").select_option("Registration")
    expect(page.locator(".hd-hits")).not_to_contain_text("/storage/")


def test_escape_closes_the_dialog_and_gives_the_focus_back(visit: Opener) -> None:
    page = visit("index.html")
    link = page.locator(".related-pages a").first
    link.focus()
    find(page, "words")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.hd-search")).to_be_hidden()
    expect(link).to_be_focused()


def test_nothing_found_says_so(visit: Opener) -> None:
    page = visit("index.html")
    find(page, "zzqqxx")
    expect(page.get_by_role("status")).to_contain_text("Nothing found")


def test_the_box_at_the_side_opens_the_dialog_with_what_is_typed(
    visit: Opener, shoot: Callable[[Page, str], None]
) -> None:
    page = visit("services/blacklisting.html")
    page.locator(".sidebar-search").click()
    page.keyboard.type("412")
    expect(page.get_by_role("group", name="Operations")).to_be_visible()
    shoot(page, "search-desktop")


def test_the_dialog_fits_on_a_phone(visit: Opener, shoot: Callable[[Page, str], None]) -> None:
    page = visit("services/blacklisting.html", PHONE)
    find(page, "412")
    expect(page.get_by_role("group", name="Operations")).to_be_visible()
    box = page.locator("dialog.hd-search").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    shoot(page, "search-phone")
