"""The storage on the wire: what its page says and cannot show, over both databases."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Client, Server


def test_older_versions_are_the_same_storage(shared_server: Server, client: Client) -> None:
    client.put("/storage/col/a", payload="x")
    for version in ("1.0", "1", "1.1"):
        older = shared_server.create_client(client.user, version=version)
        assert older.get("/storage/col") == ["a"]
        assert older.get("/storage/col/") == ["a"]
        assert older.get("/info/collection_usage") == {"col": 1 / 1024}
    for version in ("2.0", "1.2", "1.1.1"):
        other = shared_server.create_client(client.user, version=version)
        assert other.send("GET", "/info/collections").status == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/info/collections", "GET"),
        ("HEAD", "/info/collections", "GET"),
        ("PATCH", "/storage/col/a", "DELETE, GET, PUT"),
        ("OPTIONS", "/storage/col", "DELETE, GET, POST, PUT"),
        ("GET", "/storage", "DELETE"),
    ],
)
def test_another_method_is_told_which_there_are(
    client: Client, method: str, path: str, allowed: str
) -> None:
    answer = client.send(method, path)
    assert (answer.status, answer.headers["Allow"]) == (405, allowed)


@pytest.mark.parametrize(
    "path", ["", "/info", "/info/nothing", "/storage/a/b/c", "/storage/a!b", "/x"]
)
def test_a_path_of_no_operation_is_not_found(client: Client, path: str) -> None:
    assert client.send("GET", path).status == 404


@pytest.mark.parametrize("name", ["a?b", "a#b", "a~b", "a\\b", "a.b_c-d", "..."])
def test_a_name_that_is_encoded_in_the_path_is_the_name(client: Client, name: str) -> None:
    encoded = "".join(f"%{ord(letter):02X}" for letter in name)
    client.put(f"/storage/col/{encoded}", payload=name)
    assert client.get(f"/storage/col/{encoded}")["id"] == name
    assert client.get("/storage/col") == [name]


@pytest.mark.parametrize(
    "authorization",
    ["Basic", "Basic !!!", "Basic bm9jb2xvbg==", "Bearer dXNlcjE6dXNlcjE=", "Basic /zo=", ""],
)
def test_credentials_that_are_none_are_refused_without_asking(
    client: Client, authorization: str
) -> None:
    answer = client.send("GET", "/info/collections", Authorization=authorization)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] is None
    assert answer.stamp


def test_every_answer_tells_the_time_with_two_places(client: Client) -> None:
    written = client.send("PUT", "/storage/col/a", {"payload": "x"})
    assert written.stamp == written.body.decode()
    assert abs(float(written.stamp) - time.time()) < 60
    stamps = [float(written.stamp)]
    for method, path, body in [
        ("GET", "/storage/col/a", None),
        ("GET", "/storage/col/b", None),
        ("GET", "/info/quota", None),
        ("PUT", "/storage/col/a", b"{"),
        ("GET", "/storage/col?newer=x", None),
        ("DELETE", "/storage", None),
        ("DELETE", "/storage/col/b", None),
    ]:
        stamp = client.send(method, path, body).stamp
        assert len(stamp.partition(".")[2]) == 2
        stamps.append(float(stamp))
    assert stamps == sorted(stamps)


def test_a_hundred_records_are_taken_and_the_others_are_to_be_sent_again(client: Client) -> None:
    drafts = [{"id": str(number), "payload": "x"} for number in range(103)]
    told = client.send("POST", "/storage/col", drafts).json()
    assert told["success"] == [str(number) for number in range(100)]
    assert told["failed"] == {str(number): ["retry wbo"] for number in (100, 101, 102)}
    assert client.get("/info/collection_counts") == {"col": 100}


def test_a_mebibyte_is_taken_and_the_others_are_to_be_sent_again(client: Client) -> None:
    drafts = [{"id": str(number), "payload": "x" * 262144} for number in range(4)]
    drafts.append({"id": "small", "payload": "x"})
    told = client.send("POST", "/storage/col", drafts).json()
    assert told["success"] == ["0", "1", "2"]
    assert told["failed"] == {"3": ["retry bytes"], "small": ["retry bytes"]}


def test_a_payload_has_its_limit_in_bytes(client: Client) -> None:
    assert client.put("/storage/col/a", payload="\u00e9" * 131072)
    answer = client.send("PUT", "/storage/col/a", {"payload": "\u00e9" * 131072 + "x"})
    assert (answer.status, answer.body) == (400, b"8")
    told = client.send("POST", "/storage/col", [{"id": "b", "payload": "x" * 262145}]).json()
    assert told["failed"] == {"b": ["payload too large"]}
    assert client.get("/info/collection_usage") == {"col": 256.0}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b'{"payload": NaN}',
        b'{"sortindex": Infinity}',
        b"[" * 100_000,
        b"1" * 5000,
        b'{"payload": "x"} x',
    ],
)
def test_what_is_no_json_is_told_so(client: Client, body: bytes) -> None:
    for method, path in (("PUT", "/storage/col/a"), ("POST", "/storage/col")):
        answer = client.send(method, path, body)
        assert (answer.status, answer.body) == (400, b"6")


def test_refusals_have_the_order_of_the_page(start_storage: Callable[..., Server]) -> None:
    client = start_storage("--quota", "1").create_client()
    client.put("/storage/col/a", payload="x" * 1024)
    late = {"X_If_Unmodified_Since": "1"}
    assert client.send("PUT", "/storage/col/a", b"{", **late).body == b"14"
    assert client.send("POST", "/storage/col", b"{", **late).status == 412
    assert client.send("POST", "/storage/col", b"{").body == b"6"
    assert client.send("POST", "/storage/col", b"7").body == b"8"
    assert client.send("POST", "/storage/col", [{"id": "a", "payload": ""}]).body == b"14"
    assert client.send("POST", "/storage/col", [7]).body == b"14"


def test_a_quota_is_told_before_it_is_used_up(start_storage: Callable[..., Server]) -> None:
    client = start_storage("--quota", "1026").create_client()
    told = []
    for size in (2048, 1024, 262144, 262144, 262144, 262144, 1):
        answer = client.send("PUT", f"/storage/col/{len(told)}", {"payload": "x" * size})
        told.append(answer.headers["X-Weave-Quota-Remaining"] or answer.status)
    assert told == [200, "1024.0", "1023.0", "767.0", "511.0", "255.0", 400]
    assert client.get("/info/quota") == [1027.0, 1026]
    assert client.send("DELETE", "/storage/col/0").status == 200
    assert client.put("/storage/col/b", payload="") > 0


def test_a_record_is_gone_after_its_seconds(client: Client) -> None:
    client.put("/storage/col/a", payload="x", ttl=2)
    client.put("/storage/col/b", payload="x")
    deadline = time.monotonic() + 30
    while client.get("/storage/col") != ["b"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert client.send("GET", "/storage/col/a").status == 404
    assert client.get("/info/collection_counts") == {"col": 1}
    assert client.put("/storage/col/a", payload="y") > 0
    assert client.get("/storage/col") == ["a", "b"]


def test_many_records_come_in_every_form(client: Client) -> None:
    for start in range(0, 300, 100):
        drafts = [{"id": f"{n:03}", "payload": "\u2603\n"} for n in range(start, start + 100)]
        assert client.send("POST", "/storage/col", drafts).json()["failed"] == {}
    told = client.send("GET", "/storage/col?full=1")
    assert told.headers["X-Weave-Records"] == "300"
    records = told.json()
    lines = client.send("GET", "/storage/col?full=1", Accept="application/newlines")
    assert [json.loads(line) for line in lines.body.splitlines()] == records
    rest = client.send("GET", "/storage/col?full=1", Accept="application/whoisi").body
    counted = []
    while rest:
        end = 4 + int.from_bytes(rest[:4], "big")
        counted.append(json.loads(rest[4:end]))
        rest = rest[end:]
    assert counted == records
    pages = [client.get(f"/storage/col?limit=70&offset={at}") for at in range(0, 350, 70)]
    assert [name for page in pages for name in page] == [f"{number:03}" for number in range(300)]


def test_the_documented_routes_are_those_of_the_server(client: Client) -> None:
    paths = client.send_raw("GET", "/openapi.json", None, {}).json()["paths"]
    root = "/1.1/{username}"
    assert {path.removeprefix(root): sorted(methods) for path, methods in paths.items()} == {
        "/info/collections": ["get"],
        "/info/collection_counts": ["get"],
        "/info/collection_usage": ["get"],
        "/info/quota": ["get"],
        "/storage": ["delete"],
        "/storage/{collection}": ["delete", "get", "post", "put"],
        "/storage/{collection}/{record}": ["delete", "get", "put"],
    }
