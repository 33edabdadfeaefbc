"""The ``honestdocs`` command.

Owns the list of its subcommands and what every one of them does at its end. Must not hold what
one subcommand does: each is a module of ``commands``.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from honestdocs.commands.errors import UsageError
from honestdocs.commands.options import Layout
from honestdocs.commands.status import EPILOG, INTERRUPTED, USAGE

COMMANDS = (
    "check",
    "links",
    "baseline",
    "accept",
    "blame",
    "bisect",
    "build",
    "merge",
    "serve",
    "live",
    "host",
)
"""In the order of the help: the names of the subcommands and of their modules."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit status."""
    _escape_what_streams_cannot_carry()
    words = sys.argv[1:] if arguments is None else list(arguments)
    parser = _parser(words[:1])
    options = _parsed(parser, words)
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


def _escape_what_streams_cannot_carry() -> None:
    """Lets no character end the command: pages and services may say what a terminal cannot."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _parsed(parser: argparse.ArgumentParser, words: Sequence[str]) -> argparse.Namespace:
    """The options; names of ``what`` may also stand behind options, where argparse stops."""
    options, rest = parser.parse_known_args(words)
    if rest and (not hasattr(options, "what") or any(word.startswith("-") for word in rest)):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if rest:
        options.what = [*options.what, *rest]
    return options


class _Version(argparse.Action):
    """Tells the installed release; finding it out takes longer than most of the rest."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415 - as told above

        print(f"{parser.prog} {version('honestdocs')}")
        parser.exit()


def _parser(first: list[str]) -> argparse.ArgumentParser:
    """The parser of a command whose first word is known: others need not be loaded."""
    parser = argparse.ArgumentParser(
        prog="honestdocs",
        description="Documentation that cannot lie: HTTP examples, proven against the server.",
        epilog=EPILOG,
        formatter_class=Layout,
    )
    parser.add_argument(
        "--version", action=_Version, nargs=0, help="show program's version number and exit"
    )
    # Without its name argparse would lay out a usage to find it, and load much for that.
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", prog=parser.prog)
    for name in [name for name in COMMANDS if [name] == first] or COMMANDS:
        import_module(f"honestdocs.commands.{name}").add(commands)
    return parser
