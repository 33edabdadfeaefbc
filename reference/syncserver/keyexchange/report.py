"""Reports of clients: what a client says went wrong, as one line of the server's log.

Owns the form and limit of that line.  Must not know channels: closing one is another matter.
"""

from __future__ import annotations

import json
import logging

MAX_LENGTH = 2000

_log = logging.getLogger("syncserver.keyexchange.report")


def log_report(header: str, body: bytes) -> None:
    """Log what a client reports, the header first; nothing when both are empty.

    Each is cut after `MAX_LENGTH` bytes, and the text is quoted, so that a client can neither
    fill the log nor forge a line of it.
    """
    parts = (header[:MAX_LENGTH], body[:MAX_LENGTH].decode(errors="replace"))
    text = " ".join(part.strip() for part in parts if part.strip())
    if text:
        _log.warning("report: %s", json.dumps(text))
