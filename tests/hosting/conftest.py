"""Fixtures of the hosting tests: a repository of each kind."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hosting.trees import OPENED, Tree, make_tree


@pytest.fixture(params=["hg", "git"])
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Tree:
    """An empty repository, of Mercurial and of git in turn."""
    if request.param == "git" and shutil.which("git") is None:
        pytest.skip("there is no git")
    return make_tree(tmp_path / "tree", request.param)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()
