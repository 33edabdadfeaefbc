"""A hosted site that is kept alive: its marks follow the service, and what is pushed is known."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from functional.command import FACT, ITEMS, example, page, surroundings
from honestdocs.verification.snapshot import NAME, load_snapshot
from hosting.hosted import CONF, PAGES, Hosted, honestdocs, host, serving
from portal.living import Listener, Switch, until

SCRIPT = "/_portal/static/live.js"
QUICK = ("--heartbeat", "0.2s", "--prove", "1h")
FLIP = example("GET /whoami HTTP/1.1", "HTTP/1.1 401 Unauthorized", operation="GET /whoami")
SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    """A hosted site whose page ``second`` documents a service, and the service."""

    hosted: Hosted
    switch: Switch


@pytest.fixture
def alive(tmp_path: Path) -> Iterator[Alive]:
    switch = Switch()
    switch.on()
    services = {"items": {"url": switch.url, "pages": ["second"], "timeout": 3}}
    pages = {**PAGES, "source/second.rst": page("Second", FACT)}
    try:
        hosted = host(tmp_path, pages, conf=f"{CONF}honestdocs_services = {services!r}\n")
        yield Alive(hosted=hosted, switch=switch)
    finally:
        switch.off()


def get(url: str) -> str:
    with urlopen(url, timeout=30) as answer:  # noqa: S310 - a server of this test
        text: str = answer.read().decode()
    return text


def marks(url: str) -> list[str]:
    """The states of the examples of the second page; none where nothing is told of it."""
    try:
        found: dict[str, Any] = json.loads(get(f"{url}/_portal/api/pages/second"))
    except HTTPError as error:
        error.close()
        return []
    return [one["state"] for one in found["examples"]]


def listen(url: str) -> Listener:
    return Listener(urlsplit(url).port or 0, "second").start()


def test_marks_follow_the_service_and_pushes(alive: Alive, tmp_path: Path) -> None:
    outcomes = alive.hosted.home / "work" / "main" / "good" / "state" / "outcomes.sqlite"
    with serving(alive.hosted, *QUICK) as url:
        assert SCRIPT in get(f"{url}/second.html")
        reader = listen(url)
        until(lambda: marks(url) == ["passed"], "what the build has proven")
        before = outcomes.read_bytes()
        alive.switch.off()
        until(lambda: (reader.last("page") or {}).get("state") == "error", "marks that say so")
        assert outcomes.read_bytes() == before
        alive.switch.on()
        until(lambda: (reader.last("page") or {}).get("state") == "passed", "proven again")
        clone = alive.hosted.clone(tmp_path / "clone")
        clone.commit({"source/second.rst": page("Second", FACT, FLIP)})
        said = clone.push()
        assert said.status == 0, said.out
        until(lambda: marks(url) == ["passed", "passed"], "the new example")
        until(lambda: (reader.last("page") or {})["text"].startswith("2 of 2"), "its event")
        assert 'honestdocs_examples{outcome="passed",service="items"} 2' in get(f"{url}/metrics")
        reader.stop()


def test_nothing_is_said_of_the_pages_of_an_earlier_release(alive: Alive, tmp_path: Path) -> None:
    clone = alive.hosted.clone(tmp_path / "clone")
    clone.commit({"source/second.rst": page("Second", FACT, FLIP)})
    with serving(alive.hosted, *QUICK) as url:
        assert clone.push().status == 0
        until(lambda: marks(url) == ["passed", "passed"], "what was pushed")
        assert honestdocs(tmp_path, "host", "rollback", str(alive.hosted.root)).status == 0
        until(lambda: marks(url) == [], "that nothing is known")
        states = json.loads(get(f"{url}/_portal/api/services"))
        assert [one["health"] for one in states["services"]] == ["ok"]
        assert honestdocs(tmp_path, "host", "build", str(alive.hosted.root)).status == 0
        until(lambda: marks(url) == ["passed", "passed"], "what is served again", SECONDS)


def test_a_version_is_not_alive(alive: Alive, tmp_path: Path) -> None:
    clone = alive.hosted.clone(tmp_path / "clone")
    clone.ask("tag", "v1.0", "-u", "alice")
    with serving(alive.hosted, *QUICK) as url:
        assert clone.push().status == 0
        shown = alive.hosted.home / "versions" / "v1.0" / "current" / "second.html"
        until(shown.exists, "the version", SECONDS)
        version = get(f"{url}/versions/v1.0/second.html")
        assert "This is version v1.0" in version
        assert SCRIPT not in version
        assert SCRIPT in get(f"{url}/second.html")


def test_a_static_site_watches_nothing(alive: Alive) -> None:
    with serving(alive.hosted, "--static") as url:
        assert SCRIPT not in get(f"{url}/second.html")
        for path in ("/_portal/api/services", "/_portal/events", "/metrics"):
            with pytest.raises(HTTPError) as caught:
                get(url + path)
            caught.value.close()
            assert caught.value.code == 404
    assert not (alive.hosted.home / "live").exists()


def test_a_snapshot_that_cannot_be_read_is_told_and_the_site_is_served(alive: Alive) -> None:
    for folder in ("good", "candidate"):
        kept = alive.hosted.home / "work" / "main" / folder / NAME
        kept.write_bytes(b"no snapshot")
    words = (sys.executable, "-m", "honestdocs", "host", "serve", str(alive.hosted.root))
    with subprocess.Popen(
        (*words, "--port", "0"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=surroundings(),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        url = process.stdout.readline().split()[2].rstrip("/,")
        assert SCRIPT not in get(f"{url}/second.html")
        process.send_signal(signal.SIGTERM)
        told = process.stderr.read().splitlines()
    alive.hosted.stop()
    assert len(told) == 1
    assert told[0].startswith("Pages are served as they are, no service is watched: ")
    assert f"{NAME}: cannot be read; build the documentation" in told[0]


def test_streams_and_commands_end_with_the_host(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    command = f"{{python}} {ITEMS} {{port}} {mark}"
    services = {"items": {"command": command, "pages": ["second"]}}
    pages = {**PAGES, "source/second.rst": page("Second", FACT)}
    hosted = host(tmp_path, pages, conf=f"{CONF}honestdocs_services = {services!r}\n")
    mark.unlink()
    with serving(hosted, *QUICK) as url:
        reader = listen(url)
        until(lambda: (reader.last("service") or {}).get("health") == "ok", "a heartbeat")
        until(mark.exists, "a server of the watcher")
        server = int(mark.read_text("ascii"))
        snapshot = load_snapshot(hosted.home / "live" / NAME)
        good = str((hosted.home / "work" / "main" / "good" / "tree").resolve())
        assert snapshot.folder.startswith(good)
        assert snapshot.database == str((hosted.home / "live" / "outcomes.sqlite").resolve())
    assert reader.ended.wait(5)
    assert not Path(f"/proc/{server}").exists()
