"""Values that options of more than one subcommand take, and where reports go.

Owns how such a value is read, told wrong, and how a report is written to a file. Must not know
which subcommand asked.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from honestdocs.commands.errors import UsageError

if TYPE_CHECKING:
    from honestdocs.contract.shard import Shard
    from honestdocs.verification.executor import Choice

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - it has no public name
"""Where a subcommand adds itself."""


class Layout(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal, which argparse asks for by what takes long to load: it lays
    out something for each option, also where nobody wants help.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


def _columns() -> int:
    """The columns of the terminal: as ``COLUMNS`` says, or it itself; else 80."""
    told = os.environ.get("COLUMNS", "")
    if told.isdigit() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or 80  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return 80


def jobs(text: str) -> int:
    """A number of processes above 0; ``auto`` is one for each core.

    Raises argparse's error for anything else.
    """
    if text == "auto":
        return os.cpu_count() or 1
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes above 0")
    return int(text)


def port(text: str) -> int:
    """A port from 0, which takes a free one, to 65535. Raises argparse's error."""
    if not text.isdigit() or int(text) > 65535:  # noqa: PLR2004 - 16 bits
        raise argparse.ArgumentTypeError(f"{text!r} is no port: give a number from 0 to 65535")
    return int(text)


def age(text: str) -> float:
    """An age in seconds, as in ``12h`` or ``7d``. Raises argparse's error for anything else."""
    from honestdocs.contract.age import AgeError, parse_age

    try:
        return parse_age(text)
    except AgeError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def executor(text: str) -> Choice:
    """Who does the work, as in ``threads:4``. Raises argparse's error for anything else."""
    from honestdocs.verification.errors import ExecutorError
    from honestdocs.verification.executor import parse_executor

    try:
        return parse_executor(text)
    except ExecutorError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def shard(text: str) -> Shard:
    """A part of a tree, as in ``3/8``. Raises argparse's error for anything else."""
    from honestdocs.contract.shard import ShardError, parse_shard

    try:
        return parse_shard(text)
    except ShardError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def add_executor(group: argparse._ArgumentGroup) -> None:
    """Adds ``--executor``."""
    group.add_argument(
        "--executor",
        type=executor,
        default=None,
        metavar="WHERE",
        help="who sends requests: inline (default), threads:N, processes:N, "
        "or the workers of a Dask cluster, as tcp://SCHEDULER:8786",
    )


def write(name: str, text: str) -> None:
    """Writes a report to a file, or to standard output for ``-``, in UTF-8.

    Raises UsageError when the file cannot be written.
    """
    if name == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        return
    path = Path(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(f"{name}: cannot be written: {error.strerror or error}") from error
