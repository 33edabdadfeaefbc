"""Pages run side by side, the examples of a page in order, and chains work without markup."""

from __future__ import annotations

import json
from pathlib import Path

from functional.command import check, example, page, write_tree
from servers.items import ItemServer

JSON = "Content-Type: application/json"
ITEM = """{
    "id": "0b6b3f9e-51c8-4f0e-a1d2-7a3c1e5f8b90",
    "name": "NAME",
    "created_at": "2024-05-06T07:08:09Z",
    "last_modified": 1714979289123
}"""
ONE = "/items/0b6b3f9e-51c8-4f0e-a1d2-7a3c1e5f8b90"


def made(name: str) -> str:
    """An item that is made."""
    return example(
        f'POST /items HTTP/1.1\n{JSON}\n\n{{"name": "{name}"}}',
        f'HTTP/1.1 201 Created\n{JSON}\nLocation: {ONE}\nETag: "0b6b3f9e-1714979289123"\n\n'
        + ITEM.replace("NAME", name),
    )


def test_pages_that_do_not_touch_run_side_by_side(service: ItemServer, tmp_path: Path) -> None:
    pages = {
        f"p{n}": page(
            f"P{n}",
            *(
                example(f"GET /slow/{n}{m} HTTP/1.1", f'HTTP/1.1 200 OK\n\n{{"word": "{n}{m}"}}')
                for m in "ab"
            ),
        )
        for n in range(4)
    }
    write_tree(tmp_path / "docs", {"index": page("Index"), **pages})
    ended = check(tmp_path, "--url", service.url)
    assert ended.status == 0, ended.out
    assert service.items.overlap("/slow")
    lines = [one.line for one in service.items.asked]
    for n in range(4):
        assert lines.index(f"GET /slow/{n}a") < lines.index(f"GET /slow/{n}b")


def test_one_page_at_a_time_when_a_service_says_so(service: ItemServer, tmp_path: Path) -> None:
    pages = {
        f"p{n}": page(f"P{n}", example(f"GET /slow/{n} HTTP/1.1", "HTTP/1.1 200 OK\n"))
        for n in range(3)
    }
    write_tree(tmp_path / "docs", {"index": page("Index"), **pages})
    config = f'[services.slow]\nurl = "{service.url}"\nconcurrency = 1\n'
    (tmp_path / "services.toml").write_text(config, "utf-8")
    assert check(tmp_path, "--config", "services.toml").status == 0
    assert not service.items.overlap("/slow")


def test_pages_that_change_the_same_run_one_after_another(
    service: ItemServer, tmp_path: Path
) -> None:
    pages = {name: page(name, *(made(f"{name}{n}") for n in range(4))) for name in "abc"}
    write_tree(tmp_path / "docs", {"index": page("Index"), **pages})
    ended = check(tmp_path, "--url", service.url)
    assert ended.status == 0, ended.out
    bodies = [
        one.raw.partition(b"\r\n\r\n")[2] for one in service.items.asked if one.method == "POST"
    ]
    names = [json.loads(body)["name"] for body in bodies]
    assert names == [f"{name}{n}" for name in "abc" for n in range(4)]


def test_a_chain_is_proven_with_natural_text(service: ItemServer, tmp_path: Path) -> None:
    tag = '"0b6b3f9e-1714979289123"'
    chain = (
        made("tea"),
        example(
            f"GET {ONE} HTTP/1.1", f"HTTP/1.1 200 OK\nETag: {tag}\n\n" + ITEM.replace("NAME", "tea")
        ),
        example(
            f"GET {ONE} HTTP/1.1\nIf-None-Match: {tag}", f"HTTP/1.1 304 Not Modified\nETag: {tag}\n"
        ),
        example(
            f'PUT {ONE} HTTP/1.1\n{JSON}\nIf-Match: {tag}\n\n{{"name": "milk"}}',
            'HTTP/1.1 200 OK\nETag: "0b6b3f9e-1714979290456"\n\n'
            + ITEM.replace("NAME", "milk").replace("289123", "290456"),
        ),
        example(
            f'PUT {ONE} HTTP/1.1\n{JSON}\nIf-Match: {tag}\n\n{{"name": "rum"}}',
            'HTTP/1.1 412 Precondition Failed\n\n{"error": "it has changed"}',
        ),
        example("GET /items HTTP/1.1", 'HTTP/1.1 200 OK\n\n{"items": [...], "total": 1}'),
        example(f"DELETE {ONE} HTTP/1.1", "HTTP/1.1 204 No Content\n"),
        example(f"GET {ONE} HTTP/1.1", 'HTTP/1.1 404 Not Found\n\n{"error": "nothing here"}'),
    )
    write_tree(tmp_path / "docs", {"index": page("Chain", *chain)})
    ended = check(tmp_path, "--url", service.url)
    assert ended.status == 0, ended.out
    assert ended.json["summary"]["passed"] == len(chain)
    (first, *rest) = service.items.asked[2:]
    assert first.line == "POST /items"
    assert not any("0b6b3f9e" in one.path for one in rest)


def test_a_request_is_sent_byte_for_byte_as_documented(service: ItemServer, tmp_path: Path) -> None:
    sent = example(
        "GET /fact?b=2&a=%7e1&&c HTTP/1.1\nX-ODD-Case:   spaced\nAccept: */*;q=0.5\n"
        "Host: api.example.com\nContent-Length: 999",
        "HTTP/1.1 200 OK\n",
    )
    write_tree(tmp_path / "docs", {"index": page("Sent", sent)})
    assert check(tmp_path, "--url", service.url).status == 0
    raw = service.items.asked[-1].raw
    assert raw.startswith(b"GET /fact?b=2&a=%7e1&&c HTTP/1.1\r\n")
    fields = {line.split(b":")[0] for line in raw.split(b"\r\n")[1:] if line}
    assert fields == {b"Host", b"X-ODD-Case", b"Accept"}
    assert f"Host: 127.0.0.1:{service.server_port}".encode() in raw
