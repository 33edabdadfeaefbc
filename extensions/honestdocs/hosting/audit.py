"""The log of pushes: who, when, what, and what the gate said.

Owns its lines. Must not decide anything.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from honestdocs.hosting.incoming import Push


def note(  # noqa: PLR0913 - the facts of one line
    path: Path, push: Push, *, at: float, verdict: str, seconds: float, lines: Sequence[str]
) -> None:
    """Adds a line; ``at`` in seconds since the epoch."""
    said = {
        "at": datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds"),
        "user": push.user,
        "editor": push.editor,
        "source": push.source,
        "changesets": len(push.arrivals),
        "heads": [head.node for head in push.heads],
        "verdict": verdict,
        "seconds": round(seconds, 3),
        "said": list(lines),
    }
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        os.write(handle, json.dumps(said, ensure_ascii=False).encode() + b"\n")
    finally:
        os.close(handle)
