"""Mercurial's settings on the host: for its own processes, and for whoever pushes over files.

Owns their text. Must not know where the files are put.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from pathlib import Path

from honestdocs.hosting.home import Home

_GLUE = Path(__file__).parent / "glue" / "gate.py"
BEGIN = "# honestdocs: begin; written by `honestdocs host init`, removed by `--undo`\n"
END = "# honestdocs: end\n"
IDLE_SECONDS = 900


def render_server(home: Home, extensions: Iterable[str]) -> str:
    """The host's HGRCPATH: what every process that serves the repository runs with."""
    named = "".join(f"{name} =\n" for name in extensions)
    publishing = "no" if named else "yes"
    return f"""\
# Written by `honestdocs host init`; host.toml, beside this file, is what people edit.
[extensions]
{named}
[phases]
publish = {publishing}

[experimental]
topic.publish-bare-branch = yes
evolution = all

[server]
validate = yes

[push]
pushvars.server = yes

[web]
allow-push = *
allow-archive =
push_ssl = no

{render_hooks(home)}"""


def render_hooks(home: Home) -> str:
    """The hooks, and what they need to know."""
    command = (sys.executable, "-m", "honestdocs", "host", "builder", str(home.root))
    idle = ("--idle", str(IDLE_SECONDS))
    return f"""\
[hooks]
pretxnclose.honestdocs = python:{_GLUE}:check
txnclose.honestdocs = python:{_GLUE}:publish

[honestdocs]
home = {home.folder}
start = {shlex.join((*command, *idle))}
"""


def render_repository(home: Home) -> str:
    """The part of ``.hg/hgrc`` that guards pushes over the file system."""
    return f"{BEGIN}{render_hooks(home)}{END}"


def without_ours(text: str) -> str:
    """An ``hgrc`` without our part."""
    before, begin, rest = text.partition(BEGIN)
    return before + rest.partition(END)[2] if begin else text
