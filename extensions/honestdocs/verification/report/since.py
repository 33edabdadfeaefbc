"""Since when an example fails, in words.

Owns the words of a blame. Must not know where it came from.
"""

from __future__ import annotations

import time

from honestdocs.contract.blame import Blame, Sighting


def since(found: Blame) -> str:
    """When it began to fail, when it had passed before that, and what had changed, in a line."""
    if found.before is None:
        return f"failing since {seen(found.first)}; never seen to pass"
    return (
        f"failing since {seen(found.first)}; passed last {seen(found.before)}; "
        f"changed in between: {found.culprit}"
    )


def seen(one: Sighting) -> str:
    """When an example was seen, on which changeset and with which version of its service."""
    moment = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(one.checked_at))
    changeset = f", changeset {one.changeset}" if one.changeset else ""
    version = f", service version {one.version}" if one.version else ""
    return moment + changeset + version
