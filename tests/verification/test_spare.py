"""Servers that are ready before a build needs them, over real processes."""

from __future__ import annotations

import os
import sys
import urllib.request
from pathlib import Path

import pytest

from honestdocs.verification.server import ServerCommand
from honestdocs.verification.spare import claim, release, spares
from portal.living import until

ITEMS = Path(__file__).parents[1] / "servers" / "items.py"


def command(*more: str) -> ServerCommand:
    words = (sys.executable, str(ITEMS), "{port}", *more)
    return ServerCommand(command=words, env=dict(os.environ), ready_path="/__heartbeat__")


def ready(folder: Path) -> bool:
    return bool(list(folder.glob("*.ready")))


def alive(origin: str) -> bool:
    try:
        with urllib.request.urlopen(f"{origin}/__heartbeat__", timeout=5) as answer:  # noqa: S310 - our own server
            return bool(answer.status == 200)
    except OSError:
        return False


def test_what_was_wanted_once_is_ready_the_next_time(tmp_path: Path) -> None:
    with spares(tmp_path, pytest.fail):
        assert claim(tmp_path, command()) is None
        until(lambda: ready(tmp_path), "a spare")
        spare = claim(tmp_path, command())
        assert spare is not None
        assert alive(spare.origin)
        assert claim(tmp_path, command()) is None
        release(spare)
        again = claim(tmp_path, command())
        assert again is not None
        assert again.origin == spare.origin
        release(again)
    assert not alive(spare.origin)


def test_a_used_server_is_never_offered_again(tmp_path: Path) -> None:
    with spares(tmp_path, pytest.fail):
        claim(tmp_path, command())
        until(lambda: ready(tmp_path), "a spare")
        spare = claim(tmp_path, command())
        assert spare is not None
        spare.used = True
        release(spare)
        until(lambda: ready(tmp_path), "another")
        other = claim(tmp_path, command())
        assert other is not None
        assert other.origin != spare.origin
        assert not alive(spare.origin)


def test_another_command_gets_another_server(tmp_path: Path) -> None:
    with spares(tmp_path, pytest.fail):
        claim(tmp_path, command())
        until(lambda: ready(tmp_path), "a spare")
        assert claim(tmp_path, command(str(tmp_path / "pid"))) is None


def test_a_command_that_cannot_be_run_is_told_once(tmp_path: Path) -> None:
    said: list[str] = []
    broken = ServerCommand(command=("no-such-command",), ready_timeout=1.0)
    with spares(tmp_path, said.append):
        claim(tmp_path, broken)
        until(lambda: said, "what is wrong")
        claim(tmp_path, broken)
    assert len(said) == 1
    assert "no-such-command" in said[0]


def test_without_anybody_to_keep_them_there_is_none(tmp_path: Path) -> None:
    assert claim(tmp_path / "gone", command()) is None
