"""Fixtures of the Sphinx tests: a service on a thread, and an empty project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from servers.items import ItemServer, serving_items
from sphinxext.project import Project


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


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project without pages."""
    return Project(folder=tmp_path)
