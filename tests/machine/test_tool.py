"""A tool is that of our own environment, and only else one of the person's."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from honestdocs.machine.tool import find_tool


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def put(folder: Path, name: str, *, mode: int = 0o755) -> Path:
    file = folder / name
    file.write_text("#!/bin/sh\n")
    file.chmod(mode)
    return file


def test_the_tool_beside_the_interpreter_comes_before_one_on_the_path(path: Path) -> None:
    put(path, "hg")
    assert find_tool("hg") == str(Path(sys.executable).parent / "hg")


def test_another_is_looked_for_on_the_path(path: Path) -> None:
    file = put(path, "sought-nowhere-else")
    assert find_tool("sought-nowhere-else") == str(file)


def test_a_file_that_cannot_be_run_is_no_tool(path: Path) -> None:
    put(path, "sought-nowhere-else", mode=0o644)
    assert find_tool("sought-nowhere-else") == ""
