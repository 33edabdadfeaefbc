"""Which call of ``honestdocs links`` may be answered by what an earlier one told.

Owns the choice, and where the report is kept. Works on names of files as texts: to load what makes
paths of them takes longer than all the rest. Must not know what was told.
"""

from __future__ import annotations

import argparse
import os
import time

# ruff: noqa: PTH118, PTH120 - as told above

_NAMES = ("honestdocs-links.json", "honestdocs-links.sqlite", "honestdocs-links.told.json")


def memory(arguments: argparse.Namespace) -> str:
    """The file that keeps the report on the links of a build."""
    return os.path.join(arguments.from_build or "", _NAMES[2])


def cause(arguments: argparse.Namespace, *, color: bool) -> str:
    """What the report depends on; empty where it is not to be told again."""
    from honestdocs.links.recall import cause_of

    others = (arguments.json, arguments.all, arguments.changed, arguments.config, arguments.shard)
    if not arguments.from_build or arguments.quiet or arguments.executor or any(others):
        return ""
    build = arguments.from_build.rstrip("/")
    cache = arguments.cache or os.path.join(os.path.dirname(build), _NAMES[1])
    day = time.strftime("%Y-%m-%d", time.gmtime())
    facts = (arguments.offline, arguments.verbose, color, day)
    return cause_of((os.path.join(build, _NAMES[0]), cache), *facts)
