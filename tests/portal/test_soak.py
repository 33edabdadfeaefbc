"""A short soak: the long one is ``make soak``."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.soak import run


@pytest.mark.slow
def test_every_open_page_ends_in_the_right_state(tmp_path: Path) -> None:
    soaked = run(tmp_path, pages=30, seconds=17.0, idle=1.0)
    assert soaked.flaps >= 3
    assert soaked.right == 30
    assert sum(reader.broken for reader in soaked.readers) == 0
