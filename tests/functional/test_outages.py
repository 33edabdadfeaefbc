"""What nobody could check is an error with its reason: an outage is not a lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from functional.command import FACT, Ended, check, example, page, write_tree
from servers.certificates import Authority
from servers.items import ItemServer
from servers.misbehaving import misbehaving, nobody

OTHER = example("GET /slow/tea HTTP/1.1", 'HTTP/1.1 200 OK\n\n{"word": "tea"}')


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    write_tree(tmp_path / "docs", {"index": page("Facts", FACT), "other": page("Other", OTHER)})
    return tmp_path


def unchecked(ended: Ended, *told: str) -> None:
    """Everything ended as an error, and the report tells why."""
    assert ended.status == 3, ended.out + ended.err
    assert set(ended.outcomes().values()) == {"error"}
    assert ended.json["summary"]["failed"] == 0
    assert ended.json["causes"] == []
    section = ended.out.partition("Could not be checked")[2]
    for each in told:
        assert each in section


def test_a_server_that_nobody_runs_gives_errors(tree: Path) -> None:
    with nobody() as port:
        ended = check(tree, "--url", f"http://127.0.0.1:{port}")
    unchecked(ended, "2 ×", "refused")
    assert ended.json["services"][0]["status"] == "unreachable"


def test_an_unhealthy_service_is_not_asked(tree: Path, service: ItemServer) -> None:
    service.items.health = "error"
    ended = check(tree, "--url", service.url)
    unchecked(ended, "the heartbeat /__heartbeat__ answers 500 (disk: error)")
    assert service.items.sent() == 0


def test_a_service_that_only_warns_is_asked(tree: Path, service: ItemServer) -> None:
    service.items.health = "warning"
    ended = check(tree, "--url", service.url)
    assert ended.status == 0, ended.out
    assert ended.json["services"][0]["status"] == "warning"


def test_a_static_lie_fails_whatever_the_service_does(tree: Path, service: ItemServer) -> None:
    service.items.health = "error"
    text = page("Facts", FACT).replace('"unit": "apples",', '"unit": "apples"')
    write_tree(tree / "docs", {"index": text})
    ended = check(tree, "--url", service.url)
    assert ended.status == 1
    assert [one["grade"] for one in ended.failed] == ["parse"]
    assert ended.json["summary"]["error"] == 1


def test_a_service_that_falls_ill_on_the_way_is_not_the_pages_fault(
    tree: Path, service: ItemServer
) -> None:
    service.items.fragile = True
    broken = example("GET /broken HTTP/1.1", "HTTP/1.1 200 OK\n")
    write_tree(tree / "docs", {"broken": page("Broken", broken)})
    ended = check(tree, "--url", service.url)
    assert ended.status == 3, ended.out
    assert ended.outcomes()["broken::GET /broken"] == "error"
    assert ended.json["summary"]["failed"] == 0


def test_a_server_error_of_a_healthy_service_is_a_lie(tree: Path, service: ItemServer) -> None:
    broken = example("GET /broken HTTP/1.1", "HTTP/1.1 200 OK\n")
    write_tree(tree / "docs", {"broken": page("Broken", broken)})
    ended = check(tree, "--url", service.url)
    assert ended.status == 1
    assert [one["id"] for one in ended.failed] == ["broken::GET /broken"]


BAD = {
    "hang": "within",
    "reset": "",
    "close": "",
    "cut-body": "",
    "endless-body": "",
    "endless-headers": "",
    "bad-status": "",
    "bad-chunk": "",
    "http-0.9": "",
}


def test_a_server_that_misbehaves_gives_bounded_errors(tmp_path: Path) -> None:
    pages = {
        name: page(name, example(f"GET /{name} HTTP/1.1", "HTTP/1.1 200 OK\n")) for name in BAD
    }
    fine = page("Fine", example("GET /ok HTTP/1.1", 'HTTP/1.1 200 OK\n\n{"ok": true}'))
    write_tree(tmp_path / "docs", {"index": fine, **pages})
    with misbehaving() as server:
        config = f'[services.bad]\nurl = "{server.origin}"\ntimeout = 1.0\n'
        (tmp_path / "services.toml").write_text(config, "utf-8")
        ended = check(tmp_path, "--config", "services.toml")
    assert ended.status == 3, ended.out
    expected = {f"{name}::GET /{name}": "error" for name in BAD}
    assert ended.outcomes() == {"index::GET /ok": "passed", **expected}
    reasons = {one["id"]: one["reason"] for one in ended.json["examples"]}
    assert all(reasons[name] for name in expected)


def test_tls_where_there_is_none_gives_errors(tree: Path) -> None:
    with misbehaving() as server:
        ended = check(tree, "--url", server.origin.replace("http:", "https:"))
    unchecked(ended, "TLS")


def test_what_depends_on_a_failed_example_is_not_blamed(
    tmp_path: Path, service: ItemServer
) -> None:
    made = example(
        'POST /items HTTP/1.1\nContent-Type: application/json\n\n{"title": "tea"}',
        'HTTP/1.1 201 Created\n\n{"id": "3f2b8c1e-5d4a-4e6f-9b7a-1c2d3e4f5a6b", "name": "tea"}',
    )
    got = example("GET /items/3f2b8c1e-5d4a-4e6f-9b7a-1c2d3e4f5a6b HTTP/1.1", "HTTP/1.1 200 OK\n")
    write_tree(tmp_path / "docs", {"index": page("Items", made, got)})
    ended = check(tmp_path, "--url", service.url)
    assert ended.status == 1
    first, second = ended.json["examples"]
    assert (first["outcome"], second["outcome"]) == ("failed", "error")
    assert "should have given" in second["reason"]


@pytest.mark.parametrize(
    ("trust", "outcome"),
    [("", "error"), ('ca_file = "authority.pem"', "passed"), ("verify_tls = false", "passed")],
)
def test_a_certificate_is_trusted_only_when_a_service_says_so(
    trust: str, outcome: str, tmp_path: Path
) -> None:
    fine = page("Fine", example("GET /ok HTTP/1.1", 'HTTP/1.1 200 OK\n\n{"ok": true}'))
    write_tree(tmp_path / "docs", {"index": fine})
    (tmp_path / "conf").mkdir()
    with misbehaving(Authority(tmp_path / "conf").context()) as server:
        config = f'[services.tls]\nurl = "{server.origin}"\n{trust}\n'
        write_tree(tmp_path / "conf", {"services.toml": config})
        ended = check(tmp_path, "--config", "conf/services.toml")
    assert ended.outcomes() == {"index::GET /ok": outcome}
    assert ended.status == (3 if outcome == "error" else 0)
