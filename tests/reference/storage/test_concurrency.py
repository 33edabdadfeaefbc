"""Many clients at once, and a server that dies: nothing that was acknowledged is lost."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Client, Server

CLIENTS = 16
SECONDS = 3.0
GIVE_UP = 60


def write_until(
    client: Client, name: str, is_over: Callable[[], bool]
) -> Iterator[tuple[str, float]]:
    """Write records of one's own, one by one and several at a time, and tell each with its time."""
    for number in count():
        if is_over():
            return
        ids = [f"{name}-{number}-{part}" for part in range(1 if number % 3 else 5)]
        path = f"/storage/col/{ids[0]}"
        drafts = [{"id": record_id, "payload": record_id} for record_id in ids]
        if len(ids) == 1:
            answer = client.send("PUT", path, drafts[0])
        else:
            answer = client.send("POST", "/storage/col", drafts)
        assert answer.status == 200, answer
        told = answer.json()
        written = told if isinstance(told, float) else told["modified"]
        assert answer.stamp == f"{written:.2f}"
        yield from ((record_id, written) for record_id in ids)


def test_clients_that_write_the_same_collection_lose_nothing_and_see_no_time_twice(
    start_storage: Callable[..., Server],
) -> None:
    servers = [start_storage(), start_storage()]
    deadline = time.monotonic() + SECONDS

    def run(number: int) -> list[tuple[str, float]]:
        client = servers[number % 2].create_client()
        try:
            return list(write_until(client, f"c{number}", lambda: time.monotonic() > deadline))
        finally:
            client.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        written = [item for items in pool.map(run, range(CLIENTS)) for item in items]
    expected = dict(written)
    found = {
        record["id"]: record["modified"]
        for record in servers[0].create_client().get("/storage/col?full=1")
    }
    assert found == expected
    # A POST gives one time to all of its records: one time, one request.
    requests: dict[float, set[str]] = {}
    for record_id, modified in written:
        requests.setdefault(modified, set()).add(record_id.rpartition("-")[0])
    assert max(map(len, requests.values())) == 1
    assert len(requests) > CLIENTS


@pytest.mark.parametrize("durable", ["1", "0"])
def test_what_was_acknowledged_outlives_a_server_that_is_killed(
    start_storage: Callable[..., Server], durable: str
) -> None:
    server = start_storage("--durable", durable)
    acknowledged: dict[str, float] = {}
    begun = threading.Event()

    def run(number: int) -> None:
        client = server.create_client()
        try:
            for record_id, modified in write_until(client, f"c{number}", lambda: False):
                acknowledged[record_id] = modified
                if len(acknowledged) > 100:
                    begun.set()
        except (OSError, http.client.HTTPException):
            return
        finally:
            client.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    assert begun.wait(GIVE_UP)
    server.kill()
    for thread in threads:
        thread.join(GIVE_UP)
    again = start_storage()
    found = {
        record["id"]: record["modified"]
        for record in again.create_client().get("/storage/col?full=1")
    }
    assert {name: found.get(name) for name in acknowledged} == acknowledged
    assert again.create_client().put("/storage/col/after", payload="") > max(acknowledged.values())
