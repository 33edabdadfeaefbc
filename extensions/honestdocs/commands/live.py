"""``honestdocs live``: edit pages and see them, proven again, as they are saved.

Owns its options, and the joining of sphinx-autobuild with servers that are ready before they are
needed. Must not hold rules of the product: those are in the packages that it joins.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from honestdocs.commands import options as values
from honestdocs.commands.errors import UsageError
from honestdocs.commands.options import Commands

_TEXT = """\
Serve the documentation of the current folder, and build and prove each page again as it is
saved; open pages load themselves anew. How long each step took is told after every build.
Services that a command starts are kept ready, a new one for every proof.
"""


def add(commands: Commands) -> None:
    """Adds the subcommand."""
    parser = commands.add_parser(
        "live",
        help="serve the documentation while it is edited",
        description=_TEXT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--output", default="build/live", metavar="DIR", help="default: build/live")
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="default: 127.0.0.1")
    parser.add_argument("--port", type=values.port, default=8000, metavar="N", help="default: 8000")
    parser.add_argument("-j", "--jobs", type=values.jobs, default=2, metavar="N", help="default: 2")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from importlib.util import find_spec

    from honestdocs.sphinxext import garbage, timing
    from honestdocs.sphinxext.tree import find_own
    from honestdocs.verification.interruption import unwinding
    from honestdocs.verification.spare import VARIABLE, spares

    if find_spec("sphinx_autobuild") is None:
        raise UsageError("sphinx-autobuild is not installed: install honestdocs[site]")
    tree = find_own(Path())
    if tree is None:
        raise UsageError("no conf.py here; run this where the documentation's conf.py is")
    words = [sys.executable, "-m", "sphinx_autobuild", "-c", str(tree.confdir), str(tree.srcdir)]
    words += [arguments.output, "-j", str(arguments.jobs), "--host", arguments.host]
    words += ["--port", str(arguments.port), "--watch", f"{tree.confdir}/conf.py"]
    with unwinding(), tempfile.TemporaryDirectory(prefix="honestdocs-") as folder:
        environment = {**os.environ, VARIABLE: folder, garbage.VARIABLE: "1", timing.VARIABLE: "1"}
        with spares(Path(folder), _say), subprocess.Popen(words, env=environment) as builder:  # noqa: S603 - our own words
            try:
                return builder.wait()
            finally:
                builder.terminate()


def _say(line: str) -> None:
    print(f"honestdocs: {line}", file=sys.stderr)
