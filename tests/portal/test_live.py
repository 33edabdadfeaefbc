"""The portal over a real service that falls and rises: events, interface, feed, badges, metrics."""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from portal.living import Listener, Living, build, living, until

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Living]:
    with living(tmp_path) as found:
        yield found


@pytest.fixture
def reader(live: Living) -> Iterator[Listener]:
    listener = Listener(live.served.port, "api/tea").start()
    until(lambda: listener.last("pulse"), "the first pulse")
    yield listener
    listener.stop()


def test_a_reader_is_told_everything_at_once(reader: Listener) -> None:
    service, page = reader.last("service"), reader.last("page")
    assert service is not None
    assert page is not None
    assert (service["name"], service["title"], service["state"]) == ("items", "The Items", "passed")
    assert page["text"].startswith("2 of 2 examples proven.")
    assert [example["state"] for example in page["examples"]] == ["passed", "passed"]


def test_marks_and_heartbeat_follow_a_service_down_and_up(live: Living, reader: Listener) -> None:
    live.switch.off()
    until(lambda: (reader.last("service") or {}).get("health") == "unreachable", "unreachable")
    until(lambda: (reader.last("page") or {}).get("state") == "error", "marks that say so")
    marks = (reader.last("page") or {})["examples"]
    assert {mark["badge"] for mark in marks} == {"? Could not be checked"}
    assert not any(mark["mismatches"] for mark in marks)
    live.switch.on()
    until(lambda: (reader.last("service") or {}).get("health") == "ok", "healthy again")
    until(lambda: (reader.last("page") or {}).get("state") == "passed", "proven again")


def test_an_outage_is_an_incident_in_interface_feed_and_page(live: Living) -> None:
    notes = live.project.source / "incidents"
    notes.mkdir()
    live.switch.off()
    until(lambda: live.json("incidents")["incidents"], "an incident")
    (incident,) = live.json("incidents")["incidents"]
    assert incident["ended"] is None
    text = f'service = "items"\nbegan = {time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}\n'
    (notes / "fell.toml").write_text(text + 'title = "It <fell>"\ntext = "Cable."', "utf-8")
    live.center.watcher.annotate()
    live.switch.on()
    until(lambda: live.json("incidents")["incidents"][0]["ended"], "its end")
    page = live.served.ask("/_portal/status/items").text
    assert "It &lt;fell&gt;" in page
    assert "✓ Over" in page
    feed = ET.fromstring(live.served.ask("/_portal/incidents.atom").body)  # noqa: S314 - our own
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "The Items: It <fell>"
    assert "Cable." in (entry.findtext(f"{ATOM}content") or "")


def test_a_lie_that_the_service_begins_to_tell_is_shown(tmp_path: Path) -> None:
    with living(tmp_path, prove=0.5) as live:
        reader = Listener(live.served.port, "api/tea").start()
        until(lambda: (reader.last("page") or {}).get("state") == "passed", "proven")
        live.switch.items.base = "/v2"
        until(lambda: (reader.last("page") or {}).get("state") == "failed", "the lie")
        mark = (reader.last("page") or {})["examples"][0]
        assert mark["mismatches"][0]["where"] == "status"
        assert (mark["mismatches"][0]["documented"], mark["mismatches"][0]["observed"]) == (
            "200 OK",
            "404 Not Found",
        )
        reader.stop()


def test_another_build_of_the_tree_is_taken_up(live: Living, reader: Listener) -> None:
    page = (live.project.source / "api/tea.rst").read_text("utf-8")
    live.project.write({"api/tea": page.replace('{"word": "tea"}', '{"word": "coffee"}')})
    build(live.project, live.switch)
    until(lambda: (reader.last("page") or {}).get("state") == "failed", "what the build found")


def test_readers_are_told_when_the_watcher_dies(live: Living, reader: Listener) -> None:
    def break_ledger() -> None:
        live.center.ledger.close()

    assert (reader.last("pulse") or {})["watching"]
    break_ledger()
    until(lambda: not (reader.last("pulse") or {})["watching"], "that nobody watches")
    assert not live.json("services")["watching"]
    assert "stale" in live.served.ask("/_portal/badge/service/items.svg").text


def test_the_history_of_a_service(live: Living) -> None:
    until(lambda: len(live.center.ledger.latencies("items")) > 5, "some heartbeats")
    told = live.json("services/items")
    assert 0 < told["p50"] <= told["p95"]
    assert {name: len(span["bars"]) for name, span in told["uptime"].items()} == {
        "24 hours": 24,
        "7 days": 28,
        "90 days": 90,
    }
    assert told["uptime"]["24 hours"]["share"] == 1.0
    assert told["pages"] == ["api/tea"]


def test_the_interface_tells_pages_and_refuses_what_it_does_not_know(live: Living) -> None:
    assert [page["page"] for page in live.json("pages")["pages"]] == ["api/tea"]
    assert len(live.json("pages/api/tea")["examples"]) == 2
    for path in ("api/pages/none", "api/services/none", "badge/page/none.svg", "status/none"):
        got = live.served.ask(f"/_portal/{path}")
        assert got.status == 404
        assert "none" in got.text


def test_badges_are_pictures_that_stand_anywhere(live: Living) -> None:
    for path, words in (
        ("service/items", "The Items: ✓ healthy"),
        ("page/api/tea", "Tea: 2 of 2 examples proven"),
    ):
        got = live.served.ask(f"/_portal/badge/{path}.svg")
        svg = ET.fromstring(got.body)  # noqa: S314 - our own
        assert svg.get("aria-label") == words
        assert got.headers["content-type"] == "image/svg+xml"
        assert got.headers["cross-origin-resource-policy"] == "cross-origin"


def test_metrics_can_be_scraped(live: Living, reader: Listener) -> None:
    assert not reader.ended.is_set()
    until(lambda: live.center.watcher.counts.beats.get("items"), "a heartbeat")
    text = live.served.ask("/metrics").text
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["honestdocs_service_up", "items"] == 1.0
    assert samples["honestdocs_examples", "items", "passed"] == 2.0
    assert samples["honestdocs_heartbeats_total", "items"] >= 1.0
    assert samples["honestdocs_readers",] == 1.0
    assert samples["honestdocs_watching",] == 1.0


def test_streams_end_when_the_server_ends(tmp_path: Path) -> None:
    with living(tmp_path) as live:
        readers = [Listener(live.served.port, "api/tea").start() for _ in range(5)]
        until(lambda: len(live.center.feed) == 5, "all readers")
    for reader in readers:
        assert reader.ended.wait(5)


def test_a_reader_that_hangs_up_is_forgotten(live: Living, reader: Listener) -> None:
    until(lambda: len(live.center.feed) == 1, "one reader")
    reader.stop()
    until(lambda: len(live.center.feed) == 0, "none")


def test_a_slow_reader_gets_the_whole_state_instead_of_a_long_queue() -> None:
    import asyncio  # noqa: PLC0415 - only here

    from honestdocs.portal.feed import MOST_WAITING, Feed  # noqa: PLC0415 - only here

    async def tell() -> list[bytes]:
        feed = Feed(lambda page: f"whole {page}".encode())
        stream = feed.listen("a")
        first = await anext(stream)
        for number in range(MOST_WAITING * 3):
            feed.publish(b"%d;" % number)
        feed.publish(b"not mine", "b")
        second = await anext(stream)
        feed.publish(b"mine", "a")
        third = await anext(stream)
        feed.close()
        with pytest.raises(StopAsyncIteration):
            await anext(stream)
        assert len(feed) == 0
        return [first, second, third]

    first, second, third = asyncio.run(tell())
    assert first.endswith(b"whole a")
    assert (second, third) == (b"whole a", b"mine")


def test_a_status_page_stands_in_the_frame_of_the_site(live: Living) -> None:
    page = live.served.ask("/status/items.html").text
    assert 'data-honestdocs-status="items"' in page
    assert '<script type="module" src="/_portal/static/live.js">' in page
    overview = live.served.ask("/_portal/status/").text
    assert '<a href="items.html">The Items</a>' in overview
    assert live.served.ask("/status/").status == 200


def test_a_command_is_kept_running_and_started_again_when_it_dies(tmp_path: Path) -> None:
    code = Path(__file__).parents[1] / "servers" / "items.py"
    mark = tmp_path / "pid"
    settings = {"url": "", "command": f"{{python}} {code} {{port}} {mark}", "path": "/v1"}
    with living(tmp_path, settings=settings) as live:
        until(lambda: live.json("services")["services"][0]["health"] == "ok", "healthy")
        kept = live.center.kept
        first = kept.endpoint(live.center.board.services["items"]).origin
        kept._running["items"][2].close()  # noqa: SLF001 - as if it had died
        until(lambda: live.json("services")["services"][0]["health"] == "unreachable", "its end")
        until(lambda: live.json("services")["services"][0]["health"] == "ok", "healthy again")
        assert kept.endpoint(live.center.board.services["items"]).origin != first
