"""A server that misbehaves, and a transport that soon gives up on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from honestdocs.verification.transport import CurlTransport
from servers.exchange import DIRECT, LIMITS
from servers.misbehaving import MisbehavingServer, misbehaving


@pytest.fixture(name="server", scope="module")
def _server() -> Iterator[MisbehavingServer]:
    with misbehaving() as server:
        yield server


@pytest.fixture(name="transport")
def _transport() -> Iterator[CurlTransport]:
    with CurlTransport(LIMITS, environment=DIRECT) as transport:
        yield transport
