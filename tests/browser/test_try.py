"""Trying a documented request from its operation, in a real browser, over a real service."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Open, shoot
from portal.living import Living, living

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SECONDS = 20_000
EVIL = '<img src=x onerror="window.evil=1"><script>window.evil=1</script>'


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    with living(tmp_path_factory.mktemp("try"), theme="furo", heartbeat=5.0) as found:
        yield found


def tea(live: Living, surf: Open, **options: object) -> Page:
    page = surf(f"{live.served.url}/api/tea.html", **options)
    expect(page.get_by_role("button", name="Try it")).to_have_count(3, timeout=SECONDS)
    return page


def test_a_request_is_sent_from_its_operation_with_the_keyboard_alone(
    live: Living, surf: Open
) -> None:
    page = tea(live, surf)
    page.get_by_role("button", name="Try it").first.focus()
    page.keyboard.press("Enter")
    target = page.get_by_label("GET path")
    expect(target).to_be_focused()
    expect(target).to_have_value("/slow/tea")
    page.keyboard.type("-for-two")
    page.keyboard.press("Enter")
    answered = page.locator(".honestdocs-answered")
    expect(answered).to_contain_text("200 OK in", timeout=SECONDS)
    expect(page.get_by_role("region", name="Body")).to_contain_text('"word": "tea-for-two"')
    shoot(page, "try-answer")


def test_the_answer_is_offered_as_a_documented_example(live: Living, surf: Open) -> None:
    page = tea(live, surf)
    page.get_by_role("button", name="Try it").nth(1).click()
    page.get_by_label("Body").fill('{"name": "green"}')
    page.get_by_role("button", name="Send").click()
    page.get_by_text("As a documented example").click(timeout=SECONDS)
    text = page.get_by_role("region", name="reStructuredText").text_content() or ""
    assert text.startswith(
        "**Example request**:\n\n.. sourcecode:: http\n\n   POST /items HTTP/1.1"
    )
    assert "HTTP/1.1 201 Created" in text
    shoot(page, "try-example")


def test_no_markup_of_an_answer_comes_alive(live: Living, surf: Open) -> None:
    live.switch.items.fact = {"answer": EVIL}
    page = tea(live, surf)
    page.get_by_role("button", name="Try it").nth(2).click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("region", name="Body")).to_contain_text("<img src=x", timeout=SECONDS)
    assert page.locator(".honestdocs-try img, .honestdocs-try script").count() == 0
    assert page.evaluate("window.evil") is None


def test_what_is_refused_is_told(live: Living, surf: Open) -> None:
    page = tea(live, surf)
    page.get_by_role("button", name="Try it").first.click()
    page.get_by_label("GET path").fill("/whoami")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".honestdocs-try-error")).to_contain_text(
        "GET /whoami is not documented", timeout=SECONDS
    )


def test_history_is_kept_here_and_holds_no_secret(live: Living, surf: Open) -> None:
    page = tea(live, surf)
    page.get_by_role("button", name="Try it").first.click()
    page.get_by_label("GET path").fill("/slow/kept")
    page.get_by_label("Header fields").fill("Authorization: Bearer hunter22\nX-Mine: 1")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".honestdocs-answered")).to_be_visible(timeout=SECONDS)
    page.reload()
    expect(page.get_by_role("button", name="Try it")).to_have_count(3, timeout=SECONDS)
    page.get_by_role("button", name="Try it").first.click()
    expect(page.get_by_label("GET path")).to_have_value("/slow/tea")
    page.get_by_label("Requests sent before").select_option(index=1)
    expect(page.get_by_label("GET path")).to_have_value("/slow/kept")
    expect(page.get_by_label("Header fields")).to_have_value("Authorization: \nX-Mine: 1")
    assert "hunter22" not in page.evaluate("JSON.stringify(localStorage)")
    page.get_by_role("button", name="Forget history").click()
    assert "/slow/kept" not in page.evaluate("JSON.stringify(localStorage)")


def test_a_link_brings_the_request_back_and_sends_nothing(live: Living, surf: Open) -> None:
    page = tea(live, surf)
    page.get_by_role("button", name="Try it").first.click()
    page.get_by_label("GET path").fill("/slow/grün%20tea")
    page.get_by_label("Header fields").fill("Authorization: Bearer hunter22\nX-Mine: ü")
    page.get_by_role("button", name="Copy a link").click()
    url = page.url
    assert "try=" in url
    before = len(live.switch.items.asked)
    other = surf(url)
    expect(other.get_by_label("GET path")).to_have_value("/slow/grün%20tea", timeout=SECONDS)
    expect(other.get_by_label("Header fields")).to_have_value("Authorization: \nX-Mine: ü")
    other.wait_for_timeout(300)
    assert not [a for a in live.switch.items.asked[before:] if "tea" in a.path]


@pytest.mark.parametrize("packed", ["%00", "e30", "bm8ganNvbg", "x" * 500])
def test_a_broken_link_does_no_harm(live: Living, surf: Open, packed: str) -> None:
    page = surf(f"{live.served.url}/api/tea.html?try={packed}")
    expect(page.get_by_role("button", name="Try it")).to_have_count(3, timeout=SECONDS)


def test_the_console_fits_a_phone(live: Living, surf: Open) -> None:
    page = tea(live, surf, width=375)
    page.get_by_role("button", name="Try it").first.click()
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".honestdocs-answered")).to_be_visible(timeout=SECONDS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    shoot(page, "try-phone")
