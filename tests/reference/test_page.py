"""The client that the page of the key exchange gives to its readers."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "source/services/keyexchange.rst"


def load_client() -> Any:
    block = re.search(
        r"^\.\. code-block:: python\n\n((?: {3}.*\n|\n)+)", PAGE.read_text("utf-8"), re.MULTILINE
    )
    assert block
    names: dict[str, Any] = {}
    exec(compile(textwrap.dedent(block[1]), str(PAGE), "exec"), names)  # noqa: S102 - that is the point
    return names["Channel"]


def test_the_client_on_the_page_carries_an_exchange_through(server: Any) -> None:
    channel_class = load_client()
    base = f"{server.url}/keyexchange"
    mobile = channel_class(base)
    desktop = channel_class(base, mobile.name)
    for turn in (1, 2, 3):
        for sender, receiver, role in ((mobile, desktop, "receiver"), (desktop, mobile, "sender")):
            message = {"type": f"{role}{turn}", "version": 3, "payload": {}}
            sender.send(message)
            assert receiver.receive() == message
    assert mobile.call("GET", mobile.name)[0] == 404


def test_the_client_on_the_page_may_repeat_what_it_sent(server: Any) -> None:
    channel_class = load_client()
    mobile = channel_class(f"{server.url}/keyexchange")
    desktop = channel_class(f"{server.url}/keyexchange", mobile.name)
    before = mobile.tag
    mobile.send([1])
    assert desktop.receive() == [1]
    desktop.send([2])
    mobile.tag = before
    mobile.send([1])
    assert mobile.receive() == [2]
