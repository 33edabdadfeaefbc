"""The collector is tuned for the length of a block, or where a build is asked to."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from honestdocs.sphinxext.garbage import VARIABLE, rarely_collected

TUNED = "20000"
ASKED = "from honestdocs.sphinxext.garbage import *; tune_if_asked(); print(gc.get_threshold()[0])"


def test_collections_are_rare_within_a_block_and_as_before_after_it() -> None:
    before = gc.get_threshold()
    with rarely_collected():
        assert gc.get_threshold()[0] == int(TUNED)
    assert gc.get_threshold() == before


@pytest.mark.parametrize(("environment", "tuned"), [({VARIABLE: "1"}, True), ({}, False)])
def test_they_are_rare_in_a_process_that_is_asked_to(
    environment: dict[str, str],
    tuned: bool,  # noqa: FBT001 - a case of the table above
) -> None:
    code = f"import gc, sys; sys.path[:0] = {sys.path!r}; {ASKED}"
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert (ran.stdout.strip() == TUNED) is tuned
