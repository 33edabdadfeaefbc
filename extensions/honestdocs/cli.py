"""The ``honestdocs`` command.

Owns the list of its subcommands and what every one of them does at its end. Must not hold what
one subcommand does: each is a module of ``commands``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

from honestdocs.commands import baseline, build, check, host, links, merge, serve
from honestdocs.commands.errors import UsageError
from honestdocs.commands.status import EPILOG, INTERRUPTED, USAGE

COMMANDS = (
    check,
    links,
    baseline,
    build,
    merge,
    serve,
    host,
)
"""In the order of the help."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not hasattr(options, "run"):
        parser.print_help()
        return USAGE
    try:
        return int(options.run(options))
    except UsageError as error:
        print(f"honestdocs: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("honestdocs: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="honestdocs",
        description="Documentation that cannot lie: HTTP examples, proven against the server.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('honestdocs')}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser
