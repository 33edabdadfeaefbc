"""Open pages in a real browser while a real service falls and rises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from browser.conftest import Open, shoot
from portal.living import Living, living

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SECONDS = 20_000


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Living]:
    with living(tmp_path, theme="furo") as found:
        yield found


def test_marks_follow_a_service_down_and_up_without_a_reload(live: Living, surf: Open) -> None:
    page = surf(f"{live.served.url}/api/tea.html")
    page.evaluate("window.never_reloaded = true")
    expect(page.locator(".honestdocs-pill")).to_have_text("Live", timeout=SECONDS)
    mark = page.locator("[data-honestdocs-example]").first
    heartbeat = page.locator("[data-honestdocs-service]")
    expect(mark.locator(".honestdocs-badge")).to_have_text("✓ Proven")
    live.switch.off()
    expect(heartbeat.locator(".honestdocs-badge")).to_have_text("? Unreachable", timeout=SECONDS)
    expect(mark.locator(".honestdocs-badge")).to_have_text(
        "? Could not be checked", timeout=SECONDS
    )
    expect(mark).to_have_class(re.compile("honestdocs-error"))
    shoot(page, "live-down")
    live.switch.on()
    expect(heartbeat.locator(".honestdocs-badge")).to_have_text("✓ Healthy", timeout=SECONDS)
    expect(mark.locator(".honestdocs-badge")).to_have_text("✓ Proven", timeout=SECONDS)
    assert page.evaluate("window.never_reloaded")
    expect(page.locator(".hd-request").first).to_contain_text("GET /slow/tea")


def test_a_lie_appears_with_its_mismatches_as_text(live: Living, surf: Open) -> None:
    page = surf(f"{live.served.url}/api/tea.html")
    expect(page.locator(".honestdocs-pill")).to_have_text("Live", timeout=SECONDS)
    event = {
        "page": "api/tea",
        "state": "failed",
        "badge": "✗ Lies",
        "text": "made up",
        "examples": [
            {
                **live.json("pages/api/tea")["examples"][0],
                "state": "failed",
                "mismatches": [
                    {
                        "where": "/word",
                        "documented": '"tea"',
                        "observed": '<img src=x onerror="window.evil=1"><script>evil</script>',
                        "fix": "<b>mend</b>",
                    }
                ],
            }
        ],
    }
    from honestdocs.portal.feed import render_event  # noqa: PLC0415 - only here

    live.center.feed.publish(render_event("page", event), "api/tea")
    mark = page.locator("[data-honestdocs-example]").first
    expect(mark.locator("td").nth(2)).to_contain_text("<img src=x onerror", timeout=SECONDS)
    assert page.locator("[data-honestdocs-example] img, [data-honestdocs-example] b").count() == 0
    assert page.evaluate("window.evil") is None
    shoot(page, "live-lie")


def test_a_dead_watcher_makes_everything_stale(live: Living, surf: Open) -> None:
    page = surf(f"{live.served.url}/api/tea.html")
    expect(page.locator(".honestdocs-pill")).to_have_text("Live", timeout=SECONDS)
    live.center.ledger.close()
    expect(page.locator(".honestdocs-pill")).to_contain_text("Stale: nobody", timeout=SECONDS)
    for kind in ("example", "service", "page"):
        stale = page.locator(f"[data-honestdocs-{kind}] .honestdocs-stale").first
        expect(stale).to_have_text("stale")
    shoot(page, "live-stale")


def test_a_portal_that_is_gone_makes_everything_stale(tmp_path: Path, surf: Open) -> None:
    with living(tmp_path, theme="furo") as live:
        page = surf(f"{live.served.url}/api/tea.html")
        expect(page.locator(".honestdocs-pill")).to_have_text("Live", timeout=SECONDS)
    expect(page.locator(".honestdocs-pill")).to_contain_text("Stale: the portal", timeout=SECONDS)
    expect(page.locator("[data-honestdocs-example] .honestdocs-stale").first).to_be_visible()


def test_without_the_portal_the_pages_are_whole_and_ask_nobody(live: Living, surf: Open) -> None:
    from honestdocs.portal.application import make_application  # noqa: PLC0415 - only here
    from honestdocs.portal.site import Site  # noqa: PLC0415 - only here
    from portal.served import serving  # noqa: PLC0415 - only here

    with serving(make_application(Site(live.project.folder / "out" / "html"))) as plain:
        page = surf(f"{plain.url}/api/tea.html")
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.reload()
        page.wait_for_load_state("networkidle")
        assert not [url for url in asked if "/_portal/" in url and "/inline/" not in url]
        expect(page.locator("[data-honestdocs-example] .honestdocs-badge").first).to_have_text(
            "✓ Proven"
        )
        assert page.locator(".honestdocs-pill").count() == 0


def test_a_status_page_follows_too(live: Living, surf: Open) -> None:
    page = surf(f"{live.served.url}/status/items.html")
    expect(page.get_by_role("heading", name="Uptime")).to_be_visible(timeout=SECONDS)
    assert page.locator("svg[role=img]").count() == 3
    live.switch.off()
    expect(page.locator(".honestdocs-state .honestdocs-badge")).to_have_text(
        "? Unreachable", timeout=SECONDS
    )
    expect(page.locator(".honestdocs-incident")).to_contain_text("Open", timeout=SECONDS)
    shoot(page, "status-down")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["status/", "status/items.html", "api/tea.html"])
def test_axe_finds_nothing(live: Living, surf: Open, scheme: str, path: str) -> None:
    live.switch.off()
    page = surf(f"{live.served.url}/{path}", scheme=scheme)
    expect(page.locator(".honestdocs-pill")).to_have_text("Live", timeout=SECONDS)
    if path.startswith("status"):
        expect(page.locator("svg[role=img]").first).to_be_visible(timeout=SECONDS)
    if path.endswith("items.html"):
        expect(page.locator(".honestdocs-incident")).to_be_visible(timeout=SECONDS)
    if path.startswith("api"):
        page.get_by_role("button", name="Try it").first.click()
        page.get_by_role("button", name="Send").click()
        expect(page.locator(".honestdocs-try-error")).to_be_visible(timeout=SECONDS)
    found = Axe().run(page)
    assert len(found.response["passes"]) > 5
    told = [
        (each["id"], [node["html"] for node in each["nodes"]])
        for each in found.response["violations"]
    ]
    assert told == []
    shoot(page, f"{path.strip('/').replace('/', '-')}-{scheme}")


def test_a_status_page_fits_a_phone(live: Living, surf: Open) -> None:
    page = surf(f"{live.served.url}/status/items.html", width=375)
    expect(page.get_by_role("heading", name="Uptime")).to_be_visible(timeout=SECONDS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    shoot(page, "status-phone")
