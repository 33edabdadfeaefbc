"""A node that is not served, and one that asks clients to hold back."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis

from syncserver.storage.node import NodeState, NodeStatus, parse_status
from syncserver.storage.redisstatus import KEY

INFO = "/1.1/v64aw4knp6ittxnarcpmoi7smokoazsr/info/collections"


@pytest.mark.parametrize("state", ["down", "draining", "unhealthy"])
def test_a_node_that_is_not_served_tells_when_to_come_back(
    start_server: Callable[..., Any], connect: Callable[[str], Any], state: str
) -> None:
    server = start_server(f'[storage]\nstatus = "{state}:600"\n')
    client = connect(server.url)
    for version in ("/1.1", "/1.0", "/1"):
        answer = client.send("GET", INFO.replace("/1.1", version))
        assert answer.status == 503
        assert answer.headers["Retry-After"] == answer.headers["X-Weave-Backoff"] == "600"
        assert answer.json() == {
            "title": "Service Unavailable",
            "status": 503,
            "detail": f"The node is {state}; try again later.",
        }
    assert client.send("GET", "/__heartbeat__").status == 200
    assert client.send("GET", "/user/1.0/nobody").status == 200


def test_a_node_that_backs_off_serves_and_says_so(
    start_server: Callable[..., Any], connect: Callable[[str], Any]
) -> None:
    client = connect(start_server('[storage]\nstatus = "backoff"\n').url)
    answer = client.send("GET", INFO)
    assert (answer.status, answer.headers["X-Weave-Backoff"]) == (401, "1800")
    assert client.send("GET", "/user/1.0/nobody").headers["X-Weave-Backoff"] is None


def test_a_status_that_there_is_not_is_told_before_serving(
    start_process: Callable[..., Any],
) -> None:
    with pytest.raises(AssertionError, match=r"asleep.*SYNCSERVER_STORAGE_STATUS"):
        start_process(SYNCSERVER_STORAGE_STATUS="asleep")


@pytest.mark.needs_redis
def test_an_operator_sets_the_status_in_redis_while_servers_run(
    start_process: Callable[..., Any], connect: Callable[[str], Any], empty_cache_url: str
) -> None:
    server = start_process("--redis", empty_cache_url)
    client = connect(server.url)
    try:
        with Redis.from_url(empty_cache_url) as redis:
            assert client.send("GET", INFO).status == 401
            redis.set(KEY, "down:30")
            assert wait_for(lambda: client.send("GET", INFO), 503).headers["Retry-After"] == "30"
            redis.set(KEY, "nonsense")
            wait_for(lambda: client.send("GET", INFO), 401)
            redis.delete(KEY)
    finally:
        log = server.stop()
    assert "'nonsense' is no status of a node" in log


def wait_for(ask: Callable[[], Any], status: int) -> Any:
    until = time.monotonic() + 20
    while (answer := ask()).status != status:
        assert time.monotonic() < until, answer
        time.sleep(0.1)
    return answer


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("working", NodeStatus()),
        ("down", NodeStatus(state=NodeState.DOWN)),
        ("backoff:5", NodeStatus(state=NodeState.BACKOFF, seconds=5)),
    ],
)
def test_a_status_is_a_word_and_perhaps_seconds(text: str, status: NodeStatus) -> None:
    assert parse_status(text) == status


@pytest.mark.parametrize("text", ["", "up", "down:", "down:0", "down:-1", "backoff:1s", "Down"])
def test_other_texts_are_no_status(text: str) -> None:
    with pytest.raises(ValueError, match="is no status of a node"):
        parse_status(text)
