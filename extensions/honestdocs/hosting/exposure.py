"""What of Mercurial's web server is reachable.

Owns the list. Its pages of search, archives and long logs are an easy way to keep a server busy,
so that only the wire protocol and views of one changeset or file are. Must not forward anything.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

COMMANDS = frozenset(
    """
    _exttopics_heads batch between branchmap branchmaptns branches capabilities changegroup
    changegroupsubset clonebundles clonebundles_manifest evoext_obshashrange_v1 getbundle heads
    hello known listkeys lookup protocaps pushkey stream_out tns_heads unbundle
    """.split()
)
"""The wire protocol (``hg help internals.wireprotocol``), with what topics and evolve add."""
WRITING = frozenset({"pushkey", "unbundle"})
_VIEW = re.compile(
    r"/(?:rev/[0-9a-f]{12,40}"
    r"|(?:file|log|annotate|diff|raw-file)/(?:[0-9a-f]{12,40}|tip)/[^?]+"
    r"|static/[A-Za-z0-9._-]+)"
)
_MOST = 64
"""Parameters of a query; the protocol uses a handful."""


def command_of(query: str) -> str:
    """The command of the wire protocol that a query asks for; empty for none or two."""
    try:
        found = [value for name, value in parse_qsl(query, max_num_fields=_MOST) if name == "cmd"]
    except ValueError:
        return ""
    return found[0] if len(found) == 1 and found[0] in COMMANDS else ""


def is_exposed(method: str, path: str, query: str) -> bool:
    """Whether a request may reach Mercurial; ``path`` is what comes after the prefix."""
    if path in ("", "/"):
        return method in ("GET", "HEAD", "POST") and bool(command_of(query))
    inside = not {".", ".."}.intersection(path.split("/"))
    return method in ("GET", "HEAD") and not query and inside and bool(_VIEW.fullmatch(path))
