"""What a command cost: CPU seconds of it and its children, and wall seconds.

Owns the measuring of whole processes. Must not know what they do.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds of CPU (user and system, children included) and of wall time, and the output."""

    cpu: float
    wall: float
    status: int
    output: str


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    allowed: frozenset[int] = frozenset((0,)),
) -> Cost:
    """Runs a command to its end; ends the bench with its output where it fails otherwise."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, raw, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(raw)
    wall = time.perf_counter() - begun
    if process.returncode not in allowed:
        raise SystemExit(f"{command[0]} ended with {process.returncode}:\n{output[-3000:]}")
    return Cost(
        cpu=usage.ru_utime + usage.ru_stime,
        wall=wall,
        status=process.returncode,
        output=output,
    )
