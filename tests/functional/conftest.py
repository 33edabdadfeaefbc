"""Fixtures of the functional tests: a service on a thread, and a folder with a tree."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servers.items import ItemServer, serving_items


@pytest.fixture(scope="module")
def module_service() -> Iterator[ItemServer]:
    """One service for a module."""
    with serving_items() as server:
        yield server


@pytest.fixture
def service(module_service: ItemServer) -> ItemServer:
    """The module's service as it was when it began."""
    module_service.items.reset()
    return module_service
