"""Running the tools of version control: kept from a person's settings, and bounded.

Owns how a tool is run, and its errors. Must not know what it is asked.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from honestdocs.hosting.errors import RepositoryError
from honestdocs.machine.tool import find_tool

MINUTES = 10 * 60
"""Seconds that a single question may take."""


def need_tool(name: str) -> str:
    """The absolute path of a tool. Raises RepositoryError where it is not installed."""
    found = find_tool(name)
    if not found:
        raise RepositoryError(
            f"{name} is neither beside {sys.executable} nor on the PATH: install it"
        )
    return found


def run(
    words: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    given: bytes = b"",
    fine: Sequence[int] = (0,),
) -> subprocess.CompletedProcess[bytes]:
    """The tool's answer. Raises RepositoryError with its words for any other exit status."""
    try:
        done = subprocess.run(  # noqa: S603 - an absolute path, and no shell
            list(words),
            cwd=folder,
            env=dict(environment),
            input=given,
            capture_output=True,
            timeout=MINUTES,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RepositoryError(f"{folder}: {Path(words[0]).name} did not answer: {error}") from error
    if done.returncode not in fine:
        raise RepositoryError(f"{folder}: {complaint(done.stderr, done.stdout)}")
    return done


def stream(
    words: Sequence[str], *, folder: Path, environment: Mapping[str, str], end: bytes = b"\n"
) -> Iterator[str]:
    """The tool's answer in parts that end with ``end``, as they come.

    Raises RepositoryError once all is read where the tool ended with an error.
    """
    with subprocess.Popen(  # noqa: S603 - an absolute path, and no shell
        list(words),
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None  # noqa: S101 - asked for above
        rest = b""
        while block := process.stdout.read(1 << 18):
            *parts, rest = (rest + block).split(end)
            yield from (decoded(part) for part in parts)
        if rest:
            yield decoded(rest)
        said = process.stderr.read() if process.stderr else b""
    if process.returncode:
        raise RepositoryError(f"{folder}: {complaint(said)}")


def decoded(text: bytes) -> str:
    """A tool's text; bytes that are no UTF-8 are replaced."""
    return text.decode("utf-8", "replace")


def complaint(*said: bytes) -> str:
    """What a tool said last, in one line."""
    for text in said:
        lines = [line.strip() for line in decoded(text).splitlines() if line.strip()]
        if lines:
            return "; ".join(lines[-3:])
    return "failed without a word"
