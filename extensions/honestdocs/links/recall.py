"""What the last check told, told again while nothing can have changed.

Owns the file that keeps a report, and what it depends on: the noted links, the kept answers, the
settings of the call, and the day. It holds until the first of the answers has to be asked again.
Imports little: telling again takes hardly longer than starting. Must not know links.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress

_VERSION = 1
_TIME = " in 0.00 s ("
"""How the report tells the time it took, when that is not filled in yet."""


def cause_of(files: Sequence[str], *facts: object) -> str:
    """All that a report depends on, as one text; empty where a file is not there."""
    seen: list[object] = [_VERSION, os.getcwd(), *facts]  # noqa: PTH109 - pathlib takes long to load
    try:
        for name in files:
            found = os.stat(name)  # noqa: PTH116 - as above
            seen += [name, found.st_ino, found.st_size, found.st_mtime_ns]
    except OSError:
        return ""
    return repr(seen)


def recall(file: str, cause: str, now: float) -> tuple[str, int] | None:
    """The report and the exit status of a check with the same cause, None where there is none."""
    try:
        with open(file, encoding="utf-8") as stream:  # noqa: PTH123 - as above
            kept = json.load(stream)
        if cause and kept["cause"] == cause and kept["since"] <= now < kept["until"]:
            return str(kept["text"]), int(kept["status"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


def remember(file: str, cause: str, span: tuple[float, float], text: str, status: int) -> None:
    """Keeps a report for some span of time; where it cannot be kept, the next check is longer."""
    if not cause:
        return
    kept = {"cause": cause, "since": span[0], "until": span[1], "text": text, "status": status}
    with suppress(OSError):
        with open(f"{file}.new", "w", encoding="utf-8") as stream:  # noqa: PTH123 - as above
            json.dump(kept, stream)
        os.replace(f"{file}.new", file)  # noqa: PTH105 - as above


def timed(text: str, seconds: float) -> str:
    """A kept report with the time that telling it again took."""
    before, _, after = text.rpartition(_TIME)
    return f"{before} in {seconds:.2f} s ({after}"
